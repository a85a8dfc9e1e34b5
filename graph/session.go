package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/model"
)

func sessionFilter(f *model.SessionFilter) pontage.SessionFilter {
	if f == nil {
		return pontage.SessionFilter{}
	}
	return pontage.SessionFilter{UserAgent: orEmpty(f.UserAgent)}
}

func placeOfSession(s *pontage.Session) pontage.Place {
	return pontage.Place{At: s.CreatedAt, ID: string(s.ID)}
}

// begin runs a rule that begins a session, puts it into the cookie, and goes on as its person.
func (r *Resolver) begin(ctx context.Context, rule func(ctx context.Context, by pontage.Actor) (*account.IssuedSession, error)) (*account.IssuedSession, error) {
	if r.Sessions == nil {
		return nil, errNoSessions
	}
	issued, err := repeatable(ctx, rule)
	if err != nil {
		return nil, err
	}
	x := exchangeOf(ctx)
	by, err := r.Accounts.AuthenticateSession(ctx, x.actor, issued.Text)
	if err != nil {
		return nil, err
	}
	r.Sessions.Set(x.header, *issued)
	x.become(by, issued.Text)
	x.batches = newBatches(&r.Config, by)
	return issued, nil
}

var errNoSessions = pontage.E(pontage.Unprocessable, "Nobody can log in here.")

// logout ends the request's session and says which it was.
func (r *Resolver) logout(ctx context.Context) (pontage.SessionID, error) {
	if err := repeatedly(ctx, r.Accounts.Logout); err != nil {
		return "", err
	}
	r.Sessions.Clear(exchangeOf(ctx).header)
	return actor(ctx).SessionID, nil
}
