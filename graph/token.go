package graph

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/oauth"
)

// placeOfToken knows when tokens were last used from what the page has read.
func (q *question) placeOfToken(used map[pontage.LineageID]time.Time) func(*oauth.Detail) pontage.Place {
	return func(d *oauth.Detail) pontage.Place {
		return q.place(string(d.ID), d.CreatedAt, map[pontage.SortKey]string{pontage.SortByName: d.Name},
			map[pontage.SortKey]time.Time{pontage.SortByExpiry: d.ExpiresAt, pontage.SortByLastUse: used[d.ID]})
	}
}

// lastUses are when the tokens of a page that is sorted by it were last used.
func (q *question) lastUses(ctx context.Context, all []oauth.Detail) (map[pontage.LineageID]time.Time, error) {
	if q.page.By != pontage.SortByLastUse || len(all) == 0 {
		return nil, nil
	}
	b := exchangeOf(ctx).batches
	_, _, err := b.lastUses.get(ctx, all[0].ID)
	return b.lastUses.all(), err
}

// tokens lists those of the caller's account, or of a client.
func (r *Resolver) tokens(ctx context.Context, q *question, client *string, f *model.TokenFilter) (all []oauth.Detail, err error) {
	asked := pontage.LineageQuery{Page: q.page}
	if f != nil {
		asked.Name = orEmpty(f.Name)
		if client, set := f.ClientID.ValueOK(); set {
			asked.ClientID = new(orEmpty(client))
		}
		if f.Active != nil {
			asked.Expired = new(!*f.Active)
		}
	}
	if client == nil {
		all, err = r.Tokens.TokenPage(ctx, actor(ctx), asked)
	} else {
		all, err = r.Tokens.ClientTokens(ctx, actor(ctx), pontage.ClientID(*client), asked)
	}
	b := exchangeOf(ctx).batches
	for i := range all {
		b.addresses.expect(all[i].ID)
		b.lastUses.expect(all[i].ID)
		b.makers.expect(all[i].ID)
		b.bearers.expect(all[i].ID)
		if all[i].ClientID != "" {
			b.clients.expect(all[i].ClientID)
		}
	}
	return all, err
}

func (r *Resolver) tokenPage(ctx context.Context, q *question, client *string, f *model.TokenFilter) (*model.Connection[oauth.Detail], error) {
	all, err := r.tokens(ctx, q, client, f)
	if err != nil {
		return nil, err
	}
	used, err := q.lastUses(ctx, all)
	return connection(q, all, err, q.placeOfToken(used))
}

// bearers reads a page of the bearers that a token had and has.
func (r *Resolver) bearers(ctx context.Context, token pontage.LineageID, q *question, f *model.TokenBearerFilter) ([]pontage.Bearer, error) {
	var current *bool
	if f != nil {
		current = f.Current
	}
	return exchangeOf(ctx).batches.bearers.get(ctx, token, q, current, func(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID][]pontage.Bearer, error) {
		return r.Tokens.Bearers(ctx, ids, current, q.keyset())
	})
}

func placeOfBearer(b *pontage.Bearer) pontage.Place {
	return pontage.Place{At: b.CreatedAt, ID: string(b.ID)}
}

// token finds a token by its lineage, by its bearer's id, or by the bearer.
func (r *Resolver) token(ctx context.Context, reference string) (*oauth.Detail, error) {
	if strings.HasPrefix(reference, "lin_") {
		return found(r.Tokens.Lineage(ctx, actor(ctx), pontage.LineageID(reference)))
	}
	id, err := r.Tokens.ParseTokenReference(reference)
	if err != nil {
		return nil, errNoNode
	}
	return found(r.Tokens.Token(ctx, actor(ctx), id))
}

// tokenID is what a token is known by to whoever changes it.
func (r *Resolver) tokenID(ctx context.Context, reference string) (id pontage.TokenID, err error) {
	if strings.HasPrefix(reference, "lin_") {
		id, err = r.Tokens.Bearer(ctx, actor(ctx), pontage.LineageID(reference))
	} else if id, err = r.Tokens.ParseTokenReference(reference); err != nil {
		err = errNoNode
	}
	return id, atID(err)
}

// atID says where the unknown token was named.
func atID(err error) error {
	if pontage.CodeOf(err) == pontage.NotFound {
		return pontage.Public(err).At("/id")
	}
	return err
}

func (r *Resolver) createToken(ctx context.Context, in model.CreateTokenInput) (*oauth.Issued, error) {
	asked := oauth.IssueInput{ClientID: orEmpty(in.ClientID), Name: in.Name, Scopes: in.Scopes, TTL: lifetime(in.TTLSeconds)}
	if in.Limits != nil {
		asked.Limits = limits(in.Limits)
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*oauth.Issued, error) {
		return r.Tokens.Issue(ctx, by, asked)
	})
}

func (r *Resolver) updateToken(ctx context.Context, in model.UpdateTokenInput) (*oauth.Detail, error) {
	asked := oauth.UpdateInput{Name: in.Name, Limits: limitsUpdate(in.Limits)}
	if in.Scopes != nil {
		asked.Scopes = &in.Scopes
	}
	if in.TTLSeconds != nil {
		ttl := lifetime(in.TTLSeconds)
		asked.TTL = &ttl
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*oauth.Detail, error) {
		id, err := r.tokenID(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		d, err := r.Tokens.Update(ctx, by, id, asked)
		return d, atID(err)
	})
}

func (r *Resolver) rotateToken(ctx context.Context, refresh string) (*oauth.Issued, error) {
	issued, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*oauth.Issued, error) {
		id, err := r.Tokens.RefreshedToken(ctx, refresh)
		if err != nil {
			return nil, err
		}
		by.Kind, by.Refresh = pontage.ActorRefresh, refresh
		return r.Tokens.Rotate(ctx, by, id)
	})
	if e := pontage.Public(err); err != nil && e.Field == "refresh" {
		return nil, e.At("/input/refreshToken")
	}
	return issued, err
}

func (r *Resolver) revokeToken(ctx context.Context, reference string) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		id, err := r.tokenID(ctx, reference)
		if err != nil {
			return err
		}
		return atID(r.Tokens.Revoke(ctx, by, id))
	})
}

// lifetime turns seconds into a duration; left out it is the default.
func lifetime(seconds *int32) time.Duration {
	if seconds == nil {
		return 0
	}
	return time.Duration(max(*seconds, 0)) * time.Second
}

// limits are those of a token that has none yet.
func limits(in *model.TokenLimitsInput) pontage.Limits {
	return pontage.Limits{TotalRequests: in.TotalRequests.Value(), WalletRequests: in.WalletRequests.Value(),
		SubscriptionRequests: in.SubscriptionRequests.Value(), WalletAmount: in.WalletAmount.Value(), IP: in.IP.Value()}
}

// limitsUpdate keeps apart what is left out and what is null.
func limitsUpdate(in graphql.Omittable[*model.TokenLimitsInput]) *oauth.LimitsUpdate {
	given, set := in.ValueOK()
	if !set {
		return nil
	}
	if given == nil {
		none := oauth.NoLimits()
		return &none
	}
	update := &oauth.LimitsUpdate{TotalRequests: change(given.TotalRequests), WalletRequests: change(given.WalletRequests),
		SubscriptionRequests: change(given.SubscriptionRequests), WalletAmount: change(given.WalletAmount)}
	if ip, set := given.IP.ValueOK(); set {
		update.IP = oauth.Change[[]netip.Prefix]{Set: true, Value: &ip}
	}
	return update
}

func change[T any](o graphql.Omittable[*T]) oauth.Change[T] {
	v, set := o.ValueOK()
	return oauth.Change[T]{Set: set, Value: v}
}
