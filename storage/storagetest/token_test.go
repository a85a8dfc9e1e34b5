package storagetest_test

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// equalNets compares addresses, which keep their value in unexported fields.
var equalNets = cmp.Options{
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
}

// seedTokens makes an account, a client and a scope set.
func seedTokens(t *testing.T, store *storage.Store) {
	t.Helper()
	write(t, store, func(tx pontage.Tx) error {
		return first(
			tx.InsertAccount(t.Context(), pontage.Account{ID: "acc_1", Email: "a", CreatedAt: start}),
			tx.InsertClient(t.Context(), pontage.Client{ID: "cli_1", AccountID: "acc_1", CreatedAt: start}),
			tx.InsertScopeSet(t.Context(), pontage.ScopeSet{ID: "set_1", Digest: []byte{1}, Scopes: []pontage.ScopeID{"sco_b", "sco_a"}}),
			tx.InsertScopeSet(t.Context(), pontage.ScopeSet{ID: "set_2", Digest: []byte{}, Scopes: []pontage.ScopeID{}}))
	})
}

// fullLineage has every field set, emptyLineage none that may be empty.
func fullLineage() pontage.Lineage {
	zero, five, money := int64(0), int64(5), pontage.Money(123)
	return pontage.Lineage{
		ID: "lin_1", AccountID: "acc_1", ClientID: "cli_1", DomainID: "dom_1", Name: "shop's \\ ☃", TokenID: "0123456789abcdef01234567", Version: 3, ScopeSetID: "set_1",
		Limits: pontage.Limits{
			TotalRequests: &five, WalletRequests: &zero, SubscriptionRequests: &five, WalletAmount: &money,
			IP: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::1/128")},
		},
		Usage: pontage.Usage{TotalRequests: 1, WalletRequests: 2, SubscriptionRequests: 3, ErrorRequests: 4, WalletAmount: 5},
		TTL:   time.Hour + 1, CreatedAt: oddUTC, UpdatedAt: oddUTC, ExpiresAt: oddUTC, RevokedAt: oddUTC,
	}
}

func emptyLineage() pontage.Lineage {
	return pontage.Lineage{ID: "lin_2", AccountID: "acc_1", ScopeSetID: "set_2"}
}

// A limit of zero must not come back as none, nor the other way round.
func TestTokensComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		for _, lineage := range []pontage.Lineage{fullLineage(), emptyLineage()} {
			token := pontage.Token{ID: "t" + pontage.TokenID(lineage.ID), LineageID: lineage.ID, KeyID: "k", Hash: []byte{0, 1}, CreatedAt: oddUTC}
			refresh := pontage.RefreshToken{
				ID: "ref_" + pontage.RefreshTokenID(lineage.ID), LineageID: lineage.ID, TokenID: token.ID, Hash: []byte{9},
				CreatedAt: oddUTC, ExpiresAt: lineage.ExpiresAt, UsedAt: lineage.RevokedAt,
			}
			write(t, store, func(tx pontage.Tx) error {
				return first(tx.InsertLineage(ctx, lineage), tx.InsertToken(ctx, token), tx.InsertRefreshToken(ctx, refresh))
			})
			same(t, &lineage)(store.Lineage(ctx, lineage.ID))
			same(t, &refresh)(store.RefreshToken(ctx, refresh.ID))
			gotToken, gotLineage, err := store.Token(ctx, token.ID)
			same(t, &token)(gotToken, err)
			same(t, &lineage)(gotLineage, err)
			same(t, &pontage.Presented{Token: token, Lineage: lineage})(store.Presented(ctx, token.ID))
		}
		same(t, []pontage.ScopeSet{
			{ID: "set_1", Digest: []byte{1}, Scopes: []pontage.ScopeID{"sco_b", "sco_a"}},
			{ID: "set_2", Digest: []byte{}, Scopes: []pontage.ScopeID{}},
		})(store.ScopeSets(ctx, []pontage.ScopeSetID{"set_2", "set_1", "set_none"}))
		same(t, []pontage.ScopeSet(nil))(store.ScopeSets(ctx, nil))
	})
}

// Two changes made from the same reading must not overwrite each other, and counters belong to batches.
func TestUpdateLineageRefusesAStaleVersionAndLeavesCounters(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		stored := fullLineage()
		write(t, store, func(tx pontage.Tx) error { return tx.InsertLineage(ctx, stored) })
		changed := emptyLineage()
		changed.ID, changed.Version, changed.Usage.TotalRequests = stored.ID, 4, 99
		write(t, store, func(tx pontage.Tx) error { return tx.UpdateLineage(ctx, changed) })
		for _, version := range []int64{3, 4, 6} {
			stale := changed
			stale.Version, stale.Name = version, "lost"
			err := store.Write(ctx, func(tx pontage.Tx) error { return tx.UpdateLineage(ctx, stale) })
			if pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("version %d: %v", version, err)
			}
		}
		want := changed
		want.Usage = stored.Usage
		same(t, &want)(store.Lineage(ctx, stored.ID))
	})
}

func TestATokenIsRevokedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		write(t, store, func(tx pontage.Tx) error { return tx.InsertLineage(ctx, emptyLineage()) })
		for i, id := range []pontage.LineageID{"lin_2", "lin_2", "lin_none"} {
			write(t, store, func(tx pontage.Tx) error {
				revoked, err := tx.RevokeLineage(ctx, id, start.Add(time.Duration(i)))
				if revoked != (i == 0) {
					t.Errorf("call %d: revoked %v", i, revoked)
				}
				return err
			})
		}
		want := emptyLineage()
		want.Version, want.RevokedAt, want.UpdatedAt = 1, start, start
		same(t, &want)(store.Lineage(ctx, "lin_2"))
	})
}

// A partner's list shows what may still matter: not what ended long ago.
func TestLineagesLeaveOutWhatEndedBefore(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		cut := start
		write(t, store, func(tx pontage.Tx) error {
			for i, ends := range [][2]time.Time{ // expires, revoked
				{{}, {}}, {cut, {}}, {cut.Add(-time.Microsecond), {}}, {{}, cut}, {{}, cut.Add(-time.Microsecond)}, {cut.Add(1e9), cut.Add(1e9)},
			} {
				l := emptyLineage()
				l.ID, l.ClientID, l.ExpiresAt, l.RevokedAt = pontage.LineageID(fmt.Sprint("lin_", i)), "cli_1", ends[0], ends[1]
				if err := tx.InsertLineage(ctx, l); err != nil {
					return err
				}
			}
			return nil
		})
		var got []string
		for skip := range 4 {
			page, err := store.Lineages(ctx, "acc_1", cut, pontage.Page{Skip: skip, Limit: 1})
			if err != nil || len(page) != 1 {
				t.Fatalf("page %d: %d rows, %v", skip, len(page), err)
			}
			got = append(got, string(page[0].ID))
			same(t, page)(store.ClientLineages(ctx, page[0].ClientID, cut, pontage.Page{Skip: skip, Limit: 1}))
		}
		same(t, []pontage.Lineage(nil))(store.ClientLineages(ctx, "cli_none", cut, pontage.Page{Limit: 1}))
		if diff := cmp.Diff([]string{"lin_5", "lin_3", "lin_1", "lin_0"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A refresh token that is stolen and used at the same moment as by its owner must not give two tokens.
func TestARefreshTokenIsUsedOnceByFiftyOnTwoInstances(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores, ctx := []*storage.Store{open(), open()}, t.Context()
		seedTokens(t, stores[0])
		write(t, stores[0], func(tx pontage.Tx) error {
			return first(tx.InsertLineage(ctx, emptyLineage()),
				tx.InsertToken(ctx, pontage.Token{ID: "t", LineageID: "lin_2"}),
				tx.InsertRefreshToken(ctx, pontage.RefreshToken{ID: "ref_1", LineageID: "lin_2", TokenID: "t"}))
		})
		var used atomic.Int64
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				var mine bool
				err := stores[i%2].Write(ctx, func(tx pontage.Tx) (err error) {
					mine, err = tx.UseRefreshToken(ctx, "ref_1", start)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if mine {
					used.Add(1)
				}
			})
		}
		all.Wait()
		if used.Load() != 1 {
			t.Fatalf("used %d times", used.Load())
		}
		got, err := stores[1].RefreshToken(ctx, "ref_1")
		if err != nil || !got.UsedAt.Equal(start) {
			t.Fatalf("used at %v: %v", got.UsedAt, err)
		}
	})
}

// Tokens with equal scopes share one set, however many are made at once.
func TestAScopeSetIsInternedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores, ctx := []*storage.Store{open(), open()}, t.Context()
		var made atomic.Int64
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				set := pontage.ScopeSet{ID: pontage.ScopeSetID(fmt.Sprint("set_", i)), Digest: []byte{1}, Scopes: []pontage.ScopeID{"sco_a"}}
				err := stores[i%2].Write(ctx, func(tx pontage.Tx) error {
					err := tx.InsertScopeSet(ctx, set)
					if pontage.CodeOf(err) == pontage.Conflict {
						_, err = tx.ScopeSetByDigest(ctx, set.Digest)
						return err
					}
					made.Add(1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 {
			t.Fatalf("%d sets", made.Load())
		}
	})
}
