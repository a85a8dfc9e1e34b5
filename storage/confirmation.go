package storage

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const selectConfirmations = "SELECT c.id, c.kind, c.email, c.user_id, c.account_id, c.name, c.password, c.key_id, c.hash, c.created_at, c.expires_at," +
	" c.used_at FROM confirmations c WHERE "

func confirmationTargets(c *pontage.Confirmation) []any {
	return []any{&c.ID, &c.Kind, &c.Email, textInto(&c.UserID), textInto(&c.AccountID), &c.Name, &c.Password, &c.KeyID, bytesInto(&c.Hash),
		timeInto(&c.CreatedAt), timeInto(&c.ExpiresAt), timeInto(&c.UsedAt)}
}

// Confirmation implements pontage.ConfirmationReader.
func (r reader) Confirmation(ctx context.Context, id pontage.ConfirmationID) (*pontage.Confirmation, error) {
	s := r.fixed(selectConfirmations + "c.id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "confirmation", confirmationTargets)
}

// OpenConfirmation implements pontage.ConfirmationReader.
func (r reader) OpenConfirmation(ctx context.Context, kind pontage.ConfirmationKind, email string, now time.Time) (*pontage.Confirmation, error) {
	s := r.fixed(selectConfirmations + "c.email_key = ").value(func(s *statement) { s.string(strings.ToLower(email)) })
	s.sql(" AND c.kind = ").value(func(s *statement) { s.string(string(kind)) })
	s.sql(" AND c.used_at IS NULL AND c.expires_at > ").value(func(s *statement) { s.moment(now) })
	return one(ctx, r, s.sql(" ORDER BY c.created_at DESC, c.id DESC LIMIT 1"), "confirmation", confirmationTargets)
}

// InsertConfirmation implements pontage.ConfirmationWriter; a taken id is Conflict.
func (t tx) InsertConfirmation(ctx context.Context, c pontage.Confirmation) error {
	s := t.fixed("INSERT INTO confirmations (id, kind, email, email_key, user_id, account_id, name, password, key_id, hash, created_at, expires_at," +
		" used_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(c.ID)).string(string(c.Kind)).string(c.Email).string(strings.ToLower(c.Email)).optional(string(c.UserID))
		s.optional(string(c.AccountID)).string(c.Name).string(c.Password).string(c.KeyID).hash(c.Hash)
		s.moment(c.CreatedAt).moment(c.ExpiresAt).time(c.UsedAt)
	})
	return t.insertFresh(ctx, s, 1, "confirmation")
}

// UseConfirmation implements pontage.ConfirmationWriter.
func (t tx) UseConfirmation(ctx context.Context, id pontage.ConfirmationID, at time.Time) (bool, error) {
	n, err := t.useConfirmations(ctx, "id = ", string(id), at)
	return n > 0, err
}

// EndConfirmationsTo implements pontage.ConfirmationWriter.
func (t tx) EndConfirmationsTo(ctx context.Context, email string, at time.Time) error {
	_, err := t.useConfirmations(ctx, "email_key = ", strings.ToLower(email), at)
	return err
}

// EndConfirmationsOf implements pontage.ConfirmationWriter.
func (t tx) EndConfirmationsOf(ctx context.Context, user pontage.UserID, at time.Time) error {
	_, err := t.useConfirmations(ctx, "user_id = ", string(user), at)
	return err
}

// useConfirmations also forgets what a registration waited with.
func (t tx) useConfirmations(ctx context.Context, condition, value string, at time.Time) (int, error) {
	s := t.fixed("UPDATE confirmations SET name = '', password = '', used_at = ").value(func(s *statement) { s.moment(at) })
	s.sql(" WHERE used_at IS NULL AND " + condition).value(func(s *statement) { s.string(value) })
	return t.change(ctx, s, "confirmation")
}
