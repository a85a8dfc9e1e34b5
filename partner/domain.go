package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// DomainInput asks for a domain.
type DomainInput struct {
	ClientID pontage.ClientID
	// Host may be international; it is kept in ASCII. See ParseHost.
	Host     string
	Settings pontage.DomainSettings
	Primary  bool
}

// CreateDomain makes a domain; a client's first one is its primary. Needs DomainWrite; InvalidInput at the field, Conflict at "/host" where
// the client has it, PlanLimit where the account's plan has no room.
func (s *Service) CreateDomain(ctx context.Context, by pontage.Actor, in DomainInput) (domain *pontage.Domain, err error) {
	host, err := ParseHost(in.Host)
	if err != nil {
		return nil, err
	}
	if err := checkSettings(host, &in.Settings); err != nil {
		return nil, err
	}
	err = s.change(ctx, by, in.ClientID, pontage.DomainWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		now := s.clock.Now()
		domain = &pontage.Domain{ID: pontage.NewDomainID(now), ClientID: in.ClientID, Host: host, Primary: in.Primary, DomainSettings: in.Settings,
			Proof: newProof(), CreatedAt: now, UpdatedAt: now}
		return domain, s.insertDomain(ctx, tx, by, a, domain)
	})
	if err != nil {
		return nil, err
	}
	return domain, nil
}

func (s *Service) insertDomain(ctx context.Context, tx pontage.Tx, by pontage.Actor, a *pontage.Authority, d *pontage.Domain) error {
	if err := s.room(ctx, tx, by, a.Client.AccountID, domainsOf(a.Client.AccountID)); err != nil {
		return err
	}
	others, err := tx.Domains(ctx, []pontage.ClientID{d.ClientID}, pontage.DomainFilter{}, pontage.Keyset{Limit: 1})
	if err != nil {
		return err
	}
	if len(others) == 0 {
		d.Primary = true
	} else if d.Primary {
		if err := tx.ClearPrimaryDomain(ctx, d.ClientID); err != nil {
			return err
		}
	}
	err = tx.InsertDomain(ctx, *d)
	if pontage.CodeOf(err) == pontage.Conflict {
		return pontage.E(pontage.Conflict, "The client has this domain already.").At("/host")
	}
	if err != nil {
		return err
	}
	return s.note(ctx, tx, by, &a.Client, "domain.create", string(d.ID), nil, domainFields(d))
}

// UpdateDomain changes a domain. Needs DomainWrite; InvalidInput at the field; NotFound for domains of others.
func (s *Service) UpdateDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, in DomainChange) (domain *pontage.Domain, err error) {
	err = s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		domain = d
		before := domainFields(d)
		in.apply(&d.DomainSettings)
		if err := checkSettings(d.Host, &d.DomainSettings); err != nil {
			return nil, err
		}
		if in.Primary != nil && *in.Primary != d.Primary {
			if err := tx.ClearPrimaryDomain(ctx, d.ClientID); err != nil {
				return nil, err
			}
			d.Primary = *in.Primary
		}
		return d, s.writeDomain(ctx, tx, by, a, d, "domain.update", before)
	})
	if err != nil {
		return nil, err
	}
	return domain, nil
}

// writeDomain writes a domain that was changed, and says so.
func (s *Service) writeDomain(ctx context.Context, tx pontage.Tx, by pontage.Actor, a *pontage.Authority, d *pontage.Domain, action string, before pontage.AuditFields) error {
	d.UpdatedAt = s.clock.Now()
	if err := tx.UpdateDomain(ctx, *d); err != nil {
		return err
	}
	return s.note(ctx, tx, by, &a.Client, action, string(d.ID), before, domainFields(d))
}

// DeleteDomain deletes a domain with its URLs, links and logo. Needs DomainWrite; NotFound for domains of others.
func (s *Service) DeleteDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID) error {
	return s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		if err := tx.DeleteDomain(ctx, id); err != nil {
			return nil, err
		}
		return d, s.note(ctx, tx, by, &a.Client, "domain.delete", string(id), domainFields(d), nil)
	})
}

// changeDomain is change for a domain.
func (s *Service) changeDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, do func(pontage.Tx, *pontage.Authority, *pontage.Domain) (any, error)) error {
	defer s.linked.ForgetAll()
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		d, err := tx.Domain(ctx, id)
		if err != nil {
			return nil, hidden(err)
		}
		a, err := s.lock(ctx, tx, by, d.ClientID, pontage.DomainWrite)
		if err != nil {
			return nil, err
		}
		if d, err = tx.Domain(ctx, id); err != nil {
			return nil, hidden(err)
		}
		return do(tx, a, d)
	})
}
