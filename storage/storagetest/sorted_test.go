package storagetest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Both engines sort names, e-mails and times alike, whatever stands in them, and a page begins exactly behind the one before.
func TestListsAreSortedAlikeOnBothEngines(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		names := []string{"b", "A", "a", "Ä", "ä", "", " ", "B", "z", "Z", "☃", "a\\b", "a%", "a_", "'"}
		l, err := store.Lineage(ctx, who.lineage)
		if err != nil {
			t.Fatal(err)
		}
		write(t, store, func(tx pontage.Tx) error {
			for i, name := range names {
				c := pontage.Client{ID: pontage.ClientID(fmt.Sprintf("cli_%02d", i)), AccountID: who.account, Name: name, CreatedAt: start}
				token := *l
				token.ID, token.TokenID, token.Name = pontage.LineageID(fmt.Sprintf("lin_%02d", i)), pontage.NewTokenID(start), name
				token.ExpiresAt = start.Add(time.Duration(i%4) * time.Hour)
				if err := first(tx.InsertClient(ctx, c), tx.InsertLineage(ctx, token)); err != nil {
					return err
				}
				if i%3 == 0 {
					if err := tx.UseCredential(ctx, string(token.ID), start.Add(time.Duration(i)*time.Minute), start); err != nil {
						return err
					}
				}
			}
			return nil
		})
		texts := slices.Clone(names)
		for i := range texts {
			texts[i] = pontage.SortText(texts[i])
		}
		slices.Sort(texts)
		clients := walked(t, func(p pontage.Keyset) ([]pontage.Client, error) {
			p.By = pontage.SortByName
			return store.ClientPage(ctx, who.account, pontage.ClientFilter{}, p)
		}, func(c pontage.Client) pontage.Cursor {
			return pontage.Cursor{Key: pontage.SortText(c.Name), ID: string(c.ID)}
		})
		if got := mapped(clients, func(c pontage.Client) string { return pontage.SortText(c.Name) }); !slices.Equal(got, texts) {
			t.Errorf("clients: %q, want %q", got, texts)
		}
		tokens := func(by pontage.SortKey, place func(pontage.Lineage) pontage.Cursor) []pontage.Lineage {
			return walked(t, func(p pontage.Keyset) ([]pontage.Lineage, error) {
				return store.LineagePage(ctx, pontage.LineageQuery{AccountID: who.account, Name: "", ClientID: nil, Now: start,
					Page: pontage.Page{After: pontage.Place(p.After), Limit: p.Limit, OldestFirst: p.OldestFirst, By: by}})
			}, place)
		}
		named := tokens(pontage.SortByName, func(l pontage.Lineage) pontage.Cursor {
			return pontage.Cursor{Key: pontage.SortText(l.Name), ID: string(l.ID)}
		})
		if got := mapped(named, func(l pontage.Lineage) string { return pontage.SortText(l.Name) }); !slices.IsSorted(got) || len(got) != len(names)+1 {
			t.Errorf("tokens by name: %q", got)
		}
		ending := tokens(pontage.SortByExpiry, func(l pontage.Lineage) pontage.Cursor {
			return pontage.Cursor{At: pontage.SortTime(l.ExpiresAt), ID: string(l.ID)}
		})
		if got := mapped(ending, func(l pontage.Lineage) string { return l.ExpiresAt.Format(time.RFC3339) + string(l.ID) }); !slices.IsSorted(got) || len(got) != len(names)+1 {
			t.Errorf("tokens by their end: %q", got)
		}
		uses, err := store.CredentialUses(ctx, mapped(ending, func(l pontage.Lineage) string { return string(l.ID) }))
		if err != nil {
			t.Fatal(err)
		}
		used := tokens(pontage.SortByLastUse, func(l pontage.Lineage) pontage.Cursor {
			return pontage.Cursor{At: pontage.SortTime(uses[string(l.ID)]), ID: string(l.ID)}
		})
		if got := mapped(used, func(l pontage.Lineage) string {
			return pontage.SortTime(uses[string(l.ID)]).Format(time.RFC3339) + string(l.ID)
		}); !slices.IsSorted(got) || len(got) != len(names)+1 {
			t.Errorf("tokens by their last use: %q", got)
		}
		if _, err := store.ClientPage(ctx, who.account, pontage.ClientFilter{}, pontage.Keyset{Limit: 1, By: pontage.SortByExpiry}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("an order that the list does not know: %v", err)
		}
	})
}

// walked reads a list upwards in pages of four, and downwards, and wants both to be the same.
func walked[T any](t *testing.T, read func(pontage.Keyset) ([]T, error), place func(T) pontage.Cursor) (all []T) {
	t.Helper()
	var down []T
	for _, upwards := range []bool{true, false} {
		page := pontage.Keyset{Limit: 4, OldestFirst: upwards}
		for {
			some, err := read(page)
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			if upwards {
				all = append(all, some...)
			} else {
				down = append(down, some...)
			}
			page.After = place(some[len(some)-1])
		}
	}
	slices.Reverse(down)
	if fmt.Sprint(mapped(all, place)) != fmt.Sprint(mapped(down, place)) {
		t.Errorf("upwards %v, downwards %v", mapped(all, place), mapped(down, place))
	}
	return all
}

func mapped[T, U any](all []T, to func(T) U) []U {
	out := make([]U, len(all))
	for i := range all {
		out[i] = to(all[i])
	}
	return out
}
