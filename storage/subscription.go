package storage

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const subscriptionColumns = "s.id, s.account_id, s.scope_id, s.renews_id, s.term, s.price, s.total_requests, s.used_requests," +
	" s.auto_renew, s.starts_at, s.expires_at, s.created_at, s.updated_at"

func subscriptionTargets(v *pontage.Subscription) []any {
	return []any{&v.ID, &v.AccountID, &v.ScopeID, textInto(&v.Renews), &v.Term, &v.Price, &v.TotalRequests, &v.UsedRequests,
		&v.AutoRenew, timeInto(&v.StartsAt), timeInto(&v.ExpiresAt), timeInto(&v.CreatedAt), timeInto(&v.UpdatedAt)}
}

// Subscription implements pontage.LedgerReader.
func (r reader) Subscription(ctx context.Context, id pontage.SubscriptionID) (*pontage.Subscription, error) {
	s := r.statement("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "subscription", subscriptionTargets)
}

// RenewalOf implements pontage.LedgerReader.
func (r reader) RenewalOf(ctx context.Context, id pontage.SubscriptionID) (*pontage.Subscription, error) {
	s := r.statement("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.renews_id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "subscription", subscriptionTargets)
}

// Subscriptions implements pontage.LedgerReader.
func (r reader) Subscriptions(ctx context.Context, q pontage.SubscriptionQuery) ([]pontage.Subscription, error) {
	s := r.statement("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.account_id = ")
	return newest(ctx, r, s, "s", pontage.LogQuery{AccountID: q.AccountID, Scopes: q.Scopes, Page: q.Page}, "subscriptions", subscriptionTargets)
}

// newest ends the statement of an account's list: only these scopes, one page in its order. Scopes that are given but empty match
// nothing.
func newest[T any](ctx context.Context, r reader, s *statement, alias string, q pontage.LogQuery, what string, targets func(*T) []any) ([]T, error) {
	s.value(func(s *statement) { s.string(string(q.AccountID)) })
	if q.Scopes != nil && len(q.Scopes) == 0 {
		s.sql(" AND FALSE")
	} else if q.Scopes != nil {
		in(s.sql(" AND "+alias+".scope_id IN "), q.Scopes)
	}
	s, err := listed(s, alias+".created_at", alias+".id", q.Page)
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, what, targets)
}

// DueSubscriptions implements pontage.LedgerReader.
func (r reader) DueSubscriptions(ctx context.Context, before time.Time, limit int) ([]pontage.Subscription, error) {
	s := r.statement("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.auto_renew AND s.expires_at < ")
	s.value(func(s *statement) { s.time(before) })
	s.sql(" AND NOT EXISTS (SELECT 1 FROM subscriptions n WHERE n.renews_id = s.id) ORDER BY s.expires_at, s.id")
	s, err := page(s, pontage.Page{Limit: limit})
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, "subscriptions", subscriptionTargets)
}

// InsertSubscription implements pontage.LedgerWriter; a taken id, or a second one that renews the same, is Conflict.
func (t tx) InsertSubscription(ctx context.Context, v pontage.Subscription) error {
	t.cache.forgetSubscriptions()
	s := t.statement("INSERT INTO subscriptions (" + subscriptionInsertColumns + ") VALUES ")
	return t.insertFresh(ctx, s.rows(1, func(int) { subscriptionValues(s, v) }), 1, "subscription")
}

var subscriptionInsertColumns = strings.ReplaceAll(subscriptionColumns, "s.", "")

func subscriptionValues(s *statement, v pontage.Subscription) {
	s.string(string(v.ID)).string(string(v.AccountID)).string(string(v.ScopeID)).optional(string(v.Renews)).string(string(v.Term))
	s.number(int64(v.Price)).number(v.TotalRequests).number(v.UsedRequests).flag(v.AutoRenew)
	s.time(v.StartsAt).time(v.ExpiresAt).time(v.CreatedAt).time(v.UpdatedAt)
}

// UpdateSubscription implements pontage.LedgerWriter. Who it belongs to, what it renews and when it was made never change.
func (t tx) UpdateSubscription(ctx context.Context, v pontage.Subscription) error {
	t.cache.forgetSubscriptions()
	s := t.statement("")
	updateRows(s, "subscriptions", "term = v.column2, price = v.column3, total_requests = v.column4, auto_renew = v.column5,"+
		" starts_at = v.column6, expires_at = v.column7, updated_at = v.column8", "subscriptions.id = v.column1",
		[]pontage.Subscription{v}, func(v pontage.Subscription) {
			s.string(string(v.ID)).string(string(v.Term)).number(int64(v.Price)).number(v.TotalRequests).flag(v.AutoRenew)
			s.time(v.StartsAt).time(v.ExpiresAt).time(v.UpdatedAt)
		})
	n, err := t.execute(ctx, s, "subscription")
	if err == nil && n == 0 {
		err = missing("subscription")
	}
	return err
}
