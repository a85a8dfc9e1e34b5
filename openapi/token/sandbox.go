package token

import (
	"context"
	"net/http"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// GetSandbox is GET /sandbox.
func (a *api) GetSandbox(w http.ResponseWriter, r *http.Request) {
	offer, err := a.Play.Offer(r.Context(), openapi.Actor(r))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	p := offer.Purse
	a.Answer(w, r, generated.SandboxOffer{
		Credit: generated.SandboxPurse{PerDay: p.PerDay, Left: p.Left, Start: p.Start, EndsAt: p.EndsAt.UTC()},
		Kept: generated.SandboxKept{Items: int64(offer.Echoes), MostItems: int64(offer.MostEchoes), MostBytes: int64(offer.MostBytes),
			Days: int64(offer.Keep / (24 * time.Hour))},
		Header: offer.Header, Simulations: simulationsJSON(offer.Simulations), MagicValues: simulationsJSON(offer.MagicValues),
	}, nil)
}

func simulationsJSON(all []pontage.Simulation) []generated.SandboxSimulation {
	out := make([]generated.SandboxSimulation, len(all))
	for i, s := range all {
		out[i] = generated.SandboxSimulation{Value: s.Value, OnPlatform: s.OnPlatform, Effect: s.Effect,
			Status: orNull(unlessZero(s.Status)), Code: orNull(unlessZero(string(s.Code)))}
	}
	return out
}

func unlessZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// CreditSandbox is POST /sandbox/credit.
func (a *api) CreditSandbox(w http.ResponseWriter, r *http.Request, _ generated.CreditSandboxParams) {
	in, err := openapi.Decode[generated.SandboxCredit](r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	description := ""
	if in.Description != nil {
		description = *in.Description
	}
	by := openapi.Repeatable(r, func(_ context.Context, _ pontage.Reader, t *pontage.Transfer) (any, error) { return creditJSON(t), nil })
	t, err := a.Play.Credit(r.Context(), by, in.Amount, description)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, creditJSON(t), nil)
}

func creditJSON(t *pontage.Transfer) generated.WalletTransaction {
	return generated.WalletTransaction{Id: string(t.ID), Amount: t.Amount, CreatedAt: t.CreatedAt.UTC(), Description: t.Description}
}

// ResetSandbox is POST /sandbox/reset.
func (a *api) ResetSandbox(w http.ResponseWriter, r *http.Request, _ generated.ResetSandboxParams) {
	by := openapi.Repeatable(r, func(_ context.Context, _ pontage.Reader, done *pontage.PlayReset) (any, error) {
		return resetJSON(done), nil
	})
	done, err := a.Play.Reset(r.Context(), by)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, resetJSON(done), nil)
}

func resetJSON(done *pontage.PlayReset) generated.SandboxReset {
	return generated.SandboxReset{Credit: done.Credit, Forgotten: int64(done.Forgotten), At: done.At.UTC()}
}

// GetSandboxCosts is GET /sandbox/costs.
func (a *api) GetSandboxCosts(w http.ResponseWriter, r *http.Request, p generated.GetSandboxCostsParams) {
	lines, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByScope})
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	out := generated.SandboxCosts{Date: orNull(p.Date), Scopes: make([]generated.SandboxScopeCost, 0, len(lines))}
	for _, l := range lines {
		id, used := pontage.ScopeID(l.Key), l.Usage
		if used.TotalRequests == 0 {
			continue
		}
		var price *pontage.Money
		if scope, ok := a.Catalog.ScopeByID(id); ok {
			price = scope.Price
		}
		out.TotalRequests += used.TotalRequests
		out.Cost += used.WalletAmount
		out.Scopes = append(out.Scopes, generated.SandboxScopeCost{
			Scope: a.scopeName(id), Domain: l.Host, Price: orNull(price), TotalRequests: used.TotalRequests, WalletRequests: used.WalletRequests,
			SubscriptionRequests: used.SubscriptionRequests, ErrorRequests: used.ErrorRequests, Cost: used.WalletAmount,
		})
	}
	a.Answer(w, r, out, nil)
}
