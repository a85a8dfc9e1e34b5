package storage

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

const userColumns = "u.id, u.account_id, u.email, u.password, u.profile, u.created_at, u.verified_at, u.password_at, u.deleted_at"

func userTargets(u *pontage.User) []any {
	return []any{&u.ID, &u.AccountID, &u.Email, &u.Password, jsonInto(&u.Profile), timeInto(&u.CreatedAt), timeInto(&u.VerifiedAt),
		timeInto(&u.PasswordAt), timeInto(&u.DeletedAt)}
}

// User implements pontage.UserReader.
func (r reader) User(ctx context.Context, id pontage.UserID) (*pontage.User, error) {
	return r.userWhere(ctx, "u.id = ", string(id), "")
}

// UserByEmail implements pontage.UserReader.
func (r reader) UserByEmail(ctx context.Context, email string) (*pontage.User, error) {
	return r.userWhere(ctx, "u.email_key = ", strings.ToLower(email), "")
}

// UserOfAccount implements pontage.UserReader.
func (r reader) UserOfAccount(ctx context.Context, account pontage.AccountID) (*pontage.User, error) {
	return r.userWhere(ctx, "u.account_id = ", string(account), "")
}

// LockUser implements pontage.UserWriter. SQLite's unit of work is the only writer already.
func (t tx) LockUser(ctx context.Context, id pontage.UserID) (*pontage.User, error) {
	if t.postgres {
		return t.userWhere(ctx, "u.id = ", string(id), " FOR NO KEY UPDATE")
	}
	return t.userWhere(ctx, "u.id = ", string(id), "")
}

func (r reader) userWhere(ctx context.Context, condition, value, lock string) (*pontage.User, error) {
	s := r.fixed("SELECT " + userColumns + " FROM users u WHERE " + condition).value(func(s *statement) { s.string(value) })
	return one(ctx, r, s.sql(lock), "user", userTargets)
}

// Users implements pontage.UserReader.
func (r reader) Users(ctx context.Context, ids []pontage.UserID) ([]pontage.User, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(ctx, r, in(r.fixed("SELECT "+userColumns+" FROM users u WHERE u.id IN "), ids), "user", userTargets)
}

// InsertUser implements pontage.UserWriter.
func (t tx) InsertUser(ctx context.Context, u pontage.User) error {
	s := t.fixed("INSERT INTO users (id, account_id, email, email_key, password, profile, created_at, verified_at, password_at, deleted_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(u.ID)).string(string(u.AccountID)).string(u.Email).string(strings.ToLower(u.Email)).string(u.Password).json(u.Profile)
		s.moment(u.CreatedAt).time(u.VerifiedAt).time(u.PasswordAt).time(u.DeletedAt)
	})
	return t.insertFresh(ctx, s, 1, "user")
}

// UpdateUser implements pontage.UserWriter; after a Conflict the unit of work must end.
func (t tx) UpdateUser(ctx context.Context, u pontage.User) error {
	s := t.fixed("UPDATE users SET email = ").value(func(s *statement) { s.string(u.Email) })
	s.sql(", email_key = ").value(func(s *statement) { s.string(strings.ToLower(u.Email)) })
	s.sql(", password = ").value(func(s *statement) { s.string(u.Password) })
	s.sql(", profile = ").value(func(s *statement) { s.json(u.Profile) })
	s.sql(", verified_at = ").value(func(s *statement) { s.time(u.VerifiedAt) })
	s.sql(", password_at = ").value(func(s *statement) { s.time(u.PasswordAt) })
	s.sql(", deleted_at = ").value(func(s *statement) { s.time(u.DeletedAt) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(u.ID)) }), "user")
	return met(n, err, "user")
}
