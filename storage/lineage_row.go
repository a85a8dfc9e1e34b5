package storage

import (
	"net/netip"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type lineageRow struct {
	bun.BaseModel `bun:"table:lineages,alias:l"`
	lineageFields
}

// lineageFields is a row of lineages: what an update may change; the counters, which only batches change, stand apart.
type lineageFields struct {
	ID         pontage.LineageID `bun:",pk"`
	AccountID  pontage.AccountID
	ClientID   pontage.ClientID `bun:",nullzero"`
	DomainID   pontage.DomainID `bun:",nullzero"`
	Name       string
	TokenID    pontage.TokenID
	Version    int64
	ScopeSetID pontage.ScopeSetID

	LimitTotalRequests        *int64
	LimitWalletRequests       *int64
	LimitSubscriptionRequests *int64
	LimitWalletAmount         *pontage.Money
	LimitIP                   string `bun:",nullzero"`

	TTL       time.Duration
	CreatedAt time.Time
	UpdatedAt time.Time
	ExpiresAt time.Time `bun:",nullzero"`
	RevokedAt time.Time `bun:",nullzero"`
}

// lineageChanges are all columns but the id.
var lineageChanges = []string{
	"account_id", "client_id", "domain_id", "name", "token_id", "version", "scope_set_id",
	"limit_total_requests", "limit_wallet_requests", "limit_subscription_requests", "limit_wallet_amount", "limit_ip",
	"ttl", "created_at", "updated_at", "expires_at", "revoked_at",
}

func lineageToRow(l pontage.Lineage) *lineageRow {
	return &lineageRow{lineageFields: lineageFields{
		ID: l.ID, AccountID: l.AccountID, ClientID: l.ClientID, DomainID: l.DomainID, Name: l.Name, TokenID: l.TokenID, Version: l.Version,
		ScopeSetID:         l.ScopeSetID,
		LimitTotalRequests: l.Limits.TotalRequests, LimitWalletRequests: l.Limits.WalletRequests,
		LimitSubscriptionRequests: l.Limits.SubscriptionRequests, LimitWalletAmount: l.Limits.WalletAmount,
		LimitIP: joinPrefixes(l.Limits.IP),
		TTL:     l.TTL, CreatedAt: stored(l.CreatedAt), UpdatedAt: stored(l.UpdatedAt),
		ExpiresAt: stored(l.ExpiresAt), RevokedAt: stored(l.RevokedAt),
	}}
}

// joinPrefixes writes an IP list as text; an empty list is empty text, which is NULL: any address.
func joinPrefixes(prefixes []netip.Prefix) string {
	texts := mapped(prefixes, netip.Prefix.String)
	return strings.Join(texts, " ")
}
