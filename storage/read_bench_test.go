package storage_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// listed is a store with an account that has fifty tokens with all limits, as GET /tokens lists them.
func listed(b *testing.B) *storage.Store {
	b.Helper()
	s := storagetest.Open(b, storagetest.SQLite(b))
	total, amount := int64(1_000_000_000), pontage.Money(1_000_000_000_000)
	err := s.Write(b.Context(), func(tx pontage.Tx) error {
		ctx, at := b.Context(), storagetest.Start
		if err := tx.InsertAccount(ctx, pontage.Account{ID: "acc_1", Email: "a", CreatedAt: at}); err != nil {
			return err
		}
		if err := tx.InsertScopeSet(ctx, pontage.ScopeSet{ID: "set_1", Digest: []byte{1}}); err != nil {
			return err
		}
		for n := range 50 {
			l := pontage.Lineage{ID: pontage.NewLineageID(at), AccountID: "acc_1", Name: "bench", TokenID: pontage.NewTokenID(at), Version: 1,
				ScopeSetID: "set_1", TTL: time.Hour, CreatedAt: at.Add(time.Duration(n)), UpdatedAt: at, ExpiresAt: at.Add(time.Hour),
				Limits: pontage.Limits{TotalRequests: &total, WalletRequests: &total, SubscriptionRequests: &total, WalletAmount: &amount,
					IP: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}
			if err := tx.InsertLineage(ctx, l); err != nil {
				return err
			}
			if err := tx.InsertToken(ctx, pontage.Token{ID: l.TokenID, LineageID: l.ID, KeyID: "k", Hash: make([]byte, 32), CreatedAt: at}); err != nil {
				return fmt.Errorf("%d: %w", n, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkLineages is what GET /tokens reads of fifty tokens.
func BenchmarkLineages(b *testing.B) {
	s, ctx := listed(b), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		all, err := s.Lineages(ctx, "acc_1", storagetest.Start, pontage.Page{Limit: 50})
		if err != nil || len(all) != 50 {
			b.Fatal(len(all), err)
		}
	}
}
