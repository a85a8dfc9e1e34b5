package storagetest_test

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// year is a tenant's random history: calls of every payer and every end, written by batches that keep naive books.
type year struct {
	tenant
	t            *testing.T
	store        *storage.Store
	random       *rand.Rand
	subscription pontage.SubscriptionID
	open         []pontage.Call
	settled      map[pontage.CallID]pontage.Call
}

func newYear(t *testing.T, store *storage.Store, seed uint64) *year {
	y := &year{tenant: newTenant(t, store, 1_000_000), t: t, store: store, random: rand.New(rand.NewPCG(seed, 1)),
		settled: map[pontage.CallID]pontage.Call{}}
	s := subscription(y.tenant, start)
	s.TotalRequests, y.subscription = 10_000, s.ID
	write(t, store, func(tx pontage.Tx) error { return tx.InsertSubscription(t.Context(), s) })
	return y
}

func (y *year) allowance() pontage.AllowanceKey {
	return pontage.AllowanceKey{AccountID: y.account, ScopeID: scope}
}

// step writes one batch: a few new calls, and the end of a few open or settled ones.
func (y *year) step() {
	y.t.Helper()
	y.batch(4)
}

// batch writes so many new calls, and the end of a few.
func (y *year) batch(calls int) {
	y.t.Helper()
	keys := y.keys()
	keys.Allowances, keys.Subscriptions = []pontage.AllowanceKey{y.allowance()}, []pontage.SubscriptionID{y.subscription}
	for _, c := range y.open {
		keys.Calls = append(keys.Calls, c.ID)
	}
	err := storagetest.Batch(y.t.Context(), y.store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
		changes := y.changes()
		changes.Allowances, changes.Subscriptions = keys.Allowances, keys.Subscriptions
		y.end(s, changes)
		for range calls {
			changes.Calls = append(changes.Calls, y.born(s, changes))
		}
		return changes, nil
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// born makes a call: refused, free, or paid by one of the payers; reserved, or settled at once.
func (y *year) born(s *pontage.BatchState, changes *pontage.BatchChanges) pontage.Call {
	c := y.call(0, start.Add(time.Duration(y.random.IntN(90*24*3600))*time.Second))
	c.Address = address(y.random.IntN(5))
	c.Host = []string{host, "other.example.com"}[y.random.IntN(2)]
	if y.random.IntN(8) == 0 {
		c.State, c.Payer, c.Code, c.ExpiresAt = pontage.CallRefused, pontage.PayerNone, pontage.InsufficientCredit, time.Time{}
		return c
	}
	u := &s.Lineages[y.lineage].Usage
	u.TotalRequests++
	c.Payer = []pontage.Payer{pontage.PayerNone, pontage.PayerAllowance, pontage.PayerSubscription, pontage.PayerWallet,
		pontage.PayerPlan}[y.random.IntN(5)]
	switch c.Payer {
	case pontage.PayerAllowance:
		s.Allowances[y.allowance()].TotalUsed++
	case pontage.PayerPlan:
		meter.TakePlanned(&s.Wallets[y.account].Plan, c.DecidedAt)
	case pontage.PayerSubscription:
		c.SubscriptionID = y.subscription
		s.Subscriptions[y.subscription].UsedRequests++
		u.SubscriptionRequests++
	case pontage.PayerWallet:
		c.Price = pontage.Money(1 + y.random.IntN(9))
		u.WalletRequests++
		u.WalletAmount += c.Price
	}
	if y.random.IntN(4) > 0 {
		s.Wallets[y.account].Held += c.Price
		y.open = append(y.open, c)
		return c
	}
	c.State, c.ExpiresAt = pontage.CallSettled, time.Time{}
	c.TransferID = y.pay(s, changes, c, pontage.TransferUsage)
	y.settled[c.ID] = c
	return c
}

// pay moves the price out of the wallet, or back for a refund.
func (y *year) pay(s *pontage.BatchState, changes *pontage.BatchChanges, c pontage.Call, kind pontage.TransferKind) pontage.TransferID {
	if c.Price == 0 {
		return ""
	}
	transfer := usageTransfer(y.account, c.Price, start)
	s.Wallets[y.account].Balance -= c.Price
	if kind == pontage.TransferRefund {
		transfer.Kind, transfer.Debit, transfer.Credit = kind, transfer.Credit, transfer.Debit
		s.Wallets[y.account].Balance += 2 * c.Price
	}
	changes.Transfers = append(changes.Transfers, transfer)
	return transfer.ID
}

// end ends every second open call and refunds a settled one.
func (y *year) end(s *pontage.BatchState, changes *pontage.BatchChanges) {
	y.open = slices.DeleteFunc(y.open, func(c pontage.Call) bool {
		if y.random.IntN(2) == 0 {
			return false
		}
		o := pontage.Outcome{CallID: c.ID, Kind: pontage.OutcomeSettled, Status: []int{200, 404}[y.random.IntN(2)], At: start}
		s.Wallets[y.account].Held -= c.Price
		if y.random.IntN(3) == 0 {
			o.Kind, o.Status, o.Code = pontage.OutcomeReleased, 503, pontage.BadGateway
			y.giveBack(s, c)
		} else {
			o.TransferID = y.pay(s, changes, c, pontage.TransferUsage)
			if o.Status == 200 {
				y.settled[c.ID] = c
			}
		}
		if o.Status >= 400 {
			s.Lineages[y.lineage].Usage.ErrorRequests++
		}
		changes.Outcomes = append(changes.Outcomes, o)
		return true
	})
	for id, c := range y.settled {
		if y.random.IntN(3) == 0 {
			o := pontage.Outcome{CallID: id, Kind: pontage.OutcomeRefunded, Status: 200, At: start}
			o.TransferID = y.pay(s, changes, c, pontage.TransferRefund)
			y.giveBack(s, c)
			s.Lineages[y.lineage].Usage.ErrorRequests++
			changes.Outcomes = append(changes.Outcomes, o)
			delete(y.settled, id)
			return
		}
	}
}

func (y *year) giveBack(s *pontage.BatchState, c pontage.Call) {
	u := &s.Lineages[y.lineage].Usage
	switch c.Payer {
	case pontage.PayerAllowance:
		s.Allowances[y.allowance()].TotalUsed--
	case pontage.PayerPlan:
		meter.ReturnPlanned(&s.Wallets[y.account].Plan, c.DecidedAt)
	case pontage.PayerSubscription:
		s.Subscriptions[y.subscription].UsedRequests--
		u.SubscriptionRequests--
	case pontage.PayerWallet:
		u.WalletRequests--
		u.WalletAmount -= c.Price
	}
}

// The operator's proof must hold at any moment of any history: everything folded, nothing folded, and in between.
func TestTheBooksOfAnyHistoryAreEqual(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		years := []*year{newYear(t, store, 1), newYear(t, store, 2)}
		for range 15 {
			for _, y := range years {
				y.step()
			}
			if _, err := store.Fold(t.Context(), 5, meter.Fold); err != nil {
				t.Fatal(err)
			}
			mustEqual(t, store)
		}
		foldAll(t, store, meter.Fold, new(atomic.Int64))
		mustEqual(t, store)
	})
}

// A proof that cannot fail proves nothing: every number that is changed behind the log's back must be named.
func TestEveryPlantedDifferenceIsFound(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		y := newYear(t, store, 3)
		for range 8 {
			y.step()
		}
		foldAll(t, store, meter.Fold, new(atomic.Int64))
		mustEqual(t, store)
		day := pontage.UsageDay{AccountID: y.account, Day: "2026-11-20", Host: "none.example.com", Amount: 1, Requests: 1, FirstAt: start}
		line := pontage.StatisticDelta{Usage: pontage.Usage{TotalRequests: 1, WalletRequests: 1, SubscriptionRequests: 1, ErrorRequests: 1, WalletAmount: 1},
			StatisticKey: pontage.StatisticKey{AccountID: y.account, Period: "2026", Dimension: pontage.ByAPI, Key: host, Host: host}}
		fold(t, store, y.tenant, pontage.FoldChanges{Days: []pontage.UsageDay{day}, Statistics: []pontage.StatisticDelta{line}})
		keys := y.keys()
		keys.Allowances, keys.Subscriptions = []pontage.AllowanceKey{y.allowance()}, []pontage.SubscriptionID{y.subscription}
		err := storagetest.Batch(t.Context(), store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
			changes := y.changes()
			changes.Allowances, changes.Subscriptions = keys.Allowances, keys.Subscriptions
			w, u := s.Wallets[y.account], &s.Lineages[y.lineage].Usage
			w.Balance, w.Held = w.Balance+2_500_000, w.Held+1
			u.TotalRequests, u.WalletRequests, u.SubscriptionRequests = u.TotalRequests+1, u.WalletRequests+1, u.SubscriptionRequests+1
			u.ErrorRequests, u.WalletAmount = u.ErrorRequests+1, u.WalletAmount+1
			s.Allowances[y.allowance()].TotalUsed++
			w.Plan.Month, w.Plan.Used, w.Plan.Total = "2026-12", 0, w.Plan.Total+1 // the month in the middle of the year has calls of its own
			s.Subscriptions[y.subscription].UsedRequests++
			transfer := usageTransfer(y.account, 1_000_000, start)
			changes.Transfers = []pontage.Transfer{transfer}
			return changes, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		missing := []string{"wallet balance", "wallet held", "transfer amount", "subscription usedRequests", "allowance totalUsed",
			"plan totalUsed", "plan used",
			"usage day amount", "usage day requests"}
		for _, name := range []string{"totalRequests", "walletRequests", "subscriptionRequests", "errorRequests", "walletAmount"} {
			missing = append(missing, "token "+name, "statistic "+name)
		}
		found, err := store.Differences(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			i := slices.Index(missing, d.What)
			if i < 0 {
				t.Errorf("not planted: %+v", d)
				continue
			}
			missing = slices.Delete(missing, i, i+1)
			if d.What == "transfer amount" && (d.Stored != "1" || d.Computed != "0") {
				t.Errorf("shown as %+v", d)
			}
		}
		if len(missing) > 0 {
			t.Errorf("not found: %v", missing)
		}
	})
}
