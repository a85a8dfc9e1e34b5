package meter

import (
	"context"
	"slices"
	"strconv"

	"github.com/pontage/pontage"
)

// PurchaseInput says which of a scope's offers an account buys.
type PurchaseInput struct {
	ScopeID pontage.ScopeID
	// Term and Requests name the offer.
	Term     pontage.Term
	Requests int64
	// Price is what the buyer saw: where the offer costs something else by now, nothing is bought.
	Price     pontage.Money
	AutoRenew bool
}

// BuySubscription buys what a scope offers for the actor's account: it starts now, and its price leaves the wallet in the same unit. The
// account itself or its user. Errors: Forbidden; NotFound at "/scopeId", or at "/term" for what is not offered; ScopeDisabled,
// RequirementMissing or NotSellable for a scope whose calls the account could not make; Conflict at "/price"; InsufficientCredit.
func (m *Meter) BuySubscription(ctx context.Context, by pontage.Actor, in PurchaseInput) (*pontage.Subscription, error) {
	if !by.Manages(by.AccountID) || by.Kind == pontage.ActorOperator {
		return nil, pontage.E(pontage.Forbidden, "Only the account itself buys.")
	}
	scope, err := m.offering(in)
	if err != nil {
		return nil, err
	}
	now := m.clock.Now()
	s := pontage.Subscription{
		ID: pontage.NewSubscriptionID(now), AccountID: by.AccountID, ScopeID: in.ScopeID, Term: in.Term, Price: in.Price,
		TotalRequests: in.Requests, AutoRenew: in.AutoRenew,
		StartsAt: now, ExpiresAt: now.Add(in.Term.Length()), CreatedAt: now, UpdatedAt: now,
	}
	err = m.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		access, err := tx.AccountAccess(ctx, by.AccountID)
		if err != nil {
			return err
		}
		if err := usable(scope, *access); err != nil {
			return err
		}
		if err := sell(ctx, tx, s); err != nil {
			return err
		}
		if err := m.noteSubscription(ctx, tx, by, "subscription.buy", nil, s); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &s)
	})
	if err != nil {
		return nil, err
	}
	m.Spent(ctx, by.AccountID)
	return &s, nil
}

// offering gives the scope that has this offer at this price.
func (m *Meter) offering(in PurchaseInput) (*pontage.Scope, error) {
	scope := m.scopeByID(in.ScopeID)
	if scope == nil {
		return nil, pontage.E(pontage.NotFound, "There is no scope with this id.").At("/scopeId")
	}
	i := slices.IndexFunc(scope.Subscriptions, func(o pontage.SubscriptionOffer) bool { return o.Term == in.Term && o.Requests == in.Requests })
	if i < 0 {
		return nil, pontage.E(pontage.NotFound, "This scope does not offer %d requests for this term. The scope lists what it offers.", in.Requests).At("/term")
	}
	if price := scope.Subscriptions[i].Price; price != in.Price {
		return nil, pontage.E(pontage.Conflict, "The price is %s now. Buy again with that price if you agree.", price).At("/price")
	}
	return scope, nil
}

// usable refuses a scope whose calls the account could not make, for the reason such a call would be refused for.
func usable(scope *pontage.Scope, access pontage.AccountAccess) error {
	a := &pontage.Attempt{Access: access, Match: &pontage.Match{Scope: scope, API: &pontage.API{Enabled: true}, Operation: &pontage.Operation{Enabled: true}}}
	for _, rung := range []func(*view, *pontage.Attempt) bound{offersScope, meetsRequirements, isSellable} {
		if b := rung(nil, a); b.code != "" {
			return refusal(b.code).At("/scopeId")
		}
	}
	return nil
}

// SetAutoRenew says whether a subscription of the actor's account is followed by another one; without it, it ends with what was paid.
// The account itself, its user or the operator. Errors: NotFound; Conflict where it has ended or was renewed already, and where it
// is as asked.
func (m *Meter) SetAutoRenew(ctx context.Context, by pontage.Actor, id pontage.SubscriptionID, on bool) (s *pontage.Subscription, err error) {
	err = m.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if s, err = m.renewable(ctx, tx, by, id); err != nil {
			return err
		}
		if s.AutoRenew == on {
			return pontage.E(pontage.Conflict, "The subscription is as asked already.").At("/id")
		}
		before := subscriptionFields(*s)
		s.AutoRenew, s.UpdatedAt = on, m.clock.Now()
		if err := tx.UpdateSubscription(ctx, *s); err != nil {
			return err
		}
		action := "subscription.cancel"
		if on {
			action = "subscription.resume"
		}
		if err := m.noteSubscription(ctx, tx, by, action, before, *s); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, s)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// renewable gives a subscription whose renewal can still be decided; it holds the wallet, as whoever renews does.
func (m *Meter) renewable(ctx context.Context, tx pontage.Tx, by pontage.Actor, id pontage.SubscriptionID) (*pontage.Subscription, error) {
	missing := pontage.E(pontage.NotFound, "Subscription not found").At("/id")
	s, err := tx.Subscription(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound || err == nil && !by.Manages(s.AccountID) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	if _, err := tx.LockWallet(ctx, s.AccountID); err != nil {
		return nil, err
	}
	if s, err = tx.Subscription(ctx, id); err != nil { // as it is behind the lock
		return nil, err
	}
	if !m.clock.Now().Before(s.ExpiresAt) {
		return nil, pontage.E(pontage.Conflict, "The subscription has ended. Buy another one.").At("/id")
	}
	switch next, err := tx.RenewalOf(ctx, id); pontage.CodeOf(err) {
	case pontage.NotFound:
		return s, nil
	case "":
		return nil, pontage.E(pontage.Conflict, "The subscription was renewed already: %s follows it. Decide about that one.", next.ID).At("/id")
	default:
		return nil, err
	}
}

func (m *Meter) noteSubscription(ctx context.Context, tx pontage.Tx, by pontage.Actor, action string, before pontage.AuditFields, s pontage.Subscription) error {
	return tx.InsertAudit(ctx, pontage.NewAuditEntry(by, m.clock.Now(), s.AccountID, action, string(s.ID), before, subscriptionFields(s)))
}

func subscriptionFields(s pontage.Subscription) pontage.AuditFields {
	return pontage.AuditFields{
		"scope": string(s.ScopeID), "term": string(s.Term), "price": s.Price.String(), "requests": strconv.FormatInt(s.TotalRequests, 10),
		"autoRenew": strconv.FormatBool(s.AutoRenew),
	}
}
