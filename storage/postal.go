package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const postalColumns = "id, user_id, is_default, fields, created_at, updated_at"

func postalTargets(a *pontage.PostalAddress) []any {
	return []any{&a.ID, &a.UserID, &a.Default, jsonInto(&a.PostalFields), timeInto(&a.CreatedAt), timeInto(&a.UpdatedAt)}
}

// PostalAddress implements pontage.PostalReader.
func (r reader) PostalAddress(ctx context.Context, id pontage.AddressID) (*pontage.PostalAddress, error) {
	s := r.fixed("SELECT " + postalColumns + " FROM postal_addresses WHERE id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "address", postalTargets)
}

// PostalAddresses implements pontage.PostalReader.
func (r reader) PostalAddresses(ctx context.Context, user pontage.UserID, f pontage.PostalFilter, page pontage.Keyset) ([]pontage.PostalAddress, error) {
	s := r.fixed("SELECT " + postalColumns + " FROM postal_addresses a WHERE a.user_id = ").value(func(s *statement) { s.string(string(user)) })
	if f.Kind != "" {
		s.sql(" AND a.kind = ").value(func(s *statement) { s.string(string(f.Kind)) })
	}
	return listAfter(ctx, r, s.either(f.Default, "a.is_default"), "a", page, "address", postalTargets)
}

// InsertPostalAddress implements pontage.PostalWriter.
func (t tx) InsertPostalAddress(ctx context.Context, a pontage.PostalAddress) error {
	s := t.fixed("INSERT INTO postal_addresses (id, user_id, kind, is_default, fields, created_at, updated_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(a.ID)).string(string(a.UserID)).string(string(a.Kind)).flag(a.Default).json(a.PostalFields).moment(a.CreatedAt).moment(a.UpdatedAt)
	})
	return t.insertFresh(ctx, s, 1, "address")
}

// UpdatePostalAddress implements pontage.PostalWriter; after a Conflict the unit of work must end.
func (t tx) UpdatePostalAddress(ctx context.Context, a pontage.PostalAddress) error {
	s := t.fixed("UPDATE postal_addresses SET kind = ").value(func(s *statement) { s.string(string(a.Kind)) })
	s.sql(", is_default = ").value(func(s *statement) { s.flag(a.Default) })
	s.sql(", fields = ").value(func(s *statement) { s.json(a.PostalFields) })
	s.sql(", updated_at = ").value(func(s *statement) { s.moment(a.UpdatedAt) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(a.ID)) }), "address")
	return met(n, err, "address")
}

// DeletePostalAddress implements pontage.PostalWriter.
func (t tx) DeletePostalAddress(ctx context.Context, id pontage.AddressID) error {
	s := t.fixed("DELETE FROM postal_addresses WHERE id = ").value(func(s *statement) { s.string(string(id)) })
	n, err := t.change(ctx, s, "address")
	return met(n, err, "address")
}

// ClearDefaultAddress implements pontage.PostalWriter.
func (t tx) ClearDefaultAddress(ctx context.Context, user pontage.UserID, kind pontage.AddressKind) error {
	s := t.fixed("UPDATE postal_addresses SET is_default = FALSE WHERE is_default AND user_id = ").value(func(s *statement) { s.string(string(user)) })
	_, err := t.change(ctx, s.sql(" AND kind = ").value(func(s *statement) { s.string(string(kind)) }), "address")
	return err
}
