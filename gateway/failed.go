package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/pontage/pontage"
)

// retrySoon is what Retry-After says where nobody knows better.
const retrySoon = time.Second

var (
	errLate       = pontage.E(pontage.GatewayTimeout, "The API did not answer in time. The call was not charged.")
	errSlowBody   = pontage.E(pontage.InvalidInput, "The request's body did not arrive in time. The call was not charged.")
	errBrokenBody = pontage.E(pontage.InvalidInput, "The request's body broke off or is malformed. The call was charged.")
	errNoAnswer   = pontage.E(pontage.BadGateway, "The API could not be reached or broke off. The call was not charged.")
	errBooksAway  = pontage.E(pontage.Unavailable, "The call could not be completed. It was not charged.")
)

// unsettled is the failure to charge an answer that is there: the answer must not be delivered.
type unsettled struct{ error }

// failed ends a call whose answer did not come, or may not be delivered. Nothing was sent to the partner yet.
func (c *call) failed(err error) {
	c.timer.Stop()
	var books unsettled
	if errors.As(err, &books) {
		c.undeliver(books)
		return
	}
	c.elapsed = c.g.Clock.Now().Sub(c.started)
	refusal := c.blame(err)
	if refusal == errBrokenBody {
		// A partner who stops sending releases nothing: the upstream has worked on what it got.
		if err := c.settle(0); err != nil {
			c.undeliver(unsettled{err})
			return
		}
	} else {
		c.giveBack(0, refusal.Code)
	}
	c.refuse(refusal.Because(err))
}

// undeliver ends a call whose charge is not known to be in the books: it is not charged, and if it is, it is given back. The partner is
// told first, for that may take as long as the database is away.
func (c *call) undeliver(books unsettled) {
	c.g.Logger.Error("settlement failed", "callId", c.id, "error", books.error)
	status := c.status
	c.refuse(errBooksAway.After(retrySoon))
	c.w.Flush()
	c.giveBack(status, pontage.Unavailable)
}

// blame says whose failure it is.
func (c *call) blame(err error) *pontage.Error {
	if c.upload != nil {
		switch c.upload.failure() {
		case uploadTooLarge:
			return errTooLarge
		case uploadLate:
			return errSlowBody
		case uploadBroken:
			return errBrokenBody
		}
	}
	var known *pontage.Error
	if errors.As(err, &known) { // an upstream in this process can say more than that there is no answer
		return known
	}
	if errors.Is(context.Cause(c.ctx), errHeadersLate) || errors.Is(err, errHeadersLate) {
		return errLate
	}
	return errNoAnswer
}
