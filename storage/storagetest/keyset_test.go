package storagetest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
)

// listing reads one list; place says where an entry of it stands.
type listing struct {
	name string
	read func(pontage.Page) ([]pontage.Place, error)
}

func placed[T any](read func(pontage.Page) ([]T, error), place func(T) pontage.Place) func(pontage.Page) ([]pontage.Place, error) {
	return func(p pontage.Page) ([]pontage.Place, error) {
		all, err := read(p)
		places := make([]pontage.Place, len(all))
		for i := range all {
			places[i] = place(all[i])
		}
		return places, err
	}
}

// Whoever goes on behind the last entry he saw sees every other one once, in either order, with ties, and though newer entries come in
// meanwhile.
func TestListsGoOnBehindAPlace(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who, ctx := newTenant(t, store, 0), t.Context()
		for i := range 7 {
			seedListed(t, store, who, i, start.Add(time.Duration(i/3)*time.Microsecond))
		}
		lists := []listing{
			{"clients", placed(func(p pontage.Page) ([]pontage.Client, error) { return store.Clients(ctx, who.account, p) },
				func(c pontage.Client) pontage.Place { return pontage.Place{At: c.CreatedAt, ID: string(c.ID)} })},
			{"tokens", placed(func(p pontage.Page) ([]pontage.Lineage, error) {
				return store.Lineages(ctx, who.account, time.Time{}, p)
			},
				func(l pontage.Lineage) pontage.Place { return pontage.Place{At: l.CreatedAt, ID: string(l.ID)} })},
			{"transactions", placed(func(p pontage.Page) ([]pontage.TransactionLine, error) {
				return store.Transactions(ctx, pontage.TransactionQuery{AccountID: who.account, Page: p})
			},
				func(l pontage.TransactionLine) pontage.Place { return pontage.Place{At: l.CreatedAt, ID: l.ID} })},
			{"callbacks", placed(func(p pontage.Page) ([]pontage.Callback, error) {
				return store.Callbacks(ctx, pontage.LogQuery{AccountID: who.account, Page: p})
			}, func(c pontage.Callback) pontage.Place { return pontage.Place{At: c.CreatedAt, ID: string(c.ID)} })},
			{"subscriptions", placed(func(p pontage.Page) ([]pontage.Subscription, error) {
				return store.Subscriptions(ctx, pontage.SubscriptionQuery{AccountID: who.account, Page: p})
			}, func(s pontage.Subscription) pontage.Place { return pontage.Place{At: s.CreatedAt, ID: string(s.ID)} })},
		}
		for _, l := range lists {
			whole, err := l.read(pontage.Page{Limit: 100})
			if err != nil || len(whole) < 7 {
				t.Fatalf("%s: %d entries, %v", l.name, len(whole), err)
			}
			for _, oldestFirst := range []bool{false, true} {
				want := slices.Clone(whole)
				if oldestFirst {
					slices.Reverse(want)
				}
				var got []pontage.Place
				for p := (pontage.Page{Limit: 2, OldestFirst: oldestFirst}); ; p.After = got[len(got)-1] {
					page, err := l.read(p)
					if err != nil {
						t.Fatalf("%s: %v", l.name, err)
					}
					if got = append(got, page...); len(page) < 2 {
						break
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, oldest first %v:\n%s", l.name, oldestFirst, diff)
				}
			}
		}
	})
}

// seedListed puts one entry of each kind at a moment.
func seedListed(t *testing.T, store *storage.Store, who tenant, i int, at time.Time) {
	t.Helper()
	set := lineageOf(t, store, who).ScopeSetID
	write(t, store, func(tx pontage.Tx) error {
		s := subscription(who, at)
		s.ID, s.CreatedAt = pontage.SubscriptionID(fmt.Sprintf("sub_%d", i)), at
		return first(
			tx.InsertClient(t.Context(), pontage.Client{ID: pontage.ClientID(fmt.Sprintf("cli_%d", i)), AccountID: who.account, CreatedAt: at}),
			tx.InsertLineage(t.Context(), pontage.Lineage{ID: pontage.LineageID(fmt.Sprintf("lin_%d", i)), AccountID: who.account,
				TokenID: pontage.TokenID(fmt.Sprintf("%024d", i)), Version: 1, ScopeSetID: set, CreatedAt: at, UpdatedAt: at, ExpiresAt: at.Add(time.Hour)}),
			tx.InsertTransfers(t.Context(), []pontage.Transfer{funding(who.account, pontage.Money(i+1), at)}),
			tx.InsertCallback(t.Context(), pontage.Callback{ID: pontage.CallbackID(fmt.Sprintf("cbk_%d", i)), AccountID: who.account, CreatedAt: at}),
			tx.InsertSubscription(t.Context(), s))
	})
	foldDays(t, store, who, pontage.UsageDay{Day: pontage.DayOf(at), Host: fmt.Sprintf("h%d.example.com", i), Amount: 1, Requests: 1, FirstAt: at})
}

func lineageOf(t *testing.T, store *storage.Store, who tenant) *pontage.Lineage {
	t.Helper()
	l, err := store.Lineage(t.Context(), who.lineage)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What a page's children need is read for all of them at once, and is the same as read one by one.
func TestRowsAreReadTogetherByTheirIDs(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who, ctx := newTenant(t, store, 0), t.Context()
		for i := range 3 {
			seedListed(t, store, who, i, start.Add(time.Duration(i)*time.Second))
			write(t, store, func(tx pontage.Tx) error {
				for j := range 2 {
					s := pontage.ClientSecret{ID: pontage.SecretID(fmt.Sprintf("sec_%d%d", i, j)), ClientID: pontage.ClientID(fmt.Sprintf("cli_%d", i)),
						Label: "x", KeyID: "k", Hash: []byte{1}, CreatedAt: start}
					if err := tx.InsertClientSecret(ctx, s); err != nil {
						return err
					}
				}
				return nil
			})
		}
		clients, err := store.ClientsByID(ctx, []pontage.ClientID{"cli_2", "cli_0", "cli_none"})
		if err != nil || len(clients) != 2 {
			t.Errorf("%d clients, %v", len(clients), err)
		}
		for _, c := range clients {
			one, err := store.Client(ctx, c.ID)
			if diff := cmp.Diff(*one, c); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
		lineages, err := store.LineagesByID(ctx, []pontage.LineageID{who.lineage, "lin_1", "lin_none"})
		if err != nil || len(lineages) != 2 {
			t.Errorf("%d tokens, %v", len(lineages), err)
		}
		for _, l := range lineages {
			one, err := store.Lineage(ctx, l.ID)
			if diff := cmp.Diff(*one, l, cmpopts.EquateEmpty(), addresses); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
		secrets, err := store.SecretsOf(ctx, []pontage.ClientID{"cli_0", "cli_2", "cli_none"}, pontage.SecretFilter{}, pontage.Keyset{Limit: 5})
		if err != nil || len(secrets) != 4 || secrets[0].ID != "sec_21" {
			t.Errorf("%v, %v", secrets, err)
		}
		none, err := store.OutcomesOf(ctx, nil)
		noClients, clientErr := store.ClientsByID(ctx, nil)
		noTokens, tokenErr := store.LineagesByID(ctx, nil)
		if len(none)+len(noClients)+len(noTokens) != 0 || first(err, clientErr, tokenErr) != nil {
			t.Errorf("of no ids: %v %v %v", none, noClients, noTokens)
		}
	})
}
