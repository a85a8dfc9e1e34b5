package account

import (
	"context"

	"github.com/pontage/pontage"
)

// LoginInput is what a person types.
type LoginInput struct{ Email, Password string }

// IssuedSession is a new session, the only time its text is shown; it belongs into a cookie that scripts cannot read.
type IssuedSession struct {
	pontage.Session
	Text string
}

var errLogin = pontage.E(pontage.Unauthenticated, "E-mail or password is wrong.")

// Login proves a person by e-mail and password and begins a session; the one that by came with, if any, ends. Whether the e-mail is
// known or the password wrong, the answer is the same Unauthenticated and costs the same work. RateLimited after 10 failures for one
// e-mail in 15 minutes, on all instances together, or 100 from one address; Unavailable where too many log in at once; Forbidden for a
// disabled account, to who has its password.
func (s *Service) Login(ctx context.Context, by pontage.Actor, in LoginInput) (*IssuedSession, error) {
	if len(in.Email) > pontage.MaxEmail || len(in.Password) > MaxPassword {
		return nil, errLogin
	}
	p, hits, err := s.prove(ctx, by, in.Email, in.Password)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, by, p, hits)
}

// Relogin proves the person of a session once more and goes on under a new session; the old one ends. What needs a recent login may be
// done for 15 minutes from here. It fails as Login does.
func (s *Service) Relogin(ctx context.Context, by pontage.Actor, password string) (*IssuedSession, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	if len(password) > MaxPassword {
		return nil, errLogin
	}
	user, err := s.store.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	p, hits, err := s.prove(ctx, by, user.Email, password)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, by, p, hits)
}

// proven is a person whose password was right, and the hash to keep from now on.
type proven struct {
	pontage.User
	// renewed is the password under the present parameters, empty where it has them already.
	renewed string
}

// prove counts a guess before it hashes, so that no number of guesses at once gets past the bound; a person who logs in eleven times at
// the same moment pays for that. What it counted is to be given back by whoever ends the login.
func (s *Service) prove(ctx context.Context, by pontage.Actor, email, password string) (*proven, []pontage.RateHitID, error) {
	hits, err := s.take(ctx, guessesPerPerson.of(email), guessesPerAddress.from(by.Address))
	if err != nil {
		return nil, nil, err
	}
	p := &proven{}
	user, err := s.store.UserByEmail(ctx, email)
	if err == nil {
		p.User = *user
	} else if pontage.CodeOf(err) != pontage.NotFound {
		return nil, nil, err
	}
	ok, stale, err := s.passwords.matches(ctx, password, p.Password)
	if err == nil && ok && stale {
		p.renewed, err = s.passwords.hash(ctx, password)
	}
	if err != nil { // nobody guessed anything
		s.giveBack(context.WithoutCancel(ctx), hits)
		return nil, nil, err
	}
	if !ok {
		return nil, nil, errLogin
	}
	return p, hits, nil
}

// begin makes the session, unless the password was changed or the person deleted since it was proven.
func (s *Service) begin(ctx context.Context, by pontage.Actor, p *proven, hits []pontage.RateHitID) (*IssuedSession, error) {
	now := s.clock.Now()
	issued := &IssuedSession{Session: pontage.Session{
		ID: pontage.NewSessionID(now), UserID: p.ID, Address: by.Address, UserAgent: cutAgent(by.UserAgent),
		CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(sessionLife),
	}}
	issued.Text = s.credentials.New(string(issued.ID))
	issued.KeyID, issued.Hash = s.credentials.Keys.Hash(issued.Text)
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := s.admitted(ctx, tx, p); err != nil {
			return err
		}
		if by.SessionID != "" { // the cookie it was in is overwritten, whoever it belonged to
			if _, err := tx.EndSession(ctx, by.SessionID, now); err != nil {
				return err
			}
		}
		if err := tx.ReturnHits(ctx, hits); err != nil {
			return err
		}
		if err := tx.InsertSession(ctx, issued.Session); err != nil {
			return err
		}
		return s.noteUser(ctx, tx, by, &p.User, "session.begin", string(issued.ID), nil, pontage.AuditFields{"device": Device(by.UserAgent)})
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// admitted looks again at who was proven, and keeps the password under the present parameters.
func (s *Service) admitted(ctx context.Context, tx pontage.Tx, p *proven) error {
	user, err := tx.LockUser(ctx, p.ID)
	if err != nil {
		return err
	}
	if !user.PasswordAt.Equal(p.PasswordAt) || !user.DeletedAt.IsZero() {
		return errLogin
	}
	account, err := tx.Account(ctx, user.AccountID)
	if err != nil {
		return err
	}
	if !account.DisabledAt.IsZero() {
		return pontage.E(pontage.Forbidden, "This account is disabled.")
	}
	if p.renewed == "" {
		return nil
	}
	user.Password = p.renewed
	return tx.UpdateUser(ctx, *user)
}
