package docs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Terms say on which terms operations are sold.
type Terms struct {
	Currency pontage.Currency
	// RatePerMinute is what holds where a scope says nothing.
	RatePerMinute int64
	// PlanRequests is how many requests a month the plan of new accounts includes; 0 is none.
	PlanRequests int64
	// Simulated says what calls can be made to meet; empty where they are real.
	Simulated string
}

// Price says what a call of the scope costs.
func (t Terms) Price(sc *pontage.Scope) string {
	switch {
	case sc.Price == nil:
		return "Not for sale"
	case *sc.Price == 0:
		return "Free"
	}
	return fmt.Sprintf("%s %s a call", sc.Price, t.Currency)
}

// Offers are what the scope can be had for beside the single call, by name.
func (t Terms) Offers(sc *pontage.Scope) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(sc.Offers)) {
		all = append(all, fmt.Sprintf("%s %s %s", name, sc.Offers[name], t.Currency))
	}
	return all
}

// Allowance says which calls of the scope are free; empty where none are.
func (Terms) Allowance(sc *pontage.Scope) string {
	var parts []string
	for _, w := range windows(sc.Allowance) {
		parts = append(parts, fmt.Sprintf("%d %s", w.count, w.name))
	}
	return strings.Join(parts, ", ")
}

type window struct {
	key, name string
	count     int64
}

// windows are those that bound an allowance, the shortest first.
func windows(a pontage.Allowance) (all []window) {
	for _, w := range []struct {
		key, name string
		count     *int64
	}{{"day", "a day", a.Day}, {"month", "a month", a.Month}, {"year", "a year", a.Year}, {"total", "in total", a.Total}} {
		if w.count != nil {
			all = append(all, window{w.key, w.name, *w.count})
		}
	}
	return all
}

// Rate gives the calls a minute that a token may make of the scope.
func (t Terms) Rate(sc *pontage.Scope) int64 {
	if sc.RatePerMinute > 0 {
		return sc.RatePerMinute
	}
	return t.RatePerMinute
}

// addTo writes the terms into an operation: extensions for programs, a line of its description for people.
func (t Terms) addTo(operation *tree.Node, sc *pontage.Scope, platform bool) {
	tree.Set(operation, "x-pontage-scope", tree.Text(sc.Name))
	tree.Set(operation, "x-pontage-rate-limit", tree.Text(strconv.FormatInt(t.Rate(sc), 10)+"/min"))
	lines := []string{"**Scope** `" + sc.Name + "`"}
	if !platform {
		lines = append(lines, t.priceOf(operation, sc)...)
	}
	lines = append(lines, fmt.Sprintf("**Rate** %d calls a minute", t.Rate(sc)))
	if len(sc.Requirements) > 0 {
		tree.Set(operation, "x-pontage-requirements", texts(sc.Requirements))
		lines = append(lines, "**Requires** "+strings.Join(sc.Requirements, ", "))
	}
	if sc.Restricted {
		tree.Set(operation, "x-pontage-restricted", tree.True())
		lines = append(lines, "**Restricted** open to accounts that were granted it")
	}
	description := strings.TrimRight(tree.Value(tree.Member(operation, "description")), "\n ")
	if description != "" {
		description += "\n\n"
	}
	tree.Set(operation, "description", tree.Text(description+strings.Join(lines, " · ")))
}

func (t Terms) priceOf(operation *tree.Node, sc *pontage.Scope) []string {
	lines := []string{"**Price** " + t.Price(sc)}
	if sc.Price != nil {
		tree.Set(operation, "x-pontage-price", tree.Object("amount", tree.Text(sc.Price.String()), "currency", tree.Text(string(t.Currency)), "per", tree.Text("call")))
	}
	if len(sc.Offers) > 0 {
		offers := tree.Object()
		for _, name := range slices.Sorted(maps.Keys(sc.Offers)) {
			tree.Set(offers, name, tree.Text(sc.Offers[name].String()))
		}
		lines = append(lines, t.Offers(sc)...)
		tree.Set(operation, "x-pontage-offers", offers)
	}
	if free := t.Allowance(sc); free != "" {
		allowance := tree.Object()
		for _, w := range windows(sc.Allowance) {
			tree.Set(allowance, w.key, tree.Number(strconv.FormatInt(w.count, 10)))
		}
		tree.Set(operation, "x-pontage-allowance", allowance)
		lines = append(lines, "**Free** "+free)
	}
	return lines
}

func texts(values []string) *tree.Node {
	n := tree.List()
	for _, v := range values {
		n.Content = append(n.Content, tree.Text(v))
	}
	return n
}
