package account

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// mostAddresses is how many addresses a person may keep.
const mostAddresses = 50

// AddressInput is an address as a person writes it; Default makes it the default of its kind. The first of a kind is that anyway.
type AddressInput struct {
	pontage.PostalFields
	Default bool
}

// Addresses lists the addresses of by's user that fit, newest first.
func (s *Service) Addresses(ctx context.Context, by pontage.Actor, f pontage.PostalFilter, page pontage.Keyset) ([]pontage.PostalAddress, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	return s.store.PostalAddresses(ctx, by.UserID, f, page)
}

// AddAddress adds an address. InvalidInput at the field's pointer, such as "/country"; LimitExhausted beyond 50.
func (s *Service) AddAddress(ctx context.Context, by pontage.Actor, in AddressInput) (*pontage.PostalAddress, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	if err := checkPostal(&in.PostalFields); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	a := pontage.PostalAddress{ID: pontage.NewAddressID(now), UserID: by.UserID, PostalFields: in.PostalFields, CreatedAt: now, UpdatedAt: now}
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		all, err := s.lockAddresses(ctx, tx, by)
		if err != nil {
			return err
		}
		if len(all) >= mostAddresses {
			return pontage.E(pontage.LimitExhausted, "At most %d addresses are kept.", mostAddresses)
		}
		if a.Default, err = s.takeDefault(ctx, tx, a, all, in.Default); err != nil {
			return err
		}
		if err := tx.InsertPostalAddress(ctx, a); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, by.AccountID, "address.create", string(a.ID), nil, pontage.AuditFields{"kind": string(a.Kind)}); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, a)
	})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// ChangeAddress writes an address anew. It fails as AddAddress does; NotFound for addresses of others.
func (s *Service) ChangeAddress(ctx context.Context, by pontage.Actor, id pontage.AddressID, in AddressInput) (*pontage.PostalAddress, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	if err := checkPostal(&in.PostalFields); err != nil {
		return nil, err
	}
	var a pontage.PostalAddress
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		all, err := s.lockAddresses(ctx, tx, by)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a pontage.PostalAddress) bool { return a.ID == id })
		if i < 0 {
			return errNotFound
		}
		a = all[i]
		changed := changedFields(a.PostalFields, in.PostalFields)
		a.PostalFields, a.UpdatedAt = in.PostalFields, s.clock.Now()
		if a.Default, err = s.takeDefault(ctx, tx, a, slices.Delete(all, i, i+1), in.Default); err != nil {
			return err
		}
		if err := tx.UpdatePostalAddress(ctx, a); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, by.AccountID, "address.change", string(id), nil, pontage.AuditFields{"kind": string(a.Kind), "fields": changed}); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, a)
	})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// RemoveAddress deletes an address; the newest other of its kind becomes the default where it was that. NotFound for addresses of others.
func (s *Service) RemoveAddress(ctx context.Context, by pontage.Actor, id pontage.AddressID) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		all, err := s.lockAddresses(ctx, tx, by)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a pontage.PostalAddress) bool { return a.ID == id })
		if i < 0 {
			return errNotFound
		}
		removed := all[i]
		if err := tx.DeletePostalAddress(ctx, id); err != nil {
			return err
		}
		if next := slices.IndexFunc(all, func(a pontage.PostalAddress) bool { return a.ID != id && a.Kind == removed.Kind }); removed.Default && next >= 0 {
			all[next].Default = true
			if err := tx.UpdatePostalAddress(ctx, all[next]); err != nil {
				return err
			}
		}
		if err := s.note(ctx, tx, by, by.AccountID, "address.remove", string(id), pontage.AuditFields{"kind": string(removed.Kind)}, nil); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, nil)
	})
}

// lockAddresses gives all addresses of by's user, newest first; nobody else changes them until the commit.
func (s *Service) lockAddresses(ctx context.Context, tx pontage.Tx, by pontage.Actor) ([]pontage.PostalAddress, error) {
	if _, err := tx.LockUser(ctx, by.UserID); err != nil {
		return nil, err
	}
	return tx.PostalAddresses(ctx, by.UserID, pontage.PostalFilter{}, pontage.Keyset{Limit: mostAddresses})
}

// takeDefault says whether an address is the default of its kind beside the others, and takes that from the one that was.
func (s *Service) takeDefault(ctx context.Context, tx pontage.Tx, a pontage.PostalAddress, others []pontage.PostalAddress, wanted bool) (bool, error) {
	there := slices.ContainsFunc(others, func(o pontage.PostalAddress) bool { return o.Kind == a.Kind && o.Default })
	if !there {
		return true, nil
	}
	if !wanted {
		return false, nil
	}
	return true, tx.ClearDefaultAddress(ctx, a.UserID, a.Kind)
}

// checkPostal checks every field and writes the country as its standard does.
func checkPostal(f *pontage.PostalFields) (err error) {
	if !slices.Contains(pontage.AddressKinds(), f.Kind) {
		return pontage.E(pontage.InvalidInput, "There is no such kind of address.").At("/kind")
	}
	for _, c := range []struct{ text, field string }{
		{f.Name, "/name"}, {f.Company, "/company"}, {f.FirstName, "/firstName"}, {f.LastName, "/lastName"}, {f.TaxNumber, "/taxNumber"},
		{f.RegistrationNumber, "/registrationNumber"}, {f.AccessCode, "/accessCode"}, {f.Street, "/street"}, {f.HouseNumber, "/houseNumber"},
		{f.Extra, "/extra"}, {f.PostalCode, "/postalCode"}, {f.City, "/city"}, {f.Region, "/region"},
	} {
		if err := pontage.CheckText(c.text, c.field); err != nil {
			return err
		}
	}
	if f.Country == "" {
		return pontage.E(pontage.InvalidInput, "The country is missing.").At("/country")
	}
	if f.Country, err = country(f.Country, "/country"); err != nil {
		return err
	}
	if f.Email != "" && checkEmail(f.Email) != nil {
		return pontage.E(pontage.InvalidInput, "This is no e-mail address.").At("/email")
	}
	return checkPhone(f.Phone, "/phone")
}
