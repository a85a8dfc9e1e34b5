package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// documents gives the ones in the folder PONTAGE_APIS names, or the repository's own small ones.
func documents(t *testing.T) (list []catalog.Document) {
	t.Helper()
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		folder = "../catalog/testdata"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s: %v", folder, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, catalog.Document{Name: filepath.Base(f), Data: data})
	}
	return list
}

// A partner tries every operation before paying for one: each must answer, with the prefix in the host and without.
func TestEveryOperationAnswers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := catalog.New(catalog.Config{Store: store, Clock: storagetest.Clock, HostPrefix: "test."})
		report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: documents(t)})
		if err != nil || report.Rejected() != 0 {
			t.Fatalf("%v\n%s", err, report)
		}
		all, err := store.Catalog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		hosts := map[pontage.APIID]string{}
		for _, a := range all.APIs {
			hosts[a.ID] = a.Host
		}
		err = store.Write(t.Context(), func(tx pontage.Tx) error {
			return tx.InsertAccount(t.Context(), pontage.Account{ID: "acc_1", Email: "a@example.com", CreatedAt: storagetest.Start})
		})
		if err != nil {
			t.Fatal(err)
		}
		u := sandbox.NewUpstream(sandbox.UpstreamConfig{Answers: store, Echoes: store, Routes: s, Clock: storagetest.Clock})
		for _, o := range all.Operations {
			for _, host := range []string{hosts[o.APIID], strings.TrimPrefix(hosts[o.APIID], "test.")} {
				call(t, s, u, o, host)
				err := store.Write(t.Context(), func(tx pontage.Tx) error { // what was deleted would be gone for the others
					_, err := tx.DeleteEchoes(t.Context(), "acc_1")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Logf("%d operations answered", len(all.Operations))
	})
}

// call makes one call as the gateway would.
func call(t *testing.T, s *catalog.Service, u *sandbox.Upstream, o pontage.Operation, host string) {
	t.Helper()
	path := strings.NewReplacer("{", "", "}", "").Replace(o.Path)
	match, err := s.Match(o.Method, host, path)
	if err != nil {
		t.Errorf("%s %s%s: %v", o.Method, host, path, err)
		return
	}
	r := httptest.NewRequestWithContext(t.Context(), o.Method, "http://"+host+match.Path, strings.NewReader(`{"any": "body"}`))
	resp, err := u.RoundTrip(&pontage.Attempt{Match: match, Admission: pontage.Admission{AccountID: "acc_1"}}, r)
	if err != nil {
		t.Errorf("%s %s%s: %v", o.Method, host, path, err)
		return
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode < 200 || resp.StatusCode > 299 || int64(len(body)) != resp.ContentLength {
		t.Errorf("%s %s%s: %d, %d bytes of %d, %v", o.Method, host, path, resp.StatusCode, len(body), resp.ContentLength, err)
	}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") && !json.Valid(body) {
		t.Errorf("%s %s%s: not JSON: %s", o.Method, host, path, body)
	}
	if len(body) > 0 && resp.Header.Get("Content-Type") == "" {
		t.Errorf("%s %s%s: a body without type", o.Method, host, path)
	}
}

// source counts how often it is asked.
type source struct {
	mu      sync.Mutex
	asked   int
	answers []pontage.Answer
	err     error
}

func (s *source) Answers(context.Context, pontage.OperationID) ([]pontage.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.answers, s.err
}

// documentsOnly is an upstream that finds no operations, and so keeps nothing.
func documentsOnly(s *source) *sandbox.Upstream {
	return sandbox.NewUpstream(sandbox.UpstreamConfig{Answers: s, Routes: catalog.New(catalog.Config{Clock: storagetest.Clock}), Clock: storagetest.Clock})
}

func match(digest string) *pontage.Attempt {
	return &pontage.Attempt{Match: &pontage.Match{
		API: &pontage.API{Digest: digest}, Operation: &pontage.Operation{ID: "opr_1", Path: "/"}, Scope: &pontage.Scope{}, Path: "/"}}
}

func roundTrip(t *testing.T, u *sandbox.Upstream, method, digest string) (*http.Response, string) {
	t.Helper()
	resp, err := u.RoundTrip(match(digest), httptest.NewRequestWithContext(t.Context(), method, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// The answer is the success the document puts first, and HEAD is that without its body.
func TestTheLowestSuccessAnswers(t *testing.T) {
	s := &source{answers: []pontage.Answer{{Status: 101}, {Status: 201, ContentType: "application/json", Body: []byte("{}")}, {Status: 202}, {Status: 404}}}
	u := documentsOnly(s)
	for method, want := range map[string]string{"POST": "{}", "HEAD": ""} {
		resp, body := roundTrip(t, u, method, "d")
		if resp.StatusCode != 201 || resp.Status != "201 Created" || resp.Header.Get("Content-Type") != "application/json" ||
			resp.Header.Get("Content-Length") != "2" || body != want {
			t.Errorf("%s: %+v %q", method, resp, body)
		}
	}
	s.answers = []pontage.Answer{{Status: 204, ContentType: "text/plain", Body: []byte("no body here")}}
	resp, body := roundTrip(t, u, "GET", "e")
	if resp.StatusCode != 204 || body != "" || resp.ContentLength != 0 || resp.Header.Get("Content-Length") != "" {
		t.Errorf("204 with a body: %+v %q", resp, body)
	}
}

// The database is asked once per operation and import, whatever the traffic.
func TestAnswersAreReadOncePerImport(t *testing.T) {
	s := &source{answers: []pontage.Answer{{Status: 200, ContentType: "text/plain", Body: []byte("one")}}}
	u := documentsOnly(s)
	roundTrip(t, u, "GET", "first")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, body := roundTrip(t, u, "GET", "first"); body != "one" {
				t.Errorf("body %q", body)
			}
		})
	}
	group.Wait()
	if s.asked != 1 {
		t.Errorf("asked %d times", s.asked)
	}
	s.answers = []pontage.Answer{{Status: 200, ContentType: "text/plain", Body: []byte("two")}}
	if _, body := roundTrip(t, u, "GET", "second"); body != "two" || s.asked != 2 {
		t.Errorf("after an import: %q, asked %d times", body, s.asked)
	}
}

// A fault is said and not remembered.
func TestFaultsAreNotRemembered(t *testing.T) {
	gone := errors.New("gone")
	s := &source{err: gone}
	u := documentsOnly(s)
	request := func() *http.Request { return httptest.NewRequestWithContext(t.Context(), "GET", "/", nil) }
	if _, err := u.RoundTrip(match("d"), request()); !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
	s.err = nil
	if _, err := u.RoundTrip(match("d"), request()); pontage.CodeOf(err) != pontage.BadGateway {
		t.Errorf("no answer at all: %v", err)
	}
	s.answers = []pontage.Answer{{Status: 200}}
	if resp, _ := roundTrip(t, u, "GET", "d"); resp.StatusCode != 200 {
		t.Errorf("status %d", resp.StatusCode)
	}
	torn := httptest.NewRequestWithContext(t.Context(), "POST", "/", io.MultiReader(strings.NewReader("a"), tornReader{}))
	if _, err := u.RoundTrip(match("d"), torn); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a torn body: %v", err)
	}
}

type tornReader struct{}

func (tornReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
