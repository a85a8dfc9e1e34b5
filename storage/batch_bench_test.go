package storage

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

const benchTenants = 20

// BenchmarkBatch reserves n calls of 20 tenants and settles the n calls of the batch before, as the gateway does. One operation is
// one durable batch; calls/s counts calls that went the whole way.
func BenchmarkBatch(b *testing.B) {
	for engine, url := range map[string]func(b *testing.B) string{
		"sqlite":   func(b *testing.B) string { return filepath.Join(b.TempDir(), "bench.db") },
		"postgres": func(b *testing.B) string { return pgtest.URL(b) },
	} {
		for _, n := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("%s/%d", engine, n), func(b *testing.B) {
				s := openForTest(b, url(b))
				g := newGateway(b, s, n)
				b.ResetTimer()
				for b.Loop() {
					if err := g.batch(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			})
		}
	}
}

type gateway struct {
	b        *testing.B
	store    *Store
	size     int
	accounts []pontage.AccountID
	lineages []pontage.LineageID
	open     []pontage.Call
	next     int
}

func newGateway(b *testing.B, s *Store, size int) *gateway {
	g := &gateway{b: b, store: s, size: size}
	err := s.Write(b.Context(), func(tx pontage.Tx) error {
		for range benchTenants {
			account, lineage := pontage.NewAccountID(testStart), pontage.NewLineageID(testStart)
			g.accounts, g.lineages = append(g.accounts, account), append(g.lineages, lineage)
			digest := sha256.Sum256([]byte(account))
			set := pontage.ScopeSet{ID: pontage.NewScopeSetID(testStart), Digest: digest[:]}
			for _, err := range []error{
				tx.InsertAccount(b.Context(), pontage.Account{ID: account, Email: string(account), CreatedAt: testStart}),
				tx.UpdateWallet(b.Context(), pontage.Wallet{AccountID: account, Balance: 1 << 50, UpdatedAt: testStart}),
				tx.InsertScopeSet(b.Context(), set),
				tx.InsertLineage(b.Context(), pontage.Lineage{ID: lineage, AccountID: account, TokenID: pontage.NewTokenID(testStart),
					Version: 1, ScopeSetID: set.ID, CreatedAt: testStart, UpdatedAt: testStart}),
			} {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return g
}

var benchAddress = netip.MustParseAddr("192.0.2.1")

// batch is one batch of the gateway: everything of the batch before ends, as many calls begin.
func (g *gateway) batch() error {
	keys := pontage.BatchKeys{Now: testStart}
	fresh := make([]pontage.Call, g.size)
	for i := range fresh {
		who := g.next % benchTenants
		g.next++
		fresh[i] = pontage.Call{
			ID: pontage.NewCallID(time.Now()), AccountID: g.accounts[who], LineageID: g.lineages[who], TokenID: "0123456789abcdef01234567",
			ScopeID: "sco_0123456789abcdefghjkmnpqrs", OperationID: "opr_0123456789abcdefghjkmnpqrs", Method: "GET",
			Host: "company.example.com", Address: benchAddress, State: pontage.CallReserved, Payer: pontage.PayerWallet, Price: 10_000, Checks: "P7psFpr3,7psC9ix3k2w0",
			DecidedAt: testStart, ExpiresAt: testStart.Add(time.Minute),
		}
		keys.Wallets, keys.Lineages = append(keys.Wallets, g.accounts[who]), append(keys.Lineages, g.lineages[who])
	}
	for _, c := range g.open {
		keys.Wallets, keys.Lineages = append(keys.Wallets, c.AccountID), append(keys.Lineages, c.LineageID)
		keys.Calls = append(keys.Calls, c.ID)
	}
	err := waitBatch(g.b.Context(), g.store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
		changes := &pontage.BatchChanges{Calls: fresh}
		for _, c := range fresh {
			u := &s.Lineages[c.LineageID].Usage
			s.Wallets[c.AccountID].Held += c.Price
			u.TotalRequests, u.WalletRequests, u.WalletAmount = u.TotalRequests+1, u.WalletRequests+1, u.WalletAmount+c.Price
		}
		g.settle(s, changes)
		for id := range s.Wallets {
			changes.Wallets = append(changes.Wallets, id)
		}
		for id := range s.Lineages {
			changes.Lineages = append(changes.Lineages, id)
		}
		return changes, nil
	})
	g.open = fresh
	return err
}

// settle ends the open calls, with one usage transfer per wallet.
func (g *gateway) settle(s *pontage.BatchState, changes *pontage.BatchChanges) {
	usage := make(map[pontage.AccountID]*pontage.Transfer)
	for i := range s.Wallets {
		usage[i] = &pontage.Transfer{ID: pontage.NewTransferID(time.Now()), Kind: pontage.TransferUsage, Debit: pontage.LedgerWallet(i),
			Credit: pontage.LedgerRevenue, AccountID: i, CreatedAt: testStart}
	}
	for id, c := range s.Calls {
		t, w := usage[c.AccountID], s.Wallets[c.AccountID]
		t.Amount, w.Held, w.Balance = t.Amount+c.Price, w.Held-c.Price, w.Balance-c.Price
		changes.Outcomes = append(changes.Outcomes, pontage.Outcome{CallID: id, Kind: pontage.OutcomeSettled, Status: 200,
			TransferID: t.ID, At: testStart, Elapsed: time.Millisecond})
	}
	for _, t := range usage {
		if t.Amount > 0 {
			changes.Transfers = append(changes.Transfers, *t)
		}
	}
}
