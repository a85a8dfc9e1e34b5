package partner_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// basic puts the world's account on Basic, with a wallet and a user.
func (w *world) basic(t *testing.T, credit pontage.Money) {
	t.Helper()
	now := w.clock.Now()
	must(t, w.SetPlan(t.Context(), pontage.Operator(), w.account.ID, pontage.PlanBasic))
	must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
		if err := tx.InsertUser(t.Context(), pontage.User{ID: "usr_ann", AccountID: w.account.ID, Email: w.account.Email, CreatedAt: now}); err != nil || credit == 0 {
			return err
		}
		return pontage.MoveMoney(t.Context(), tx, pontage.Transfer{ID: pontage.NewTransferID(now), Kind: pontage.TransferTopUp, AccountID: w.account.ID, Amount: credit,
			Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(w.account.ID), CreatedAt: now})
	}))
}

// all is the store behind the service.
func (w *world) all() pontage.Store { return w.store.Store.(pontage.Store) }

// trueBooks wants a balance, and that every transfer adds up to it.
func (w *world) trueBooks(t *testing.T, balance pontage.Money) {
	t.Helper()
	wallet, err := w.all().Wallet(t.Context(), w.account.ID)
	must(t, err)
	if wallet.Balance != balance {
		t.Errorf("the wallet has %s, want %s", wallet.Balance, balance)
	}
	if wrong, err := w.all().Differences(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("%v, %v", wrong, err)
	}
}

// Basic ends where it says, with a message that helps, also for two who take the last place at once; nobody else notices plans.
func TestBasicHasRoomForSoMuch(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		there := again()
		client := func(w *world, by pontage.Actor) (*pontage.Client, error) {
			return w.Create(t.Context(), by, partner.CreateInput{AccountID: w.account.ID, Name: "shop"})
		}
		_, err := client(w, w.by()) // arranged: no limits
		must(t, err)
		w.basic(t, 0)
		_, err = client(w, w.by())
		wantCode(t, err, pontage.PlanLimit, "")
		if got := pontage.Public(err).Message; got != "The Basic plan has room for 1 client. Upgrade to Enterprise, for 29 EUR a month, to have more." {
			t.Error(got)
		}
		c, err := client(w, pontage.Operator())
		must(t, err)
		for id := range 3 {
			_, err = w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: fmt.Sprintf("d%d.example", id)})
			must(t, err)
		}
		fill := map[string]func(i int) error{
			"domains": func(i int) error {
				_, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: fmt.Sprintf("e%d.example", i)})
				return err
			},
			"secrets": func(int) error {
				_, err := w.CreateSecret(t.Context(), w.by(), partner.SecretInput{ClientID: c.ID})
				return err
			},
			"roles": func(i int) error {
				_, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: fmt.Sprint(i), Name: "x"}})
				return err
			},
			"members": func(i int) error {
				_, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: c.ID, Email: fmt.Sprintf("m%d@example.com", i), RoleID: "rol_viewer"})
				return err
			},
		}
		for what, want := range map[string]int{"domains": 0, "secrets": 5, "roles": 3, "members": 5} {
			n := 0
			for err = nil; err == nil; n++ {
				err = fill[what](n)
			}
			wantCode(t, err, pontage.PlanLimit, "")
			if n-1 != want {
				t.Errorf("%d more %s fit", n-1, what)
			}
		}
		status, err := w.PlanOf(t.Context(), w.by(), w.account.ID)
		if err != nil || status.Plan.Kind != pontage.PlanBasic || status.Clients != 2 || status.Domains != 3 || *status.Limits.Domains != 3 {
			t.Errorf("%+v, %v", status, err)
		}
		all, err := w.Clients(t.Context(), w.by(), w.account.ID, pontage.ClientFilter{}, pontage.Keyset{Limit: 5})
		must(t, err)
		for _, a := range all {
			must(t, w.Delete(t.Context(), w.by(), partner.DeleteInput{ClientID: a.Client.ID, Confirmation: a.Client.Name}))
		}
		var made atomic.Int64
		var many sync.WaitGroup
		for i := range 8 {
			many.Go(func() {
				if _, err := client([]*world{w, there}[i%2], w.by()); err == nil {
					made.Add(1)
				} else if pontage.CodeOf(err) != pontage.PlanLimit {
					t.Error(err)
				}
			})
		}
		many.Wait()
		if made.Load() != 1 {
			t.Errorf("%d clients fit at once", made.Load())
		}
	})
}

// A month is paid once, when it begins; who cannot pay has Basic, is told, and keeps what is there.
func TestEnterpriseIsPaidByTheMonth(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		there := again()
		const fee = partner.EnterpriseFee
		w.basic(t, 2*fee+1)
		plan, err := w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		must(t, err)
		if !plan.PaidUntil.Equal(w.clock.Now().AddDate(0, 1, 0)) || !plan.AutoRenew {
			t.Errorf("%+v", plan)
		}
		w.trueBooks(t, fee+1)
		if _, told := w.spent.LoadAndDelete(w.account.ID); !told {
			t.Error("nobody is told that the first fee left the wallet")
		}
		_, err = w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		wantCode(t, err, pontage.Conflict, "")
		for range 2 {
			_, err = w.Create(t.Context(), w.by(), partner.CreateInput{AccountID: w.account.ID, Name: "shop"})
			must(t, err)
		}
		w.clock.Advance(plan.PaidUntil.Sub(w.clock.Now()) - time.Microsecond)
		must(t, w.RenewPlans(t.Context()))
		w.trueBooks(t, fee+1)
		w.clock.Advance(time.Microsecond)
		var both sync.WaitGroup
		for _, instance := range []*world{w, there, w, there} {
			both.Go(func() {
				if err := instance.RenewPlans(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if _, told := w.spent.Load(w.account.ID); !told {
			t.Error("nobody is told that the next fee left the wallet")
		}
		w.trueBooks(t, 1)
		kind := func(want pontage.PlanKind) {
			t.Helper()
			if status, err := w.PlanOf(t.Context(), w.by(), w.account.ID); err != nil || status.Plan.Kind != want {
				t.Errorf("%+v, %v", status, err)
			}
		}
		kind(pontage.PlanEnterprise)
		w.clock.Advance(32 * 24 * time.Hour)
		must(t, w.RenewPlans(t.Context()))
		must(t, there.RenewPlans(t.Context()))
		kind(pontage.PlanBasic)
		w.trueBooks(t, 1)
		told, err := w.all().Notifications(t.Context(), "usr_ann", true, pontage.Keyset{Limit: 5})
		if err != nil || len(told) != 1 || told[0].Kind != pontage.NotifyMoney {
			t.Errorf("%+v, %v", told, err)
		}
		_, err = w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		wantCode(t, err, pontage.InsufficientCredit, "")
		if n, err := w.all().CountClients(t.Context(), w.account.ID); err != nil || n != 2 {
			t.Errorf("%d clients are left, %v", n, err)
		}
	})
}

// Who cancels has what was paid for and pays no more; who thinks better of it in time pays no second time.
func TestACancelledPlanEndsWithItsMonth(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.basic(t, 3*partner.EnterpriseFee)
		_, err := w.Cancel(t.Context(), w.by(), w.account.ID)
		wantCode(t, err, pontage.Conflict, "")
		_, err = w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		must(t, err)
		_, err = w.Cancel(t.Context(), w.by(), w.account.ID)
		must(t, err)
		_, err = w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		must(t, err)
		plan, err := w.Cancel(t.Context(), w.by(), w.account.ID)
		must(t, err)
		must(t, w.RenewPlans(t.Context()))
		w.clock.Advance(plan.PaidUntil.Sub(w.clock.Now()))
		must(t, w.RenewPlans(t.Context()))
		w.trueBooks(t, 2*partner.EnterpriseFee)
		for _, by := range []pontage.Actor{{Kind: pontage.ActorAccount, AccountID: "acc_x"}, {Kind: pontage.ActorClient, AccountID: w.account.ID}} {
			_, err = w.Upgrade(t.Context(), by, partner.UpgradeInput{AccountID: w.account.ID})
			wantCode(t, err, pontage.NotFound, "")
			_, err = w.PlanOf(t.Context(), by, w.account.ID)
			wantCode(t, err, pontage.NotFound, "")
			wantCode(t, w.SetPlan(t.Context(), by, w.account.ID, pontage.PlanArranged), pontage.Forbidden, "")
		}
	})
}

// However many pay from one wallet at once, on whichever instance, it never goes below zero and each payment is booked once.
func TestPlansNeverOverdraw(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		there := again()
		const fee, usage = partner.EnterpriseFee, pontage.Money(7_000_000)
		w.basic(t, 2*fee-1)
		var spent atomic.Int64
		var many sync.WaitGroup
		for i := range 16 {
			instance := []*world{w, there}[i%2]
			many.Go(func() {
				var err error
				amount := usage
				if i%4 == 0 {
					_, err = instance.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
					amount = fee
				} else {
					now := w.clock.Now()
					err = instance.store.Write(t.Context(), func(tx pontage.Tx) error {
						return pontage.MoveMoney(t.Context(), tx, pontage.Transfer{ID: pontage.NewTransferID(now), Kind: pontage.TransferSubscription, AccountID: w.account.ID,
							Amount: usage, Debit: pontage.LedgerWallet(w.account.ID), Credit: pontage.LedgerRevenue, CreatedAt: now})
					})
				}
				switch pontage.CodeOf(err) {
				case "":
					spent.Add(int64(amount))
				case pontage.Conflict, pontage.InsufficientCredit:
				default:
					t.Error(err)
				}
			})
		}
		many.Wait()
		left := 2*fee - 1 - pontage.Money(spent.Load())
		if left < 0 || left >= usage {
			t.Errorf("%s is left", left)
		}
		w.trueBooks(t, left)
	})
}

// The fee is due on the day of the month on which the plan began, however short a month is.
func TestTheFeeIsDueOnItsDay(t *testing.T) {
	at := func(text string) time.Time {
		d, err := time.Parse(time.DateTime, text)
		must(t, err)
		return d
	}
	for _, c := range []struct{ since, after, want string }{
		{"2026-01-31 10:00:00", "2026-01-31 10:00:00", "2026-02-28 10:00:00"}, {"2026-01-31 10:00:00", "2026-02-28 10:00:00", "2026-03-31 10:00:00"},
		{"2024-01-30 10:00:00", "2024-02-01 00:00:00", "2024-02-29 10:00:00"}, {"2026-12-05 23:59:59", "2026-12-31 00:00:00", "2027-01-05 23:59:59"},
		{"2026-01-15 00:00:00", "2027-06-14 23:59:59", "2027-06-15 00:00:00"},
	} {
		if got := (pontage.Plan{Since: at(c.since)}).NextPayment(at(c.after)); !got.Equal(at(c.want)) {
			t.Errorf("%v: %v", c, got)
		}
	}
}

// What is included follows every change of the plan, by whoever makes it: the operator, the partner, and the end of what was paid.
func TestTheIncludedRequestsFollowThePlan(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		expect := func(name string, included bool) {
			t.Helper()
			status, err := w.PlanOf(t.Context(), w.by(), w.account.ID)
			must(t, err)
			next := time.Date(w.clock.Now().Year(), w.clock.Now().Month()+1, 1, 0, 0, 0, 0, time.UTC)
			if a := status.Allowance; included && (a == nil || *a != pontage.PlanAllowance{PerMonth: 1000, Left: 1000, ResetsAt: next}) || !included && a != nil {
				t.Errorf("%s: %+v", name, a)
			}
		}
		expect("arranged", false)
		w.basic(t, partner.EnterpriseFee)
		expect("basic", true)
		_, err := w.Upgrade(t.Context(), w.by(), partner.UpgradeInput{AccountID: w.account.ID})
		must(t, err)
		expect("enterprise", false)
		_, err = w.Cancel(t.Context(), w.by(), w.account.ID)
		must(t, err)
		expect("cancelled and paid for", false)
		w.clock.Advance(32 * 24 * time.Hour)
		must(t, w.RenewPlans(t.Context()))
		expect("ended", true)
		must(t, w.SetPlan(t.Context(), pontage.Operator(), w.account.ID, pontage.PlanArranged))
		expect("arranged again", false)
	})
}
