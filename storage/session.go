package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

const sessionColumns = "s.id, s.user_id, s.key_id, s.hash, s.address, s.user_agent, s.created_at, s.last_active_at, s.expires_at, s.ended_at"

func sessionTargets(v *pontage.Session) []any {
	return []any{&v.ID, &v.UserID, &v.KeyID, bytesInto(&v.Hash), addressInto(&v.Address), &v.UserAgent, timeInto(&v.CreatedAt),
		timeInto(&v.LastActiveAt), timeInto(&v.ExpiresAt), timeInto(&v.EndedAt)}
}

// Session implements pontage.SessionReader.
func (r reader) Session(ctx context.Context, id pontage.SessionID) (*pontage.SessionHolder, error) {
	s := r.fixed("SELECT " + sessionColumns + ", a.disabled_at, " + userColumns + " FROM sessions s JOIN users u ON u.id = s.user_id" +
		" JOIN accounts a ON a.id = u.account_id WHERE s.id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "session", func(h *pontage.SessionHolder) []any {
		return append(append(sessionTargets(&h.Session), timeInto(&h.AccountDisabledAt)), userTargets(&h.User)...)
	})
}

// Sessions implements pontage.SessionReader.
func (r reader) Sessions(ctx context.Context, user pontage.UserID, now time.Time, f pontage.SessionFilter, page pontage.Keyset) ([]pontage.Session, error) {
	s := r.fixed("SELECT " + sessionColumns + " FROM sessions s WHERE s.user_id = ").value(func(s *statement) { s.string(string(user)) })
	s.sql(" AND s.ended_at IS NULL AND s.expires_at > ").value(func(s *statement) { s.moment(now) })
	s.sql(" AND s.last_active_at > ").value(func(s *statement) { s.moment(now.Add(-pontage.SessionIdle)) })
	return listAfter(ctx, r, s.holds("s.user_agent", f.UserAgent), "s", page, "session", sessionTargets)
}

// InsertSession implements pontage.SessionWriter; a taken id is Conflict.
func (t tx) InsertSession(ctx context.Context, v pontage.Session) error {
	s := t.fixed("INSERT INTO sessions (id, user_id, key_id, hash, address, user_agent, created_at, last_active_at, expires_at, ended_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(v.ID)).string(string(v.UserID)).string(v.KeyID).hash(v.Hash).address(v.Address).string(v.UserAgent)
		s.moment(v.CreatedAt).moment(v.LastActiveAt).moment(v.ExpiresAt).time(v.EndedAt)
	})
	return t.insertFresh(ctx, s, 1, "session")
}

// TouchSession implements pontage.SessionWriter.
func (t tx) TouchSession(ctx context.Context, id pontage.SessionID, at, before time.Time) error {
	s := t.fixed("UPDATE sessions SET last_active_at = ").value(func(s *statement) { s.moment(at) })
	s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(id)) })
	_, err := t.change(ctx, s.sql(" AND last_active_at < ").value(func(s *statement) { s.moment(before) }), "session")
	return err
}

// EndSession implements pontage.SessionWriter.
func (t tx) EndSession(ctx context.Context, id pontage.SessionID, at time.Time) (bool, error) {
	s := t.fixed("UPDATE sessions SET ended_at = ").value(func(s *statement) { s.moment(at) })
	n, err := t.change(ctx, s.sql(" WHERE ended_at IS NULL AND id = ").value(func(s *statement) { s.string(string(id)) }), "session")
	return n > 0, err
}

// EndSessions implements pontage.SessionWriter.
func (t tx) EndSessions(ctx context.Context, user pontage.UserID, except pontage.SessionID, at time.Time) (int, error) {
	s := t.fixed("UPDATE sessions SET ended_at = ").value(func(s *statement) { s.moment(at) })
	s.sql(" WHERE ended_at IS NULL AND user_id = ").value(func(s *statement) { s.string(string(user)) })
	return t.change(ctx, s.sql(" AND id <> ").value(func(s *statement) { s.string(string(except)) }), "session")
}
