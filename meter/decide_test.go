package meter

import (
	"net/netip"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// aView is a token with nothing against it and a wallet of 10, anAttempt a call that costs 0.5.
func aView() *view {
	return &view{
		now: noon, currency: "EUR",
		lineage: &pontage.Lineage{ID: "lin_1", AccountID: "acc_1", TokenID: "tok", Version: 3, ExpiresAt: noon.Add(time.Hour)},
		wallet:  &pontage.Wallet{AccountID: "acc_1", Balance: 10_000_000},
		rate:    pontage.RateState{Limit: 100, Remaining: 40, Window: time.Minute, Reset: 7 * time.Second},
		releases: pontage.RateState{
			Limit: 101, Remaining: 101, Window: time.Minute,
		},
	}
}

func anAttempt() *pontage.Attempt {
	return &pontage.Attempt{
		CallID: "cal_1", Method: "GET", Host: "geo.example.com", Address: netip.MustParseAddr("192.0.2.7"), Hold: time.Minute,
		Admission: pontage.Admission{
			TokenID: "tok", LineageID: "lin_1", AccountID: "acc_1", Version: 3, Scopes: pontage.ScopeMembers{"sco_1": {}},
		},
		Match: &pontage.Match{
			API:       &pontage.API{ID: "api_1", Host: "geo.example.com", Enabled: true},
			Operation: &pontage.Operation{ID: "opr_1", ScopeID: "sco_1", Enabled: true},
			Scope:     &pontage.Scope{ID: "sco_1", Enabled: true, Price: ptr(pontage.Money(500_000))},
		},
	}
}

// Each rung refuses with its own code, names the limit that bound, and says what is left.
func TestEveryRungRefusesWithItsOwnReason(t *testing.T) {
	type situation struct {
		v *view
		a *pontage.Attempt
	}
	for _, c := range []struct {
		name  string
		spoil func(s *situation)
		code  pontage.Code
		limit string
		left  string
	}{
		{"unknown token", func(s *situation) { s.v.lineage = nil }, pontage.Unauthenticated, "", ""},
		{"rotated away", func(s *situation) { s.v.lineage.TokenID = "newer" }, pontage.Unauthenticated, "", ""},
		{"other account", func(s *situation) { s.v.lineage.AccountID = "acc_2" }, pontage.Unauthenticated, "", ""},
		{"revoked", func(s *situation) { s.v.lineage.RevokedAt = noon.Add(-time.Second) }, pontage.TokenRevoked, "", ""},
		{"expired this very moment", func(s *situation) { s.v.lineage.ExpiresAt = noon }, pontage.TokenExpired, "", ""},
		{"account disabled", func(s *situation) { s.v.disabled = true }, pontage.Unauthenticated, "", ""},
		{"no operation", func(s *situation) { s.a.Match = nil }, pontage.OperationNotFound, "", ""},
		{"scope not held", func(s *situation) { s.a.Admission.Scopes = nil }, pontage.ScopeMissing, "", ""},
		{"scope disabled", func(s *situation) { s.a.Match.Scope.Enabled = false }, pontage.ScopeDisabled, "", ""},
		{"operation disabled", func(s *situation) { s.a.Match.Operation.Enabled = false }, pontage.ScopeDisabled, "", ""},
		{"API disabled", func(s *situation) { s.a.Match.API.Enabled = false }, pontage.ScopeDisabled, "", ""},
		{"restricted", func(s *situation) { s.a.Match.Scope.Restricted = true }, pontage.ScopeDisabled, "", ""},
		{"requirement", func(s *situation) { s.a.Match.Scope.Requirements = []string{"kyc"} }, pontage.RequirementMissing, "", ""},
		{"no price", func(s *situation) { s.a.Match.Scope.Price = nil }, pontage.NotSellable, "", ""},
		{"address", func(s *situation) {
			s.v.lineage.Limits.IP = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}
		}, pontage.AddressRefused, "ip", ""},
		{"rate", func(s *situation) { s.v.rate.Remaining = 0 }, pontage.RateLimited, "rate", "0"},
		{"releases", func(s *situation) { s.v.releases = pontage.RateState{Reset: time.Second} }, pontage.RateLimited, "releases", "0"},
		{"total", func(s *situation) {
			s.v.lineage.Limits.TotalRequests = ptr(int64(5))
			s.v.lineage.Usage.TotalRequests = 5
		}, pontage.LimitExhausted, "totalRequests", "0"},
		{"total of zero", func(s *situation) { s.v.lineage.Limits.TotalRequests = ptr(int64(0)) }, pontage.LimitExhausted, "totalRequests", "0"},
		{"credit", func(s *situation) { s.v.wallet.Held = 9_500_001 }, pontage.InsufficientCredit, "wallet", "0.499999"},
		{"wallet requests", func(s *situation) {
			s.v.lineage.Limits.WalletRequests = ptr(int64(2))
			s.v.lineage.Usage.WalletRequests = 2
		}, pontage.LimitExhausted, "walletRequests", "0"},
		{"wallet amount", func(s *situation) {
			s.v.lineage.Limits.WalletAmount = ptr(pontage.Money(1_400_000))
			s.v.lineage.Usage.WalletAmount = 1_000_000
		}, pontage.LimitExhausted, "walletAmount", "0.4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := situation{aView(), anAttempt()}
			c.spoil(&s)
			d := decide(s.v, s.a)
			if d.Admitted || d.stale || d.Refusal == nil || d.Refusal.Code != c.code || d.Limit != c.limit || d.Left != c.left {
				t.Fatalf("got %+v, refusal %v", d.Decision, d.Refusal)
			}
			if d.Refusal.Message != refusals[c.code] || d.Refusal.Message == "" {
				t.Errorf("message %q", d.Refusal.Message)
			}
			if d.Charged != 0 || d.Payer != pontage.PayerNone || d.CallID != "cal_1" {
				t.Errorf("a refusal takes something: %+v", d.Decision)
			}
		})
	}
}

// The order of the rungs is a promise: two faults at once give the reason of the earlier one.
func TestTheEarlierRungWins(t *testing.T) {
	spoil := []struct {
		code pontage.Code
		do   func(v *view, a *pontage.Attempt)
	}{
		{pontage.TokenRevoked, func(v *view, _ *pontage.Attempt) { v.lineage.RevokedAt = noon }},
		{pontage.ScopeMissing, func(_ *view, a *pontage.Attempt) { a.Admission.Scopes = nil }},
		{pontage.ScopeDisabled, func(_ *view, a *pontage.Attempt) { a.Match.Scope.Enabled = false }},
		{pontage.RequirementMissing, func(_ *view, a *pontage.Attempt) { a.Match.Scope.Requirements = []string{"kyc"} }},
		{pontage.NotSellable, func(_ *view, a *pontage.Attempt) { a.Match.Scope.Price = nil }},
		{pontage.AddressRefused, func(v *view, _ *pontage.Attempt) {
			v.lineage.Limits.IP = []netip.Prefix{netip.MustParsePrefix("2001:db8::/32")}
		}},
		{pontage.RateLimited, func(v *view, _ *pontage.Attempt) { v.rate.Remaining = 0 }},
		{pontage.LimitExhausted, func(v *view, _ *pontage.Attempt) { v.lineage.Limits.TotalRequests = ptr(int64(0)) }},
		{pontage.InsufficientCredit, func(v *view, _ *pontage.Attempt) { v.wallet.Balance = 0 }},
	}
	for first := range spoil {
		v, a := aView(), anAttempt()
		for _, s := range spoil[first:] {
			s.do(v, a)
		}
		if d := decide(v, a); d.Refusal == nil || d.Refusal.Code != spoil[first].code {
			t.Errorf("from %s on: got %v", spoil[first].code, d.Refusal)
		}
	}
	v, a := aView(), anAttempt()
	v.lineage.RevokedAt, a.Match = noon, nil
	if d := decide(v, a); d.Refusal.Code != pontage.TokenRevoked {
		t.Errorf("a dead token must not learn which operations exist: %v", d.Refusal)
	}
}

// A token that changed since admission sends the attempt back, unless it is dead anyway.
func TestStaleFactsAreReadAgainButADeadTokenIsDead(t *testing.T) {
	v, a := aView(), anAttempt()
	v.lineage.Version = 4
	if d := decide(v, a); !d.stale || d.Admitted || d.Refusal != nil {
		t.Errorf("got %+v", d)
	}
	v.lineage.RevokedAt = noon
	if d := decide(v, a); d.stale || d.Refusal == nil || d.Refusal.Code != pontage.TokenRevoked {
		t.Errorf("got %+v", d)
	}
}

// What fulfils a rung passes it.
func TestWhatIsGrantedIsAdmitted(t *testing.T) {
	v, a := aView(), anAttempt()
	a.Match.Scope.Restricted, a.Access.Scopes = true, []pontage.ScopeID{"sco_1"}
	a.Match.Scope.Requirements, a.Access.Requirements = []string{"kyc"}, []string{"kyc"}
	v.lineage.Limits = pontage.Limits{
		IP:            []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		TotalRequests: ptr(int64(6)), WalletRequests: ptr(int64(3)), WalletAmount: ptr(pontage.Money(1_500_000)),
	}
	v.lineage.Usage = pontage.Usage{TotalRequests: 5, WalletRequests: 2, WalletAmount: 1_000_000}
	v.wallet.Held = 9_500_000
	a.Address = netip.MustParseAddr("::ffff:192.0.2.9")
	d := decide(v, a)
	if !d.Admitted || d.Payer != pontage.PayerWallet || d.Charged != 500_000 || d.Rate.Remaining != 39 {
		t.Fatalf("got %+v, refusal %v", d.Decision, d.Refusal)
	}
}

// The payers are asked in order; a limit is the reason only if it kept away the last one that could have paid.
func TestThePayerAndTheReasonForNone(t *testing.T) {
	subscription := &pontage.Subscription{ID: "sub_1", TotalRequests: 2, UsedRequests: 1}
	empty := &pontage.Subscription{ID: "sub_0", TotalRequests: 2, UsedRequests: 2}
	none, one := ptr(int64(0)), ptr(int64(1))
	for _, c := range []struct {
		name          string
		price         pontage.Money
		balance       pontage.Money
		allowance     pontage.Allowance
		subscriptions []*pontage.Subscription
		limits        pontage.Limits
		payer         pontage.Payer
		code          pontage.Code
		limit         string
	}{
		{"free needs no payer", 0, 0, pontage.Allowance{}, nil, pontage.Limits{WalletRequests: none}, pontage.PayerNone, "", ""},
		{"allowance first", 1, 9, pontage.Allowance{Day: one}, []*pontage.Subscription{subscription}, pontage.Limits{}, pontage.PayerAllowance, "", ""},
		{"allowance of zero pays nothing", 1, 9, pontage.Allowance{Day: none}, nil, pontage.Limits{}, pontage.PayerWallet, "", ""},
		{"then the subscription", 1, 9, pontage.Allowance{}, []*pontage.Subscription{empty, subscription}, pontage.Limits{}, pontage.PayerSubscription, "", ""},
		{"then the wallet", 1, 9, pontage.Allowance{}, []*pontage.Subscription{empty}, pontage.Limits{}, pontage.PayerWallet, "", ""},
		{"the last micro", 9, 9, pontage.Allowance{}, nil, pontage.Limits{}, pontage.PayerWallet, "", ""},
		{"passed over to the wallet", 1, 9, pontage.Allowance{}, []*pontage.Subscription{subscription}, pontage.Limits{SubscriptionRequests: none}, pontage.PayerWallet, "", ""},
		{"nobody", 2, 1, pontage.Allowance{}, []*pontage.Subscription{empty}, pontage.Limits{}, "", pontage.InsufficientCredit, "wallet"},
		{"limit kept the only one", 2, 1, pontage.Allowance{}, []*pontage.Subscription{subscription}, pontage.Limits{SubscriptionRequests: none}, "", pontage.LimitExhausted, "subscriptionRequests"},
		{"limit kept the last one", 1, 9, pontage.Allowance{}, []*pontage.Subscription{subscription},
			pontage.Limits{SubscriptionRequests: none, WalletRequests: none}, "", pontage.LimitExhausted, "walletRequests"},
		{"limit on who cannot pay is no reason", 2, 1, pontage.Allowance{}, []*pontage.Subscription{empty},
			pontage.Limits{SubscriptionRequests: none, WalletRequests: none}, "", pontage.InsufficientCredit, "wallet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, a := aView(), anAttempt()
			a.Match.Scope.Price, a.Match.Scope.Allowance = &c.price, c.allowance
			v.wallet.Balance, v.subscriptions, v.lineage.Limits = c.balance, c.subscriptions, c.limits
			d := decide(v, a)
			if c.code == "" && (!d.Admitted || d.Payer != c.payer) || c.code != "" && (d.Admitted || d.Refusal.Code != c.code || d.Limit != c.limit) {
				t.Fatalf("got %+v, refusal %v", d.Decision, d.Refusal)
			}
			if want := c.price; d.Admitted && c.payer == pontage.PayerWallet && d.Charged != want || c.payer != pontage.PayerWallet && d.Charged != 0 {
				t.Errorf("charged %s", d.Charged)
			}
		})
	}
}

// A rate refusal says when to come back, in words and in time.
func TestARateRefusalSaysWhen(t *testing.T) {
	v, a := aView(), anAttempt()
	v.rate.Remaining, v.rate.Reset = 0, 1500*time.Millisecond
	d := decide(v, a)
	if d.Refusal.RetryAfter != 1500*time.Millisecond || !d.EndsAt.Equal(noon.Add(1500*time.Millisecond)) || d.Unit != "requests" {
		t.Errorf("got %+v", d.Decision)
	}
}

// A decision reads and changes nothing, so that a quote may ask it.
func TestADecisionChangesNothing(t *testing.T) {
	v, a := aView(), anAttempt()
	a.Match.Scope.Allowance = pontage.Allowance{Day: ptr(int64(3))}
	v.allowance = &pontage.AllowanceUse{Day: "2026-11-19", DayUsed: 3}
	v.subscriptions = []*pontage.Subscription{{ID: "sub_1", TotalRequests: 2}}
	lineage, wallet, allowance := *v.lineage, *v.wallet, *v.allowance
	if d := decide(v, a); d.Payer != pontage.PayerAllowance {
		t.Fatalf("got %+v", d)
	}
	if !reflect.DeepEqual(lineage, *v.lineage) || wallet != *v.wallet || allowance != *v.allowance || v.subscriptions[0].UsedRequests != 0 {
		t.Error("something changed")
	}
}

// Every limit of the table is described, and refuses with a code that has a message.
func TestTheTableOfLimitsIsWhole(t *testing.T) {
	for _, l := range Limits() {
		if l.Name == "" || l.Text == "" || l.Window == "" || refusals[l.Code] == "" {
			t.Errorf("%+v", l)
		}
	}
	for code, text := range Refusals() {
		if code.Failure().Status == 500 || text == "" {
			t.Errorf("%s: %q", code, text)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	v, a := aView(), anAttempt()
	b.ReportAllocs()
	for b.Loop() {
		if d := decide(v, a); !d.Admitted {
			b.Fatal(d.Refusal)
		}
	}
}

// BenchmarkApply decides batches in memory: what a batch costs besides its reads and writes.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{1, 16, 256} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			m := New(Config{Clock: func() time.Time { return noon }, DefaultRatePerMinute: 1 << 40})
			v := aView()
			v.wallet.Balance = pontage.MaxMoney
			items := make([]*item, size)
			for i := range items {
				a := anAttempt()
				a.CallID = pontage.NewCallID(noon)
				items[i] = &item{kind: kindReserve, attempt: *a}
			}
			state := &pontage.BatchState{
				Lineages: map[pontage.LineageID]*pontage.Lineage{"lin_1": v.lineage},
				Wallets:  map[pontage.AccountID]*pontage.Wallet{"acc_1": v.wallet},
			}
			b.ReportAllocs()
			for b.Loop() {
				v.wallet.Held = 0
				r := m.newRun(state, noon, items)
				if _, err := r.apply(items); err != nil {
					b.Fatal(err)
				}
				r.keep()
				if !r.results[size-1].verdict.Admitted {
					b.Fatal(r.results[size-1].verdict.Refusal)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/call")
		})
	}
}
