package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

const (
	sessionPrefix = "ses_"
	// sessionLife is how long a session lives at most.
	sessionLife = 14 * 24 * time.Hour
	// touchEvery is how often a session or a key notes that it is used.
	touchEvery = time.Minute
	// maxAgent is how much is kept of what a browser says of itself.
	maxAgent = 300
)

var errNoSession = pontage.E(pontage.Unauthenticated, "Log in first.")

// AuthenticateSession proves a person by the text of a session; what from knows of the request goes into the actor. Forgeries are
// refused before anything is read; whatever else is wrong is the same Unauthenticated. One read, and once a minute a write.
func (s *Service) AuthenticateSession(ctx context.Context, from pontage.Actor, text string) (pontage.Actor, error) {
	id, ok := s.credentials.Parse(text)
	if !ok || !strings.HasPrefix(id, sessionPrefix) {
		return pontage.Actor{}, errNoSession
	}
	h, err := s.store.Session(ctx, pontage.SessionID(id))
	if pontage.CodeOf(err) == pontage.NotFound {
		return pontage.Actor{}, errNoSession
	}
	if err != nil {
		return pontage.Actor{}, err
	}
	now := s.clock.Now()
	if !s.credentials.Keys.Matches(text, h.Session.KeyID, h.Session.Hash) || !h.Session.Live(now) ||
		!h.AccountDisabledAt.IsZero() || !h.User.DeletedAt.IsZero() {
		return pontage.Actor{}, errNoSession
	}
	if before := now.Add(-touchEvery); !h.Session.LastActiveAt.After(before) {
		// A database that cannot write just now must not log people out.
		_ = s.store.Write(ctx, func(tx pontage.Tx) error {
			return tx.TouchSession(ctx, h.Session.ID, now, before.Add(time.Microsecond))
		})
	}
	from.Kind, from.UserID, from.SessionID, from.AccountID = pontage.ActorUser, h.User.ID, h.Session.ID, h.User.AccountID
	return from, nil
}

// Logout ends the session of by; one that has ended already is as good.
func (s *Service) Logout(ctx context.Context, by pontage.Actor) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		ended, err := tx.EndSession(ctx, by.SessionID, s.clock.Now())
		if err != nil || !ended {
			return err
		}
		return s.note(ctx, tx, by, by.AccountID, "session.end", string(by.SessionID), nil, nil)
	})
}

// Sessions lists the live sessions of by's user that fit, newest first.
func (s *Service) Sessions(ctx context.Context, by pontage.Actor, f pontage.SessionFilter, page pontage.Keyset) ([]pontage.Session, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	return s.store.Sessions(ctx, by.UserID, s.clock.Now(), f, page)
}

// EndSession ends another session of the same user. NotFound for sessions of others and for ended ones; Conflict for the current one,
// which ends by Logout.
func (s *Service) EndSession(ctx context.Context, by pontage.Actor, id pontage.SessionID) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	if id == by.SessionID {
		return pontage.E(pontage.Conflict, "This is the session you are using. Log out to end it.").At("/id")
	}
	now := s.clock.Now()
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		h, err := tx.Session(ctx, id)
		if pontage.CodeOf(err) == pontage.NotFound || err == nil && (h.User.ID != by.UserID || !h.Session.Live(now)) {
			return errNotFound
		}
		if err != nil {
			return err
		}
		if _, err := tx.EndSession(ctx, id, now); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, by.AccountID, "session.end", string(id), nil, nil); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, nil)
	})
}

// EndOtherSessions ends every session of the user but the current one, and says how many there were.
func (s *Service) EndOtherSessions(ctx context.Context, by pontage.Actor) (ended int, err error) {
	if by.Kind != pontage.ActorUser {
		return 0, errNoSession
	}
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		if ended, err = tx.EndSessions(ctx, by.UserID, by.SessionID, s.clock.Now()); err != nil {
			return err
		}
		return s.note(ctx, tx, by, by.AccountID, "session.end_others", string(by.SessionID), nil, nil)
	})
	return ended, err
}

// cutAgent keeps the beginning of a user agent, as text that can be stored.
func cutAgent(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return -1
		}
		return r
	}, text)
	for len(text) > maxAgent {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
