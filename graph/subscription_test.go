package graph_test

import (
	"testing"
	"time"
)

const (
	subscriptionFields = `{id scopeName term price totalRequests usedRequests remainingRequests autoRenew active expiresAt}`
	buyMonthly         = `mutation($s:ID!,$p:Money!){buySubscription(input:{scopeId:$s,term:MONTHLY,requests:2,price:$p,autoRenew:true}){subscription` + subscriptionFields + `}}`
)

// A partner sees what is for sale, buys it once however often the request is repeated, uses it before the wallet, and ends it.
func TestSubscriptionsAreBoughtUsedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.credit(w.ann, "1")
		offer := w.data(w.ann.basic(), `query($i:ID!){scope(id:$i){subscriptionOffers{term requests price}}}`, map[string]any{"i": string(w.scopeID(startScope))})
		if offer.text("scope.subscriptionOffers.0.term") != "MONTHLY" || offer.text("scope.subscriptionOffers.0.price") != "0.08" ||
			offer.text("scope.subscriptionOffers.1.term") != "ANNUAL" || !same(offer.get("scope.subscriptionOffers.1.requests"), 1000) {
			t.Fatalf("offers: %s", offer.Raw)
		}
		variables := map[string]any{"s": string(w.scopeID(startScope)), "p": "0.08"}
		first := w.ask(w.ann.basic(), buyMonthly, variables, key, "buy")
		again := w.ask(w.ann.basic(), buyMonthly, variables, key, "buy")
		id := first.text("buySubscription.subscription.id")
		if first.code() != "" || again.text("buySubscription.subscription.id") != id || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Fatalf("%s\n%s", first.Raw, again.Raw)
		}
		if credit := w.data(w.ann.basic(), "{wallet{credit}}", nil).text("wallet.credit"); credit != "0.92" {
			t.Errorf("the credit is %s", credit)
		}
		for name, c := range map[string]struct {
			p           person
			price, code string
		}{
			"another price":   {w.ann, "0.07", "CONFLICT"},
			"an empty wallet": {w.bob, "0.08", "INSUFFICIENT_CREDIT"},
		} {
			r := w.ask(c.p.basic(), buyMonthly, map[string]any{"s": string(w.scopeID(startScope)), "p": c.price})
			if r.code() != c.code || c.code == "CONFLICT" && r.Errors[0].Extensions.Field != "/input/price" {
				t.Errorf("%s: %s", name, r.Raw)
			}
		}
		bearer := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{startScope}}).text("createToken.bearer")
		w.call(bearer, "GET", "/IT-start/1", 200)
		one := w.data(w.ann.basic(), "query($i:ID!){subscription(id:$i)"+subscriptionFields+"}", map[string]any{"i": id})
		if !same(one.get("subscription.usedRequests"), 1) || !same(one.get("subscription.remainingRequests"), 1) || one.get("subscription.autoRenew") != true {
			t.Errorf("%s", one.Raw)
		}
		change := func(name string) *reply {
			w.clock.Advance(time.Second)
			return w.ask(w.ann.basic(), `mutation($i:ID!){`+name+`(input:{id:$i}){subscription`+subscriptionFields+`}}`, map[string]any{"i": id})
		}
		if r := change("cancelSubscription"); r.get("cancelSubscription.subscription.autoRenew") != false || r.get("cancelSubscription.subscription.active") != true {
			t.Errorf("%s", r.Raw)
		}
		if r := change("cancelSubscription"); r.code() != "CONFLICT" {
			t.Errorf("cancelled twice: %s", r.Raw)
		}
		if r := change("resumeSubscription"); r.get("resumeSubscription.subscription.autoRenew") != true {
			t.Errorf("%s", r.Raw)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if r := change("cancelSubscription"); r.code() != "CONFLICT" {
			t.Errorf("one that is over: %s", r.Raw)
		}
		log := w.data(w.ann.basic(), `{auditLog(filter:{action:"subscription."},order:OLDEST_FIRST){nodes{action target actor after{name value}}}}`, nil)
		for i, want := range []string{"subscription.buy", "subscription.cancel", "subscription.resume"} {
			if entry := at(log.get("auditLog.nodes"), string(rune('0'+i))); at(entry, "action") != want || at(entry, "target") != id || at(entry, "actor") != "ACCOUNT" {
				t.Errorf("entry %d: %v", i, entry)
			}
		}
		found, err := w.meter.Verify(t.Context())
		if err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}
