package partner

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

// maxResponse bounds a fallback response, in characters.
const maxResponse = 2000

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
	others, err := tx.Domains(ctx, d.ClientID, pontage.Keyset{Limit: 1})
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

// checkSettings gives the first thing wrong and the addresses in their canonical form.
func checkSettings(host string, in *pontage.DomainSettings) (err error) {
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return err
	}
	if err := checkURL(in.RedirectURI, "/redirectUri"); err != nil {
		return err
	}
	if err := checkURL(in.FallbackURI, "/fallbackUri"); err != nil {
		return err
	}
	if !utf8.ValidString(in.FallbackResponse) || strings.ContainsRune(in.FallbackResponse, 0) || utf8.RuneCountInString(in.FallbackResponse) > maxResponse {
		return pontage.E(pontage.InvalidInput, "At most %d characters are allowed here.", maxResponse).At("/fallbackResponse")
	}
	if host == localhost && !in.TestMode {
		return pontage.E(pontage.InvalidInput, "localhost is for test mode alone.").At("/testMode")
	}
	in.Servers, err = checkServers(in.Servers)
	return err
}

// domainFields are what the audit log says of a domain.
func domainFields(d *pontage.Domain) pontage.AuditFields {
	fields := pontage.AuditFields{"host": d.Host, "primary": strconv.FormatBool(d.Primary), "logo": d.LogoDigest}
	var settings map[string]any
	if text, err := json.Marshal(d.DomainSettings); err == nil && json.Unmarshal(text, &settings) == nil {
		for name, value := range settings {
			text, _ := json.Marshal(value)
			fields[name] = strings.Trim(string(text), `"`)
		}
	}
	return fields
}

// DomainChange changes a domain; what is nil stays. Primary true makes it the primary one in the place of another.
type DomainChange struct {
	Settings *pontage.DomainSettings
	Primary  *bool
}

// UpdateDomain writes settings and primary of a domain. Needs DomainWrite; InvalidInput at the field.
func (s *Service) UpdateDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, in DomainChange) (domain *pontage.Domain, err error) {
	err = s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		domain = d
		before := domainFields(d)
		if in.Settings != nil {
			settings := *in.Settings
			if err := checkSettings(d.Host, &settings); err != nil {
				return nil, err
			}
			d.DomainSettings = settings
		}
		if in.Primary != nil && *in.Primary != d.Primary {
			if err := tx.ClearPrimaryDomain(ctx, d.ClientID); err != nil {
				return nil, err
			}
			d.Primary = *in.Primary
		}
		d.UpdatedAt = s.clock.Now()
		if err := tx.UpdateDomain(ctx, *d); err != nil {
			return nil, err
		}
		return d, s.note(ctx, tx, by, &a.Client, "domain.update", string(id), before, domainFields(d))
	})
	if err != nil {
		return nil, err
	}
	return domain, nil
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

// Domain gives one domain. Needs DomainRead; NotFound for domains of others.
func (s *Service) Domain(ctx context.Context, by pontage.Actor, id pontage.DomainID) (*pontage.Domain, error) {
	d, err := s.store.Domain(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, d.ClientID, pontage.DomainRead); err != nil {
		return nil, err
	}
	return d, nil
}

// Domains lists a client's domains, newest first. Needs DomainRead.
func (s *Service) Domains(ctx context.Context, by pontage.Actor, client pontage.ClientID, page pontage.Keyset) ([]pontage.Domain, error) {
	if _, err := s.may(ctx, s.store, by, client, pontage.DomainRead); err != nil {
		return nil, err
	}
	return s.store.Domains(ctx, client, page)
}
