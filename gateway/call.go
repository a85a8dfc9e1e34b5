package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// stage is how far a call's money is.
type stage int

const (
	unreserved stage = iota // refused, or not decided yet
	reserved
	settled
	released
)

// call is one request on its way through the gateway. One goroutine owns it; what others touch has its own lock.
type call struct {
	g       *Gateway
	w       *patientWriter
	in      *http.Request
	id      pontage.CallID
	started time.Time
	origin  origin
	entry   entry
	account pontage.AccountID
	// elsewhere says that a proxy takes the call to the API: it is decided here, nothing more. Repeatable says that the proxy gave
	// the call its id.
	elsewhere, repeatable bool
	// match is nil while no operation is known; unmatched says why there is none.
	match     *pontage.Match
	unmatched error
	attempt   pontage.Attempt
	decision  *pontage.Decision
	timeout   time.Duration
	maxBody   int64

	// ctx is the upstream call's own: it outlives the partner's connection.
	ctx     context.Context
	cancel  context.CancelCauseFunc
	timer   *time.Timer
	forget  func() bool // stops waiting for the partner to hang up
	upload  *upload
	body    []byte // of a call with a key, read before its decision
	answer  *answer
	stage   stage
	elapsed time.Duration

	// status and code are what the partner got, for the record.
	status int
	code   pontage.Code
}

type callKey struct{}

// callOf finds the call a proxied request belongs to.
func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

func (g *Gateway) begin(w http.ResponseWriter, r *http.Request) *call {
	now := g.Clock.Now()
	return &call{
		g: g, w: newPatientWriter(w, g.IdleTimeout), in: r, id: pontage.NewCallID(now), started: now,
		origin: originOf(r, g.TrustedProxies),
	}
}

// detached gives a context for an ending: it lives on when the partner is gone, and ends before the hold does.
func (c *call) detached() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.in.Context()), c.g.HoldMargin)
}

// hold is how long the call's reservation lives; a call whose end is not seen here is charged at once.
func (c *call) hold() time.Duration {
	if c.elsewhere {
		return 0
	}
	return c.timeout + c.g.HoldMargin
}

// settle charges for good.
func (c *call) settle(status int) error {
	ctx, cancel := c.detached()
	defer cancel()
	err := c.g.Meter.Settle(ctx, meter.Ending{CallID: c.id, Status: status, Elapsed: c.elapsed})
	if err == nil {
		c.stage = settled
	}
	return err
}

// giveBack undoes what was held or charged, and what nobody knows the charge of. What the database does not take now is owed by the meter,
// which says so in its log, so the answer may say it cost nothing either way.
func (c *call) giveBack(status int, code pontage.Code) {
	ctx, cancel := c.detached()
	defer cancel()
	err := c.g.Meter.GiveBack(ctx, meter.Ending{CallID: c.id, Status: status, Code: code, Elapsed: c.elapsed})
	if err != nil && pontage.CodeOf(err) != pontage.Unavailable {
		c.g.Logger.Error("a call could not be given back", "callId", c.id, "error", err)
	}
	c.stage = released
}
