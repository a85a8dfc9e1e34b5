package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

const mailColumns = "id, kind, recipient, subject, key_id, sealed, created_at, send_by_at, expires_at, next_at, attempts, sent_at, failure"

func mailTargets(m *pontage.Mail) []any {
	return []any{&m.ID, &m.Kind, &m.Recipient, &m.Subject, &m.KeyID, bytesInto(&m.Sealed), timeInto(&m.CreatedAt), timeInto(&m.SendBy),
		timeInto(&m.ExpiresAt), timeInto(&m.NextAt), &m.Attempts, timeInto(&m.SentAt), &m.Failure}
}

// Mail implements pontage.MailReader.
func (r reader) Mail(ctx context.Context, id pontage.MailID) (*pontage.Mail, error) {
	s := r.fixed("SELECT " + mailColumns + " FROM mails m WHERE m.id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "mail", mailTargets)
}

// Mails implements pontage.MailReader.
func (r reader) Mails(ctx context.Context, page pontage.Keyset) ([]pontage.Mail, error) {
	return listAfter(ctx, r, r.fixed("SELECT "+mailColumns+" FROM mails m WHERE 1 = 1"), "m", page, "mail", mailTargets)
}

// due are the mails that could be sent now.
func due(s *statement, now time.Time) *statement {
	s.sql(" FROM mails WHERE sent_at IS NULL AND next_at <= ").value(func(s *statement) { s.moment(now) })
	return s.sql(" AND send_by_at > ").value(func(s *statement) { s.moment(now) })
}

// MailsDue implements pontage.MailReader.
func (r reader) MailsDue(ctx context.Context, now time.Time) (int, error) {
	n, err := one(ctx, r, due(r.fixed("SELECT count(*)"), now), "mail", func(n *int) []any { return []any{n} })
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// InsertMail implements pontage.MailWriter; a taken id is Conflict.
func (t tx) InsertMail(ctx context.Context, m pontage.Mail) error {
	s := t.fixed("INSERT INTO mails (" + mailColumns + ") VALUES ")
	s.rows(1, func(int) {
		s.string(string(m.ID)).string(m.Kind).string(m.Recipient).string(m.Subject).string(m.KeyID).hash(m.Sealed).moment(m.CreatedAt)
		s.moment(m.SendBy).moment(m.ExpiresAt).moment(m.NextAt).number(int64(m.Attempts)).time(m.SentAt).string(m.Failure)
	})
	return t.insertFresh(ctx, s, 1, "mail")
}

// LeaseMails implements pontage.MailWriter. What a neighbour is leasing is left to it.
func (t tx) LeaseMails(ctx context.Context, now, until time.Time, limit int) ([]pontage.Mail, error) {
	s := t.statement("UPDATE mails SET attempts = attempts + 1, next_at = ").value(func(s *statement) { s.moment(until) })
	due(s.sql(" WHERE id IN (SELECT id"), now).sql(" ORDER BY next_at, id LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
	if t.postgres {
		s.sql(" FOR UPDATE SKIP LOCKED")
	}
	return list(ctx, t.reader, s.sql(") RETURNING "+mailColumns), "mail", mailTargets)
}

// UpdateMail implements pontage.MailWriter.
func (t tx) UpdateMail(ctx context.Context, m pontage.Mail) error {
	s := t.fixed("UPDATE mails SET key_id = ").value(func(s *statement) { s.string(m.KeyID) })
	s.sql(", sealed = ").value(func(s *statement) { s.hash(m.Sealed) })
	s.sql(", send_by_at = ").value(func(s *statement) { s.moment(m.SendBy) })
	s.sql(", next_at = ").value(func(s *statement) { s.moment(m.NextAt) })
	s.sql(", sent_at = ").value(func(s *statement) { s.time(m.SentAt) })
	s.sql(", failure = ").value(func(s *statement) { s.string(m.Failure) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(m.ID)) }), "mail")
	return met(n, err, "mail")
}
