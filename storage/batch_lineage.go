package storage

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	lineageFixed = "l.id, l.account_id, l.client_id, l.domain_id, l.name, l.token_id, l.version, l.scope_set_id, l.limit_total_requests," +
		" l.limit_wallet_requests, l.limit_subscription_requests, l.limit_wallet_amount, l.limit_ip, l.ttl, l.created_at, l.updated_at," +
		" l.expires_at, l.revoked_at"
	lineageColumns = lineageFixed + ", u.total_requests, u.wallet_requests, u.subscription_requests, u.error_requests, u.wallet_amount"
	// lineageTables are a token and its counters, which stand apart because every call writes them.
	lineageTables = "lineages l JOIN lineage_usage u ON u.lineage_id = l.id"
)

var lineageInsertColumns = strings.ReplaceAll(lineageFixed, "l.", "")

func lineageValues(s *statement, l pontage.Lineage) {
	s.string(string(l.ID)).string(string(l.AccountID)).optional(string(l.ClientID)).optional(string(l.DomainID)).string(l.Name).string(string(l.TokenID)).number(l.Version)
	s.string(string(l.ScopeSetID)).limit(l.Limits.TotalRequests).limit(l.Limits.WalletRequests).limit(l.Limits.SubscriptionRequests)
	s.limit((*int64)(l.Limits.WalletAmount)).optional(joinPrefixes(l.Limits.IP))
	s.number(int64(l.TTL)).moment(l.CreatedAt).moment(l.UpdatedAt).time(l.ExpiresAt).time(l.RevokedAt)
}

const lineageUsageColumns = "lineage_id, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount"

func lineageUsageValues(s *statement, l pontage.Lineage) {
	s.string(string(l.ID))
	usageValues(s, l.Usage)
}

// limit adds NULL for none.
func (s *statement) limit(value *int64) *statement {
	if value == nil {
		return s.null(kindNumber)
	}
	return s.number(*value)
}

// lineageTargets name plain types, where there are any: database/sql would write the others by reflection.
func lineageTargets(l *pontage.Lineage) []any {
	m, u := &l.Limits, &l.Usage
	return []any{(*string)(&l.ID), (*string)(&l.AccountID), textInto(&l.ClientID), textInto(&l.DomainID), &l.Name, (*string)(&l.TokenID), &l.Version,
		(*string)(&l.ScopeSetID), limitInto(&m.TotalRequests), limitInto(&m.WalletRequests), limitInto(&m.SubscriptionRequests),
		limitInto(&m.WalletAmount), prefixesInto(&m.IP), (*int64)(&l.TTL), timeInto(&l.CreatedAt), timeInto(&l.UpdatedAt),
		timeInto(&l.ExpiresAt), timeInto(&l.RevokedAt), &u.TotalRequests, &u.WalletRequests, &u.SubscriptionRequests, &u.ErrorRequests,
		(*int64)(&u.WalletAmount)}
}

// limitInto reads a number; NULL is none.
func limitInto[T ~int64](to **T) scanner {
	return func(source any) error {
		switch v := source.(type) {
		case nil:
			*to = nil
		case int64:
			limit := T(v)
			*to = &limit
		default:
			return fmt.Errorf("storage: a limit came as %T", source)
		}
		return nil
	}
}

// prefixesInto reads prefixes separated by spaces; NULL is none.
func prefixesInto(to *[]netip.Prefix) scanner {
	return func(source any) error {
		var text string
		if err := textInto(&text).Scan(source); err != nil {
			return err
		}
		for _, field := range strings.Fields(text) {
			prefix, err := netip.ParsePrefix(field)
			if err != nil {
				return err
			}
			*to = append(*to, prefix)
		}
		return nil
	}
}

func (t tx) batchLineages(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Lineages) == 0 {
		return nil
	}
	s := t.planned("SELECT " + lineageColumns + ", c.disabled_at FROM " + lineageTables + " LEFT JOIN clients c ON c.id = l.client_id WHERE l.id IN ")
	return &query{in(s, keys.Lineages), "token", func(r row) error {
		var l pontage.Lineage
		var disabled time.Time
		if err := r.Scan(append(lineageTargets(&l), timeInto(&disabled))...); err != nil {
			return err
		}
		state.Lineages[l.ID] = &l
		if !disabled.IsZero() {
			state.DisabledClients[l.ClientID] = true
		}
		return nil
	}}
}
