package docs

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// homePage is where everybody starts.
type homePage struct {
	entry
	Steps []step
	// Paid is the call through the gateway, nil where nothing is for sale.
	Paid *paidCall
	// Platform is the host of the platform's own API.
	Platform  string
	Currency  pontage.Currency
	Rate      int64
	Downloads []kind
	APIs      int
	// Simulations and MagicValues are what can be forced; none where calls are real.
	Simulations, MagicValues []pontage.Simulation
}

// step is one of the six.
type step struct {
	Number      int
	Title, Text string
	// Anchor names the step in addresses.
	Anchor  string
	Samples []sample
}

// paidCall is an operation to begin with.
type paidCall struct {
	Title, Host, Summary, Slug string
	// Ended says that the summary ends in a mark.
	Ended  bool
	Sample sample
}

func (l *Library) home(w http.ResponseWriter, r *http.Request) {
	content := homePage{entry: l.entry(r), Steps: l.steps(), Platform: l.PlatformHost, Currency: l.Terms.Currency, Rate: l.Terms.RatePerMinute, Downloads: kinds,
		Simulations: l.Simulations, MagicValues: l.MagicValues}
	var err error
	if content.Paid, err = l.firstCall(r.Context()); err != nil {
		l.fail(w, r, err)
		return
	}
	for range l.offers() {
		content.APIs++
	}
	l.show(w, r, "home", http.StatusOK, page{Title: "Getting started", Nav: "home", Content: content,
		Summary: "From nothing to a paid call: make a token, call an API, and see what it cost."})
}

// offers are the APIs that are sold through the gateway, by host.
func (l *Library) offers() []catalog.Offer {
	var all []catalog.Offer
	for _, api := range l.Catalog.APIs() {
		if offer, ok := l.Catalog.Offer(api.Host); ok && !api.Platform {
			all = append(all, offer)
		}
	}
	return all
}

// firstCall is the cheapest GET that costs something and is open to everybody, of the first API that has one.
func (l *Library) firstCall(ctx context.Context) (*paidCall, error) {
	for _, offer := range l.offers() {
		cheapest := -1
		for i, o := range offer.Operations {
			price := o.Scope.Price
			if o.Operation.Method == http.MethodGet && price != nil && *price > 0 && o.Scope.Allowance.None() && !o.Scope.Restricted && len(o.Scope.Requirements) == 0 &&
				(cheapest < 0 || *price < *offer.Operations[cheapest].Scope.Price) {
				cheapest = i
			}
		}
		if cheapest < 0 {
			continue
		}
		r, err := l.reading(ctx, offer)
		if pontage.CodeOf(err) == pontage.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(r.Operations, func(o operation) bool {
			sc := r.scope(&o)
			return o.Method == http.MethodGet && sc != nil && sc.ID == offer.Operations[cheapest].Scope.ID
		})
		if at >= 0 {
			o := &r.Operations[at]
			s := l.sampleOf(r, o)
			s.Verb = "Make the call"
			return &paidCall{Title: r.Title, Host: offer.API.Host, Summary: o.Summary, Slug: o.Slug, Sample: s,
				Ended: strings.HasSuffix(o.Summary, ".")}, nil
		}
	}
	return nil, nil
}
