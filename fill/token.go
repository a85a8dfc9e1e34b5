package fill

import (
	"context"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

const (
	// tokenLife is how long a token is good, refreshLife how long its refresh token is longer.
	tokenLife   = 90 * 24 * time.Hour
	refreshLife = 90 * 24 * time.Hour
)

// token is one that is used today, and its line.
type token struct {
	row  pontage.Lineage
	line *line
}

// newTokens gives every account the tokens it makes on a day, the first ones on the first day; those before them are not used any more
// and are given back.
func (r *run) newTokens(day int) (retired []*token) {
	at := r.dayBegin(day)
	for n, c := range r.customers {
		due := max(1, c.tokens*int64(day+1)/int64(r.plan.Days)) - c.made
		if due == 0 {
			continue
		}
		for _, t := range c.current {
			delete(r.books.tokens, t.row.ID)
		}
		retired, c.current = append(retired, c.current...), nil
		for range due {
			c.current = append(c.current, r.newToken(c, at.Add(time.Duration(n)*time.Microsecond)))
		}
		c.made += due
	}
	return retired
}

func (r *run) newToken(c *customer, at time.Time) *token {
	limit, amount := int64(1_000_000), pontage.MaxMoney
	t := &token{line: &line{seen: map[netip.Addr]time.Time{}}}
	t.row = pontage.Lineage{
		ID: pontage.NewLineageID(at), AccountID: c.account, ClientID: c.client, Name: "Token", TokenID: pontage.NewTokenID(at), Version: 1,
		ScopeSetID: r.set, Limits: pontage.Limits{TotalRequests: &limit, WalletRequests: &limit, WalletAmount: &amount},
		TTL: tokenLife, CreatedAt: at, UpdatedAt: at, ExpiresAt: at.Add(tokenLife),
	}
	r.books.tokens[t.row.ID] = t.line
	return t
}

// writeTokens writes tokens whose counters do not change any more, with their lines.
func (r *run) writeTokens(ctx context.Context, all []*token) error {
	var lineages []pontage.Lineage
	var bearers []pontage.Token
	var refresh []pontage.RefreshToken
	var lines []keyedLine
	for _, t := range all {
		l := t.row
		l.Usage = t.line.usage
		lineages = append(lineages, l)
		bearers = append(bearers, pontage.Token{ID: l.TokenID, LineageID: l.ID, KeyID: r.keyID, Hash: r.hash(), CreatedAt: l.CreatedAt})
		refresh = append(refresh, pontage.RefreshToken{
			ID: pontage.NewRefreshTokenID(l.CreatedAt), LineageID: l.ID, TokenID: l.TokenID, KeyID: r.keyID, Hash: r.hash(),
			CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt.Add(refreshLife),
		})
		if len(t.line.seen) > 0 {
			lines = append(lines, keyedLine{pontage.StatisticKey{AccountID: l.AccountID, Dimension: pontage.ByToken, Key: string(l.ID)}, t.line})
		}
	}
	r.report.Tokens += int64(len(all))
	return first(
		func() error { return r.bulk.Lineages(ctx, lineages) },
		func() error { return r.bulk.Tokens(ctx, bearers) },
		func() error { return r.bulk.RefreshTokens(ctx, refresh) },
		func() error { return r.writeLines(ctx, lines) },
	)
}
