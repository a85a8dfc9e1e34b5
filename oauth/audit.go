package oauth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// namedScopes is how many scopes the audit log names; of more it says the number.
const namedScopes = 20

// note writes what was done to a token into the audit log of its account. Clients, bearers and refresh tokens do it by the thousand, as a
// matter of course; what people, accounts, the operator and the platform do is worth remembering.
func (s *Service) note(ctx context.Context, tx pontage.Tx, by pontage.Actor, action string, before, after *Detail) error {
	if !remembered(by) {
		return nil
	}
	if by.Kind == pontage.ActorRefresh { // of somebody who proved more than that they have it
		by.Kind = pontage.ActorAccount
		if by.UserID != "" {
			by.Kind = pontage.ActorUser
		}
	}
	l := after
	if l == nil {
		l = before
	}
	entry := pontage.NewAuditEntry(by, s.clock.Now(), l.AccountID, action, string(l.ID), auditFields(before), auditFields(after))
	return tx.InsertAudit(ctx, entry.Of(l.ClientID))
}

func remembered(by pontage.Actor) bool {
	switch by.Kind {
	case pontage.ActorAccount, pontage.ActorUser, pontage.ActorOperator, pontage.ActorSystem:
		return true
	case pontage.ActorRefresh:
		return by.UserID != "" || by.APIKeyID != ""
	}
	return false
}

// noteChange is note for a token that goes on; it reads the scopes of both only where they are written down.
func (s *Service) noteChange(ctx context.Context, tx pontage.Tx, by pontage.Actor, action string, before, after pontage.Lineage) error {
	if !remembered(by) {
		return nil
	}
	sets, err := s.scopeSets(ctx, tx, []pontage.ScopeSetID{before.ScopeSetID, after.ScopeSetID}, false)
	if err != nil {
		return err
	}
	named := func(l pontage.Lineage) *Detail {
		d := &Detail{Lineage: l}
		if set := sets[l.ScopeSetID]; set != nil {
			d.Scopes = s.scopes.ScopeNames(set.ids)
		}
		return d
	}
	return s.note(ctx, tx, by, action, named(before), named(after))
}

// auditFields are what the audit log says of a token.
func auditFields(d *Detail) pontage.AuditFields {
	if d == nil {
		return nil
	}
	f := pontage.AuditFields{
		"name": d.Name, "bearer": string(d.TokenID), "ttl": d.TTL.String(), "expiresAt": d.ExpiresAt.Format(time.RFC3339),
		"scopes": fmt.Sprintf("%d scopes", len(d.Scopes)),
	}
	if len(d.Scopes) <= namedScopes {
		f["scopes"] = strings.Join(d.Scopes, " ")
	}
	for name, limit := range map[string]*int64{
		"totalRequests": d.Limits.TotalRequests, "walletRequests": d.Limits.WalletRequests, "subscriptionRequests": d.Limits.SubscriptionRequests,
	} {
		if limit != nil {
			f[name] = fmt.Sprint(*limit)
		}
	}
	if d.Limits.WalletAmount != nil {
		f["walletAmount"] = d.Limits.WalletAmount.String()
	}
	if len(d.Limits.IP) > 0 {
		f["ip"] = strings.Trim(fmt.Sprint(d.Limits.IP), "[]")
	}
	return f
}
