package meter

import "github.com/pontage/pontage"

// Check is one thing a decision looked at.
type Check struct {
	// Name is "token", "operation", "scope", "enabled", "requirements", "price", the name of a limit, "allowance", "plan" or "subscription".
	Name string
	// Passed says that it did not stop the call. A payer's check that did not pass means that this payer was passed over, which ends
	// in a refusal only where no other could pay.
	Passed bool
	// Limit is the whole, Before and After what was left of it before and after the decision, as decimal text in Unit; empty where it
	// has no such number.
	Limit, Before, After string
	// Unit is "requests", the currency, or "".
	Unit string
	// Window is over what the limit counts, as in Limit; for allowances "day", "month", "year" or "total", for plans "month".
	Window string
}

// Explanation says how a decision came about.
type Explanation struct {
	// Price is what one call of the scope cost when it was decided, whoever paid; nil where that is not known.
	Price *pontage.Money
	// Reason says in words why it was refused, or why this payer pays.
	Reason string
	// Checks are in the order of the decision and end where it ended.
	Checks []Check
}

var reasons = map[pontage.Payer]string{
	pontage.PayerNone:         "The operation is free.",
	pontage.PayerAllowance:    "The free allowance of the scope has room for it.",
	pontage.PayerPlan:         "There is no free allowance left; the requests that the plan includes this month have room for it.",
	pontage.PayerSubscription: "There is no free allowance left; a subscription has room for it.",
	pontage.PayerWallet:       "Neither allowance nor subscription pay for it; the wallet does.",
}

const reasonRepeat = "The first call under the same Idempotency-Key was paid for; this one repeats it."

// Explain unfolds a decision.
func (m *Meter) Explain(d *pontage.Decision) Explanation {
	e := explainer{payer: d.Payer, limit: d.Limit, currency: m.config.Currency}
	if d.Refusal != nil {
		e.code, e.message = d.Refusal.Code, d.Refusal.Message
	}
	return e.explain(d.Checks)
}

// explainCall unfolds the decision that a row of the log keeps.
func (m *Meter) explainCall(c *pontage.Call) Explanation {
	e := explainer{payer: c.Payer, limit: c.Limit, code: c.Code, message: c.Message, currency: m.config.Currency}
	return e.explain(c.Checks)
}

// explainer knows what a decision was and shows the numbers it looked at.
type explainer struct {
	code     pontage.Code
	message  string
	limit    string
	payer    pontage.Payer
	currency pontage.Currency

	price   int64
	repeats bool
	out     Explanation
}

func (e *explainer) explain(checks pontage.Checks) Explanation {
	e.out.Reason = reasons[e.payer]
	if e.code != "" {
		e.out.Reason = e.message
	}
	byRung := map[int][]noted{}
	for _, n := range readChecks(checks) {
		if n.mark == markPrice {
			e.price, e.out.Price = n.left, new(pontage.Money(n.left))
			continue
		}
		if n.mark == markRepeat {
			e.out.Reason, e.repeats = reasonRepeat, true
			continue
		}
		if about, known := marked[n.mark]; known {
			byRung[about.rung] = append(byRung[about.rung], n)
		}
	}
	last := rungOf(e.code, e.limit)
	for rung := range last + 1 {
		e.rung(rung, byRung[rung], rung == last && e.code != "")
	}
	return e.out
}

// rung adds the checks of one rung: its numbers where it has any, else that it was asked.
func (e *explainer) rung(rung int, numbers []noted, refused bool) {
	for _, n := range numbers {
		e.number(n)
	}
	switch {
	case len(numbers) > 0:
	case rung == rungTotal && !refused: // the token has no such limit
	case rung == rungPayer && refused:
		e.add(Check{Name: e.limit})
	case rung != rungPayer:
		e.add(Check{Name: rungNames[rung], Passed: !refused})
	case e.repeats:
		e.add(Check{Name: limitKey, Passed: true})
	case e.payer != pontage.PayerNone:
		e.add(Check{Name: string(e.payer), Passed: true})
	}
}

func (e *explainer) add(c Check) { e.out.Checks = append(e.out.Checks, c) }

// marked says what a mark is about: its rung, the payer it belongs to, the name and window it is shown under.
var marked = map[byte]struct {
	rung         int
	payer        pontage.Payer
	name, window string
}{
	markAddresses:            {rung: rungAddress, name: limitIP},
	markReleases:             {rung: rungRate, name: limitReleases},
	markRate:                 {rung: rungRate, name: limitRate},
	markTotalRequests:        {rung: rungTotal, name: "totalRequests"},
	markAllowanceDay:         {rungPayer, pontage.PayerAllowance, "allowance", "day"},
	markAllowanceMonth:       {rungPayer, pontage.PayerAllowance, "allowance", "month"},
	markAllowanceYear:        {rungPayer, pontage.PayerAllowance, "allowance", "year"},
	markAllowanceTotal:       {rungPayer, pontage.PayerAllowance, "allowance", "total"},
	markPlan:                 {rungPayer, pontage.PayerPlan, "plan", "month"},
	markSubscription:         {rungPayer, pontage.PayerSubscription, "subscription", "subscription"},
	markSubscriptionRequests: {rung: rungPayer, payer: pontage.PayerSubscription, name: "subscriptionRequests"},
	markCredit:               {rung: rungPayer, payer: pontage.PayerWallet, name: limitWallet},
	markWalletRequests:       {rung: rungPayer, payer: pontage.PayerWallet, name: "walletRequests"},
	markWalletAmount:         {rung: rungPayer, payer: pontage.PayerWallet, name: "walletAmount"},
}

// number adds a check with its numbers.
func (e *explainer) number(n noted) {
	about := marked[n.mark]
	c := Check{Name: about.name, Passed: true, Window: about.window}
	l := limitNamed(about.name)
	if c.Window == "" {
		c.Window = l.Window
	}
	if n.mark == markAddresses {
		c.Passed = e.code != pontage.AddressRefused
		e.add(c)
		return
	}
	cost := l.cost(pontage.Money(e.price))
	if l.Unit == "" { // allowances, plans and subscriptions count calls
		l = &Limit{Unit: unitRequests}
	}
	c.Before, c.Unit = l.show(n.left, e.currency)
	c.After = c.Before
	if n.mark != markCredit {
		c.Limit, _ = l.show(n.limit, e.currency)
	}
	if n.mark == markReleases { // a call takes nothing of it until it fails
		c.Passed = e.code != pontage.RateLimited || e.limit != limitReleases
		e.add(c)
		return
	}
	c.Passed = n.left >= cost
	if e.code == "" && (about.payer == pontage.PayerNone || about.payer == e.payer) {
		c.After, _ = l.show(n.left-cost, e.currency)
	}
	e.add(c)
}
