package meter

import (
	"reflect"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// refusedBy is what each fact comes to.
var refusedBy = map[pontage.Fact]pontage.Code{
	pontage.FactTokenUnknown: pontage.Unauthenticated, pontage.FactTokenExpired: pontage.TokenExpired, pontage.FactTokenRevoked: pontage.TokenRevoked,
	pontage.FactScopeMissing: pontage.ScopeMissing, pontage.FactScopeClosed: pontage.ScopeDisabled,
	pontage.FactRequirementOpen: pontage.RequirementMissing, pontage.FactNoPrice: pontage.NotSellable,
	pontage.FactForeignAddress: pontage.AddressRefused, pontage.FactRateUsed: pontage.RateLimited,
	pontage.FactTokenLimitUsed: pontage.LimitExhausted, pontage.FactNoCredit: pontage.InsufficientCredit,
}

// A partner who rehearses a refusal gets it whatever they own, in the words of the real one, and the rehearsal leaves no trace in what
// later calls are decided by.
func TestASupposedFactRefusesAndChangesNothing(t *testing.T) {
	calls := 0
	for fact, want := range refusedBy {
		for name, spoil := range map[string]func(v *view, a *pontage.Attempt){
			"paid":      func(*view, *pontage.Attempt) {},
			"free":      func(_ *view, a *pontage.Attempt) { a.Match.Scope.Price = ptr(pontage.Money(0)) },
			"allowance": func(_ *view, a *pontage.Attempt) { a.Match.Scope.Allowance.Day = ptr(int64(9)) },
			"planned": func(v *view, _ *pontage.Attempt) {
				v.planRequests, v.wallet.Plan.Included = 9, true
			},
			"subscribed": func(v *view, _ *pontage.Attempt) {
				v.subscriptions = []*pontage.Subscription{{ID: "sub_1", TotalRequests: 9, ExpiresAt: noon.Add(time.Hour)}}
			},
			"repeated": func(v *view, _ *pontage.Attempt) { v.key.charged = &pontage.Call{ID: "cal_0"} },
			"limited":  func(v *view, _ *pontage.Attempt) { v.lineage.Limits.TotalRequests = ptr(int64(9)) },
			"idle": func(v *view, _ *pontage.Attempt) {
				v.rate = pontage.RateState{Limit: 100, Remaining: 100, Window: time.Minute}
			},
		} {
			v, a, sameView, sameAttempt := aView(), anAttempt(), aView(), anAttempt()
			spoil(v, a)
			spoil(sameView, sameAttempt)
			a.Suppose.Fact, sameAttempt.Suppose.Fact = fact, fact
			seen, asked := suppose(*v, a)
			d := decide(&seen, asked)
			d.Checks = look(&seen, asked, &d)
			if d.Admitted || d.Refusal == nil || d.Refusal.Code != want || d.Refusal.Message != refusals[want] {
				t.Errorf("%s, %s: %+v %v", fact, name, d.Decision, d.Refusal)
			}
			if want == pontage.RateLimited && (d.Refusal.RetryAfter <= 0 || d.Rate.Remaining != 0) {
				t.Errorf("%s, %s: %+v", fact, name, d.Decision)
			}
			if !reflect.DeepEqual(v, sameView) || !reflect.DeepEqual(a, sameAttempt) {
				t.Errorf("%s, %s: what later calls see was changed", fact, name)
			}
			calls++
		}
	}
	t.Logf("%d rehearsals", calls)
}

// What is really wrong comes first: nobody must take a dead token for a live one because a rehearsal says something else.
func TestTheTruthRefusesBeforeTheRehearsal(t *testing.T) {
	v, a := aView(), anAttempt()
	v.lineage.RevokedAt, a.Suppose.Fact = noon, pontage.FactNoCredit
	seen, asked := suppose(*v, a)
	if d := decide(&seen, asked); d.Refusal == nil || d.Refusal.Code != pontage.TokenRevoked {
		t.Errorf("%+v", d.Decision)
	}
	v, a = aView(), anAttempt()
	a.Match, a.Suppose.Fact = nil, pontage.FactNoCredit
	seen, asked = suppose(*v, a)
	if d := decide(&seen, asked); d.Refusal == nil || d.Refusal.Code != pontage.OperationNotFound {
		t.Errorf("%+v", d.Decision)
	}
}
