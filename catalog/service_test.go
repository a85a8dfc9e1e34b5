package catalog_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// memory is a catalogue without a database, for tests about time; the real stores have their own.
type memory struct {
	pontage.Reader
	version atomic.Int64
	broken  atomic.Bool
}

var errBroken = errors.New("broken")

func (m *memory) CatalogVersion(context.Context) (int64, error) {
	if m.broken.Load() {
		return 0, errBroken
	}
	return m.version.Load(), nil
}

func (m *memory) Catalog(context.Context) (*pontage.Catalog, error) {
	return &pontage.Catalog{
		Version:    m.version.Load(),
		APIs:       []pontage.API{{ID: "api_1", Host: "a.example", Enabled: true}, {ID: "api_2", Host: "gone.example"}},
		Scopes:     []pontage.Scope{{ID: "sco_1", APIID: "api_1", Name: "GET:a.example/x"}, {ID: "sco_2", APIID: "api_none"}},
		Operations: []pontage.Operation{{APIID: "api_1", ScopeID: "sco_none", Method: "GET", Path: "/x", Enabled: true}},
	}, nil
}

func (m *memory) AccountAccess(context.Context, pontage.AccountID) (*pontage.AccountAccess, error) {
	return nil, errBroken
}

func (m *memory) Read(_ context.Context, do func(pontage.Reader) error) error { return do(m) }

func (m *memory) Write(context.Context, func(pontage.Tx) error) error { return errBroken }

// A change another instance made is seen within a second, and a database that is away does not empty the catalogue.
func TestRunFollowsTheVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		s := catalog.New(catalog.Config{Store: m, Clock: time.Now})
		if s.Version() != -1 || s.HasHost("a.example") {
			t.Error("the catalogue is not empty before the first Refresh")
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		for _, step := range []struct {
			version int64
			broken  bool
			want    int64
		}{{0, false, 0}, {1, false, 1}, {2, true, 1}, {2, false, 2}} {
			m.version.Store(step.version)
			m.broken.Store(step.broken)
			time.Sleep(time.Second)
			synctest.Wait()
			if s.Version() != step.want || !s.HasHost("a.example") || s.HasHost("gone.example") {
				t.Errorf("version %d, want %d", s.Version(), step.want)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A failing database is an error, not an account without rights; rows that point nowhere are left out.
func TestFaultsOfTheDatabaseAreErrors(t *testing.T) {
	m := &memory{}
	s := catalog.New(catalog.Config{Store: m, Clock: time.Now})
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Match("GET", "a.example", "/x"); pontage.CodeOf(err) != pontage.OperationNotFound {
		t.Errorf("an operation without scope answers: %v", err)
	}
	_, access := s.Access(t.Context(), "acc_1")
	_, list := s.Scopes(t.Context(), "acc_1")
	_, expand := s.Expand(t.Context(), "acc_1", []string{"*:*/*"}, true)
	_, _, one := s.Scope(t.Context(), "acc_1", "sco_1")
	_, imported := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: own(t), Complete: true})
	for name, err := range map[string]error{"Access": access, "Scopes": list, "Expand": expand, "Scope": one, "Import": imported} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
