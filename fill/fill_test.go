package fill_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/fill"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// now is soon after a year's end, so that lines of every period end in between.
var now = time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

var small = fill.Plan{Tokens: 200, Calls: 2000, Days: 30, Accounts: 7, Seed: 1}

// site is a database that was filled.
type site struct {
	t      *testing.T
	url    string
	store  *storage.Store
	keys   *pontage.KeyRing
	all    *pontage.Catalog
	report *fill.Report
}

// each fills a database of every engine; through may stand between the filling and the database.
func each(t *testing.T, plan fill.Plan, through func(fill.Bulk) fill.Bulk, test func(*site)) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storagetest.SQLite, "postgres": storagetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, url: url(t)}
			var err error
			s.keys, err = pontage.NewKeyRing(pontage.NewKey("k"))
			s.must(err)
			s.stock()
			bulk, err := storage.OpenBulk(t.Context(), s.url, storage.Options{Clock: clock})
			s.must(err)
			s.report, err = fill.Run(t.Context(), fill.Config{Bulk: through(bulk), Catalog: s.all, Keys: s.keys, Clock: clock}, plan)
			s.must(err)
			s.must(bulk.Close())
			s.open()
			test(s)
		})
	}
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) open() {
	s.t.Helper()
	var err error
	s.store, err = storage.Open(s.t.Context(), s.url, storage.Options{Clock: clock, Migrate: true})
	s.must(err)
	s.t.Cleanup(func() { s.must(s.store.Close()) })
}

// stock imports the API.
func (s *site) stock() {
	s.t.Helper()
	store, err := storage.Open(s.t.Context(), s.url, storage.Options{Clock: clock, Migrate: true})
	s.must(err)
	_, err = catalog.New(catalog.Config{Store: store, Clock: clock, Keys: s.keys}).Import(s.t.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "fill", Data: []byte(fill.Document)}}, Prices: []byte(fill.Prices),
	})
	s.must(err)
	s.all, err = store.Catalog(s.t.Context())
	s.must(err)
	s.must(store.Close())
}

func (s *site) meter() *meter.Meter {
	return meter.New(meter.Config{Store: s.store, Clock: clock, Keys: s.keys, FoldEvery: time.Hour, ReapEvery: time.Hour, CloseEvery: time.Hour})
}

// equal expects verify to find nothing.
func (s *site) equal(m *meter.Meter) {
	s.t.Helper()
	found, err := m.Verify(s.t.Context())
	s.must(err)
	for _, d := range found {
		s.t.Errorf("verify: %+v", d)
	}
}

func same(b fill.Bulk) fill.Bulk { return b }

// The made data must be what the platform would have left: all books are equal, also once it goes on working on them.
func TestTheBooksOfAFilledDatabaseAreTrue(t *testing.T) {
	each(t, small, same, func(s *site) {
		m := s.meter()
		s.equal(m)
		if s.report.Tokens != small.Tokens || s.report.Calls != small.Calls || s.report.Accounts != int64(small.Accounts) {
			t.Errorf("made %+v", s.report)
		}
		standing, err := m.Standing(t.Context())
		s.must(err)
		if standing.ClosedDay != "2027-01-11" || s.report.First != "2026-12-13" {
			t.Errorf("closed up to %s, begun %s", standing.ClosedDay, s.report.First)
		}
		s.use(m)
		s.equal(m)
		s.t.Logf("%+v", *s.report)
	})
}

// use makes ordinary calls with a token that is there, and lets them be folded.
func (s *site) use(m *meter.Meter) {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	account, err := s.store.AccountByEmail(ctx, fill.Marker)
	s.must(err)
	lineages, err := s.store.Lineages(ctx, account.ID, now, pontage.Page{Limit: 1})
	s.must(err)
	before, err := s.store.Wallet(ctx, account.ID)
	s.must(err)
	const calls = 10
	for range calls {
		a := s.attempt(lineages[0])
		d, err := m.Reserve(ctx, a)
		s.must(err)
		if !d.Admitted {
			s.t.Fatalf("refused: %v", d.Refusal)
		}
		s.must(m.Settle(ctx, meter.Ending{CallID: a.CallID, Status: 200}))
	}
	stop()
	s.must(<-ended)
	for n := 1; n > 0; {
		n, err = s.store.Fold(s.t.Context(), 1000, meter.Fold)
		s.must(err)
	}
	after, err := s.store.Wallet(s.t.Context(), account.ID)
	s.must(err)
	if spent := before.Balance - after.Balance; spent.String() != "0.1" {
		s.t.Errorf("%d calls cost %s", calls, spent)
	}
}

func (s *site) attempt(l pontage.Lineage) pontage.Attempt {
	a := pontage.Attempt{
		CallID: pontage.NewCallID(now), Method: "GET", Host: fill.Host, Address: netip.MustParseAddr("192.0.2.1"), Hold: time.Minute,
		Admission: pontage.Admission{TokenID: l.TokenID, LineageID: l.ID, AccountID: l.AccountID, Version: l.Version, Scopes: pontage.ScopeMembers{}},
		Match:     &pontage.Match{API: &pontage.API{Host: fill.Host, Enabled: true}},
	}
	for i := range s.all.Scopes {
		if sc := &s.all.Scopes[i]; sc.Segment == "paid" {
			a.Match.Scope = sc
			a.Admission.Scopes[sc.ID] = struct{}{}
		}
	}
	for i := range s.all.Operations {
		if s.all.Operations[i].ScopeID == a.Match.Scope.ID {
			a.Match.Operation = &s.all.Operations[i]
		}
	}
	return a
}

// unclosed keeps the closings from the database and remembers them.
type unclosed struct {
	fill.Bulk
	totals map[pontage.Period][]pontage.ClosedTotal
	days   []pontage.Period
}

// Closing writes nothing.
func (u *unclosed) Closing(_ context.Context, c pontage.Closing, totals []pontage.ClosedTotal) error {
	u.totals[c.Day] = totals
	u.days = append(u.days, c.Day)
	return nil
}

// What a closing says nobody can recompute once it is signed, so it must be what the platform itself computes from the log; and without
// closings verify must find the whole log to be what all books say.
func TestTheClosingsAreThoseThePlatformMakes(t *testing.T) {
	var u *unclosed
	remember := func(b fill.Bulk) fill.Bulk {
		u = &unclosed{Bulk: b, totals: map[pontage.Period][]pontage.ClosedTotal{}}
		return u
	}
	each(t, small, remember, func(s *site) {
		m := s.meter()
		s.equal(m)
		for _, day := range u.days {
			var computed []pontage.ClosedTotal
			c, err := s.store.CloseDays(s.t.Context(), day, func(c pontage.Closing, before []byte, totals []pontage.ClosedTotal) (string, []byte) {
				computed = totals
				return meter.SignClosing(s.keys, c, before, totals)
			})
			s.must(err)
			if c == nil {
				t.Fatalf("%s was not closed", day)
			}
			if diff := cmp.Diff(computed, u.totals[day], cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s:\n%s", day, diff)
			}
		}
		s.equal(m)
		s.t.Logf("%d closings equal", len(u.days))
	})
}

// However few of a thing there are, the books are true.
func TestUnevenPlans(t *testing.T) {
	for _, plan := range []fill.Plan{
		{Tokens: 1, Calls: 0, Days: 1, Accounts: 1},
		{Tokens: 2, Calls: 333, Days: 70, Accounts: 2, Seed: 2},
		{Tokens: 90, Calls: 100, Days: 3, Accounts: 40, Seed: 3},
	} {
		each(t, plan, same, func(s *site) {
			s.equal(s.meter())
			if s.report.Tokens != plan.Tokens || s.report.Calls != plan.Calls {
				t.Errorf("%+v made %+v", plan, s.report)
			}
		})
	}
}

// A plan that cannot be is refused with its field, before anything is written.
func TestPlansThatCannotBe(t *testing.T) {
	for field, plan := range map[string]fill.Plan{
		"days": {Tokens: 1, Accounts: 1}, "accounts": {Tokens: 1, Days: 1}, "tokens": {Tokens: 1, Days: 1, Accounts: 2},
		"calls": {Tokens: 1, Days: 1, Accounts: 1, Calls: -1},
	} {
		if e := pontage.Public(plan.Check()); e.Code != pontage.InvalidInput || e.Field != field {
			t.Errorf("%+v: %v", plan, e)
		}
	}
}
