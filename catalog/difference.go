package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// Difference is how an API's scopes would differ after an import; the names are sorted.
type Difference struct {
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
	// Changed are there before and after, with another price or other rules.
	Changed []ScopeChange `json:"changed,omitempty"`
	// Unpriced have no price and could not be called.
	Unpriced []string `json:"unpriced,omitempty"`
}

// ScopeChange says what would be different of a scope.
type ScopeChange struct {
	Scope string `json:"scope"`
	// What is one text for each thing, "price 0.05 -> 0.07".
	What []string `json:"what"`
}

// difference compares the scopes before and after.
func (m *merge) difference() *Difference {
	d := &Difference{}
	for i := range m.scopes {
		after := &m.scopes[i]
		before, there := m.before[after.Name]
		there = there && before.Enabled && m.wasEnabled
		switch {
		case after.Enabled && !there:
			d.Added = append(d.Added, after.Name)
		case !after.Enabled && there:
			d.Removed = append(d.Removed, after.Name)
		case after.Enabled:
			if what := changes(&before, after); len(what) > 0 {
				d.Changed = append(d.Changed, ScopeChange{after.Name, what})
			}
		}
		if after.Enabled && after.Price == nil && !m.platform {
			d.Unpriced = append(d.Unpriced, after.Name)
		}
	}
	return d
}

// changes compares what the price file says of a scope.
func changes(before, after *pontage.Scope) (what []string) {
	old := rules(before)
	for i, rule := range rules(after) {
		if rule.text != old[i].text {
			what = append(what, fmt.Sprintf("%s %s -> %s", rule.name, old[i].text, rule.text))
		}
	}
	return what
}

type rule struct{ name, text string }

// rules are the rules of a scope in words, always the same ones.
func rules(sc *pontage.Scope) []rule {
	price, rate := "none", "default"
	if sc.Price != nil {
		price = sc.Price.String()
	}
	if sc.RatePerMinute > 0 {
		rate = fmt.Sprintf("%d/min", sc.RatePerMinute)
	}
	requirements := slices.Sorted(slices.Values(sc.Requirements))
	return []rule{
		{"price", price}, {"allowance", sc.Allowance.String()}, {"rate", rate}, {"restricted", fmt.Sprint(sc.Restricted)},
		{"requirements", "[" + strings.Join(requirements, " ") + "]"}, {"offers", jsonText(sc.Offers)}, {"subscriptions", jsonText(sc.Subscriptions)},
	}
}

func jsonText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // prices and lists of them always marshal
	}
	if string(text) == "null" {
		return "none"
	}
	return string(text)
}

// write adds what would be different.
func (d *Difference) write(b *strings.Builder) {
	for _, name := range d.Added {
		fmt.Fprintf(b, "  added %s\n", name)
	}
	for _, name := range d.Removed {
		fmt.Fprintf(b, "  removed %s\n", name)
	}
	for _, c := range d.Changed {
		fmt.Fprintf(b, "  changed %s: %s\n", c.Scope, strings.Join(c.What, "; "))
	}
	for _, name := range d.Unpriced {
		fmt.Fprintf(b, "  no price %s: it cannot be called\n", name)
	}
}
