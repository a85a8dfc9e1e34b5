package gateway

import (
	"net/http"

	"github.com/pontage/pontage"
)

// tell writes what every answer carries: the call's id, what it cost and who paid, and the state of the rate limit.
func (c *call) tell(h http.Header, payer pontage.Payer, charged pontage.Money) {
	t := new(told)
	t.set(h, "Pontage-Call-Id", string(c.id))
	t.set(h, "Pontage-Charged", charged.String())
	t.set(h, "Pontage-Currency", string(c.g.Currency))
	if c.decision == nil {
		return
	}
	if payer == pontage.PayerNone {
		payer = "free"
	}
	if c.decision.Repeats != "" {
		t.set(h, "Pontage-Repeats", string(c.decision.Repeats))
	}
	if c.decision.Admitted {
		t.set(h, "Pontage-Paid-By", string(payer))
	}
	if rate := c.decision.Rate; rate.Limit > 0 {
		t.set(h, "Ratelimit", `"default";r=`+decimal(rate.Remaining)+`;t=`+seconds(rate.Reset))
		t.set(h, "Ratelimit-Policy", `"default";q=`+decimal(rate.Limit)+`;w=`+seconds(rate.Window))
	}
}

// told keeps the values of the headers that every answer carries together: one piece of memory a call instead of one for each.
type told struct {
	values [7]string
	count  int
}

// set gives a header its one value; its name must be canonical.
func (t *told) set(h http.Header, name, value string) {
	t.values[t.count] = value
	h[name] = t.values[t.count : t.count+1 : t.count+1]
	t.count++
}
