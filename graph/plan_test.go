package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

const planFields = `{kind since paidUntil autoRenew nextPaymentAt fee clients domains allowance{perMonth used left resetsAt} limits{clients domains members roles secrets}}`

// A partner at a limit reads what would help, books it at the fee they saw and once, has room, and leaves again with what was paid.
func TestAPlanIsBookedAtItsLimitAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.partners.SetPlan(t.Context(), pontage.Operator(), w.ann.id, pontage.PlanBasic))
		const create = `mutation{createClient(input:{name:"shop"}){client{id}}}`
		w.data(w.ann.basic(), create, nil)
		plan := w.data(w.ann.basic(), "{plan"+planFields+"}", nil)
		if plan.text("plan.kind") != "BASIC" || plan.text("plan.fee") != "29" || !same(plan.get("plan.clients"), 1) || !same(plan.get("plan.limits.clients"), 1) ||
			!same(plan.get("plan.limits.domains"), 3) || plan.get("plan.nextPaymentAt") != nil {
			t.Fatalf("%s", plan.Raw)
		}
		if !strings.Contains(plan.Raw, `"allowance":{"perMonth":2,"used":0,"left":2,"resetsAt":"2026-12-01T00:00:00Z"}`) {
			t.Errorf("%s", plan.Raw)
		}
		if r := w.ask(w.ann.basic(), create, nil); r.code() != "PLAN_LIMIT" || !strings.Contains(r.Errors[0].Message, "Upgrade to Enterprise, for 29 a month") {
			t.Errorf("one client too many: %s", r.Raw)
		}
		upgrade := func(fee, name string) *reply {
			return w.ask(w.ann.basic(), `mutation($f:Money!){upgradePlan(input:{fee:$f}){plan`+planFields+`}}`, map[string]any{"f": fee}, key, name)
		}
		if r := upgrade("28", "a"); r.code() != "CONFLICT" || r.Errors[0].Extensions.Field != "/input/fee" {
			t.Errorf("another fee: %s", r.Raw)
		}
		if r := upgrade("29", "b"); r.code() != "INSUFFICIENT_CREDIT" {
			t.Errorf("an empty wallet: %s", r.Raw)
		}
		w.credit(w.ann, "60")
		booked := upgrade("29", "c")
		if again := upgrade("29", "c"); booked.code() != "" || again.Header.Get("Idempotency-Replayed") != "true" || again.text("upgradePlan.plan.kind") != "ENTERPRISE" {
			t.Fatalf("%s\n%s", booked.Raw, again.Raw)
		}
		if booked.get("upgradePlan.plan.limits.clients") != nil || booked.get("upgradePlan.plan.allowance") != nil || booked.text("upgradePlan.plan.nextPaymentAt") != booked.text("upgradePlan.plan.paidUntil") {
			t.Errorf("%s", booked.Raw)
		}
		if r := upgrade("29", "d"); r.code() != "CONFLICT" {
			t.Errorf("booked twice: %s", r.Raw)
		}
		w.data(w.ann.basic(), create, nil)
		const paid = "{wallet{credit} transactions{nodes{kind amount}}}"
		if r := w.data(w.ann.basic(), paid, nil); r.text("wallet.credit") != "31" || !strings.Contains(r.Raw, `{"kind":"PLAN","amount":"-29"}`) {
			t.Errorf("%s", r.Raw)
		}
		const cancel = `mutation{cancelPlan(input:{clientMutationId:"x"}){clientMutationId plan` + planFields + `}}`
		if r := w.ask(w.ann.basic(), cancel, nil); r.text("cancelPlan.plan.kind") != "ENTERPRISE" || r.get("cancelPlan.plan.nextPaymentAt") != nil {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(w.ann.basic(), cancel, nil); r.code() != "CONFLICT" {
			t.Errorf("cancelled twice: %s", r.Raw)
		}
		w.clock.Advance(32 * 24 * time.Hour)
		must(t, w.partners.RenewPlans(t.Context()))
		after := w.data(w.ann.basic(), "{plan"+planFields+" wallet{credit}}", nil)
		if after.text("plan.kind") != "BASIC" || !same(after.get("plan.clients"), 2) || after.text("wallet.credit") != "31" {
			t.Errorf("%s", after.Raw)
		}
		if bob := w.data(w.bob.basic(), "{plan"+planFields+"}", nil); bob.text("plan.kind") != "ARRANGED" || bob.get("plan.since") != nil {
			t.Errorf("an account of the operator's: %s", bob.Raw)
		}
		found, err := w.meter.Verify(t.Context())
		if err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

// What Basic includes is used before any money: the partner sees it shrink, finds the plan as the payer of quote and receipt, and reads at
// its end what happened and when it begins anew.
func TestAPlansRequestsAreShownAsTheyAreUsed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.partners.SetPlan(t.Context(), pontage.Operator(), w.ann.id, pontage.PlanBasic))
		made := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer token{id}}}`, map[string]any{"s": []string{startScope}})
		bearer := made.text("createToken.bearer")
		plan := func() string { return w.data(w.ann.basic(), "{plan{allowance{perMonth used left resetsAt}}}", nil).Raw }
		for used := range planRequests {
			if r, want := plan(), fmt.Sprintf(`{"perMonth":2,"used":%d,"left":%d,"resetsAt":"2026-12-01T00:00:00Z"}`, used, planRequests-used); !strings.Contains(r, want) {
				t.Errorf("%s", r)
			}
			d := w.call(bearer, "GET", "/IT-start/1", 200)
			r := w.data(w.ann.basic(), `query($c:ID!){call(id:$c){payer charged price checks{name passed limit before after unit window}}}`, map[string]any{"c": d.CallID})
			want := fmt.Sprintf(`{"name":"plan","passed":true,"limit":"2","before":"%d","after":"%d","unit":"requests","window":"month"}`, planRequests-used, planRequests-used-1)
			if r.text("call.payer") != "PLAN" || r.text("call.charged") != "0" || r.text("call.price") != "0.05" || !strings.Contains(r.Raw, want) {
				t.Errorf("%s", r.Raw)
			}
		}
		quote := w.data(w.ann.basic(), `query($t:ID,$u:URL!){quote(input:{token:$t,method:"GET",url:$u}){admitted code reason checks{name passed before}}}`,
			map[string]any{"t": made.text("createToken.token.id"), "u": "https://" + apiHost + "/IT-start/1"})
		if quote.text("quote.code") != "INSUFFICIENT_CREDIT" || !strings.Contains(quote.text("quote.reason"), "The 2 requests that your plan includes this month are used up.") ||
			!strings.Contains(quote.Raw, `{"name":"plan","passed":false,"before":"0"}`) {
			t.Errorf("%s", quote.Raw)
		}
		w.clock.Advance(11 * 24 * time.Hour)
		if r := plan(); !strings.Contains(r, `{"perMonth":2,"used":0,"left":2,"resetsAt":"2027-01-01T00:00:00Z"}`) {
			t.Errorf("%s", r)
		}
	})
}
