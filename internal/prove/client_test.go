package prove_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// client calls at random until the bank closes.
func (b *bank) client(closing <-chan struct{}) {
	for {
		select {
		case <-closing:
			return
		default:
		}
		if c := b.claims[rand.IntN(len(b.claims))]; c.mayAsk() {
			b.call(c, c.keep > 0 && rand.IntN(c.keep) == 0)
		}
	}
}

// exhaust uses up what is left of a claim.
func (b *bank) exhaust(c *claim) {
	for !c.exceeded() && c.mayAsk() && b.call(c, true) {
	}
}

// call makes one call at one instance and ends it at any: kept, or given back in one of two ways. It says whether it was admitted.
func (b *bank) call(c *claim, keep bool) bool {
	ctx, a := context.Background(), b.attempt(c)
	d, err := b.anywhere().Reserve(ctx, a)
	if err != nil {
		b.problem("a call was not decided: %v", err)
		return false
	}
	if !d.Admitted {
		if !mayRefuse(d.Refusal.Code) {
			b.problem("a call was refused: %v", d.Refusal)
		}
		return false
	}
	c.taken.Add(1)
	if err := b.end(ctx, c, a.CallID, keep); err != nil {
		b.problem("a call could not be ended: %v", err)
	}
	return true
}

func (b *bank) end(ctx context.Context, c *claim, id pontage.CallID, keep bool) error {
	ending := meter.Ending{CallID: id, Status: http.StatusOK}
	if keep {
		return b.anywhere().Settle(ctx, ending)
	}
	c.back.Add(1)
	if rand.IntN(2) == 0 {
		return b.anywhere().Release(ctx, meter.Ending{CallID: id, Status: http.StatusBadGateway})
	}
	if err := b.anywhere().Settle(ctx, ending); err != nil {
		return err
	}
	return b.anywhere().Refund(ctx, meter.Ending{CallID: id, Code: pontage.BadGateway})
}

func (b *bank) anywhere() *meter.Meter { return b.meters[rand.IntN(len(b.meters))] }

func (b *bank) attempt(c *claim) pontage.Attempt {
	token := c.tokens[rand.IntN(len(c.tokens))]
	return pontage.Attempt{
		CallID: pontage.NewCallID(time.Now()), Method: "GET", Host: apiHost, Address: netip.MustParseAddr("192.0.2.1"), Hold: time.Minute,
		Admission: pontage.Admission{
			TokenID: token.TokenID, LineageID: token.ID, AccountID: token.AccountID, Version: token.Version, Scopes: b.members,
		},
		Match: &pontage.Match{API: &b.api, Operation: &b.ops[c.scope], Scope: &b.scopes[c.scope]},
	}
}

// fund tops a wallet up, from any instance, while it is used.
func (b *bank) fund(closing <-chan struct{}) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-closing:
			return
		case <-tick.C:
		}
		const calls = 3
		for _, customer := range b.accounts {
			if customer.id != b.topped.tokens[0].AccountID {
				continue
			}
			if err := b.credit(b.anywhere(), customer, calls*price); err != nil {
				b.problem("a top-up failed: %v", err)
				continue
			}
			b.topped.limit.Add(calls)
		}
	}
}

func (b *bank) credit(m *meter.Meter, to *customer, amount pontage.Money) error {
	to.begun.Add(int64(amount))
	_, err := m.Credit(context.Background(), pontage.Operator(), to.id, amount, "Top-up")
	if err == nil {
		to.done.Add(int64(amount))
	}
	return err
}
