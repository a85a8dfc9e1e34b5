package meter

import (
	"context"
	"errors"

	"github.com/pontage/pontage"
)

// ErrStale says that what admission cached of the token is older than the token: admit again, past the cache, and try again.
var ErrStale = errors.New("admission facts are stale")

// Reserve decides a call and, where it is admitted, holds its price; all of it is durable on return. A refusal is a decision, not
// an error. Errors are ErrStale, Unavailable (with RetryAfter: the queue is full, the instance stops or the database is away),
// Internal, and ctx's own: a caller that gave up holds nothing.
func (m *Meter) Reserve(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error) {
	if err := away(a.Suppose.Fact); err != nil {
		return nil, err
	}
	decision, err := m.submit(ctx, &item{kind: kindReserve, attempt: a, rows: rowsToReserve(&a)})
	if err != nil {
		return nil, err
	}
	if decision.row != nil && decision.row.State == pontage.CallReserved {
		m.open.Add(a.CallID, rowsOf(decision.row))
	}
	return &decision.Decision, nil
}

// Quote gives the decision Reserve would give now, and takes nothing. Errors are those of Reserve.
func (m *Meter) Quote(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error) {
	if err := away(a.Suppose.Fact); err != nil {
		return nil, err
	}
	a.Repeatable, a.Key = false, nil
	decision, err := m.submit(ctx, &item{kind: kindQuote, attempt: a, rows: rowsToReserve(&a)})
	if err != nil {
		return nil, err
	}
	return &decision.Decision, nil
}

// away is the answer where the fact has us stop or fail.
func away(f pontage.Fact) error {
	if f == pontage.FactPlatformStopping {
		return errStopping
	}
	return f.Failure()
}
