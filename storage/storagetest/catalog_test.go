package storagetest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// catalog is one API with everything set and one with nothing.
func catalog() pontage.Catalog {
	price, zero := pontage.Money(12_345_678), pontage.Money(0)
	ten, none := int64(10), int64(0)
	return pontage.Catalog{
		APIs: []pontage.API{
			{
				ID: "api_1", Host: "company.example.com", Title: "Company", Version: "1", Description: "d", Digest: "x", Upstream: "https://up",
				CredentialKeyID: "k", Credential: []byte{0, 0xff}, Enabled: true, Platform: true, MaxBody: 1 << 40,
				HeaderTimeout: 1500*time.Millisecond + 1, FreeStatuses: []int{404, 422}, CreatedAt: oddUTC, UpdatedAt: oddUTC,
			},
			{ID: "api_2", Host: "empty.example.com", FreeStatuses: []int{}},
		},
		Scopes: []pontage.Scope{
			{
				ID: "sco_1", APIID: "api_1", Name: "GET:company.example.com/IT-start", Method: "GET", Host: "company.example.com",
				Segment: "IT-start", Enabled: true, Restricted: true, Price: &price, Offers: map[string]pontage.Money{"monthly": 1, "annual": 2_500_000},
				Subscriptions: []pontage.SubscriptionOffer{{Term: pontage.Annual, Requests: 12_000, Price: 2_500_001}},
				Allowance:     pontage.Allowance{Day: &ten, Total: &none}, RatePerMinute: 60, Requirements: []string{"kyc"},
			},
			{ID: "sco_2", APIID: "api_1", Name: "GET:company.example.com/root", Price: &zero},
			{ID: "sco_3", APIID: "api_2", Name: "GET:empty.example.com/root"},
		},
		Operations: []pontage.Operation{
			{ID: "opr_1", APIID: "api_1", ScopeID: "sco_1", Method: "GET", Path: "/IT-start/{vatCode}", Enabled: true},
			{ID: "opr_2", APIID: "api_1", ScopeID: "sco_2", Method: "GET", Path: "/"},
		},
	}
}

func seedCatalog(t *testing.T, store *storage.Store) pontage.Catalog {
	t.Helper()
	all := catalog()
	write(t, store, func(tx pontage.Tx) error { return putCatalog(t, tx, all) })
	return all
}

func putCatalog(t *testing.T, tx pontage.Tx, all pontage.Catalog) error {
	for _, api := range all.APIs {
		if err := tx.PutAPI(t.Context(), api); err != nil {
			return err
		}
	}
	return first(tx.PutScopes(t.Context(), all.Scopes), tx.PutOperations(t.Context(), all.Operations))
}

// What an import wrote is what every instance prices by.
func TestTheCatalogueComesBackWhole(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		same(t, &pontage.Catalog{Scopes: []pontage.Scope{}, Operations: []pontage.Operation{}})(store.Catalog(ctx))
		want := seedCatalog(t, store)
		same(t, &want)(store.Catalog(ctx))
		if err := store.Read(ctx, func(r pontage.Reader) error { same(t, &want)(r.Catalog(ctx)); return nil }); err != nil {
			t.Fatal(err)
		}
		same(t, &want.APIs[1])(store.APIByHost(ctx, "empty.example.com"))
	})
}

// A second import updates in place: ids and time of creation stay.
func TestPuttingAgainUpdatesInPlace(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		want := seedCatalog(t, store)
		want.APIs[0].Title, want.APIs[0].Enabled, want.APIs[0].FreeStatuses, want.APIs[0].UpdatedAt = "New", false, nil, start
		want.Scopes[0].Price, want.Scopes[0].Offers, want.Scopes[0].Requirements = nil, nil, nil
		want.Scopes[0].Allowance, want.Scopes[0].Enabled = pontage.Allowance{}, false
		want.Operations[0].Enabled, want.Operations[0].ScopeID = false, "sco_2"
		again := want
		again.APIs = append([]pontage.API(nil), want.APIs...)
		again.APIs[0].CreatedAt = start
		write(t, store, func(tx pontage.Tx) error { return first(putCatalog(t, tx, again), tx.BumpCatalogVersion(ctx)) })
		want.Version = 1
		same(t, &want)(store.Catalog(ctx))
		same(t, int64(1))(store.CatalogVersion(ctx))
	})
}

// Two APIs with one host, or two scopes with one name, would make a price ambiguous.
func TestHostsNamesAndPathsAreUnique(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		all := seedCatalog(t, store)
		api, scope, operation := all.APIs[0], all.Scopes[0], all.Operations[0]
		api.ID, scope.ID, operation.ID = "api_9", "sco_9", "opr_9"
		for what, do := range map[string]func(pontage.Tx) error{
			"host": func(tx pontage.Tx) error { return tx.PutAPI(ctx, api) },
			"name": func(tx pontage.Tx) error { return tx.PutScopes(ctx, []pontage.Scope{scope}) },
			"path": func(tx pontage.Tx) error { return tx.PutOperations(ctx, []pontage.Operation{operation}) },
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("%s: %v", what, err)
			}
		}
		same(t, &all)(store.Catalog(ctx))
	})
}

// The sandbox answers from these: those of one API are replaced, those of the others stay.
func TestAnswersAreReplacedPerAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedCatalog(t, store)
		write(t, store, func(tx pontage.Tx) error {
			return tx.PutOperations(ctx, []pontage.Operation{{ID: "opr_3", APIID: "api_2", ScopeID: "sco_3", Method: "GET", Path: "/"}})
		})
		body := make([]byte, 1<<20)
		old := []pontage.Answer{{OperationID: "opr_1", Status: 500, ContentType: "text/plain", Body: []byte("x")}}
		other := []pontage.Answer{{OperationID: "opr_3", Status: 200, ContentType: "a", Body: []byte("?' \\ \x00")}}
		want := []pontage.Answer{
			{OperationID: "opr_1", Status: 200, ContentType: "application/json", Body: body, Generated: true},
			{OperationID: "opr_1", Status: 200, ContentType: "text/csv", Body: []byte{}},
			{OperationID: "opr_1", Status: 404, Body: nil},
		}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.ReplaceAnswers(ctx, "api_1", old), tx.ReplaceAnswers(ctx, "api_2", other))
		})
		write(t, store, func(tx pontage.Tx) error {
			return tx.ReplaceAnswers(ctx, "api_1", []pontage.Answer{want[2], want[0], want[1]})
		})
		same(t, want)(store.Answers(ctx, "opr_1"))
		same(t, other)(store.Answers(ctx, "opr_3"))
		write(t, store, func(tx pontage.Tx) error { return tx.ReplaceAnswers(ctx, "api_1", nil) })
		if left, err := store.Answers(ctx, "opr_1"); err != nil || len(left) != 0 {
			t.Fatalf("%d left: %v", len(left), err)
		}
	})
}

// A reader that started before an import must see the old catalogue until it is done, never half of each.
func TestASnapshotDoesNotMove(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		before := seedCatalog(t, store)
		err := store.Read(ctx, func(r pontage.Reader) error {
			same(t, int64(0))(r.CatalogVersion(ctx))
			changed := catalog()
			changed.APIs[0].Title = "New"
			write(t, store, func(tx pontage.Tx) error { return first(putCatalog(t, tx, changed), tx.BumpCatalogVersion(ctx)) })
			same(t, int64(1))(store.CatalogVersion(ctx))
			got, err := r.Catalog(ctx)
			if diff := cmp.Diff(&before, got); diff != "" {
				t.Errorf("the snapshot moved:\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
