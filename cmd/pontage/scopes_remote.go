package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
)

// askedAtOnce bounds how many scopes a running instance is asked for at the same time.
const askedAtOnce = 8

// remoteScope is a scope as an account sees it over HTTP.
type remoteScope struct {
	ID, Scope  string
	Enabled    bool
	Prices     map[string]pontage.Money
	FreeLimits struct{ DayLimit, MonthLimit, YearLimit, TotalLimit orFalse }
	RateLimit  any
}

// orFalse is a count, or false for none.
type orFalse struct{ count *int64 }

// UnmarshalJSON reads either.
func (o *orFalse) UnmarshalJSON(data []byte) error {
	if string(data) == "false" {
		return nil
	}
	return json.Unmarshal(data, &o.count)
}

// remoteRows asks a running instance for the scopes, and for the terms of those that are shown.
func (c scopesCommand) remoteRows(s *session) ([]scopeRow, error) {
	var all []remoteScope
	if err := c.ask(s, s.cli.Instance, http.MethodGet, "/scopes", nil, &all); err != nil {
		return nil, err
	}
	var wanted []remoteScope
	for _, sc := range all {
		fits, err := c.fits(sc.Scope)
		if err != nil {
			return nil, err
		}
		if fits {
			wanted = append(wanted, sc)
		}
	}
	first := min(max(c.Skip, 0), len(wanted))
	wanted = wanted[first:min(first+max(c.Limit, 0), len(wanted))]
	rows := make([]scopeRow, len(wanted))
	var group errgroup.Group
	group.SetLimit(askedAtOnce)
	for i, sc := range wanted {
		group.Go(func() error {
			if err := c.ask(s, s.cli.Instance, http.MethodGet, "/scopes/"+sc.ID, nil, &sc); err != nil {
				return err
			}
			rows[i] = sc.row(s.cli.RatePerMinute)
			return nil
		})
	}
	return rows, group.Wait()
}

// fits says whether a scope is one of those that were asked for.
func (c scopesCommand) fits(scope string) (bool, error) {
	for _, pattern := range c.Patterns {
		if ok, err := path.Match(pattern, scope); ok || err != nil {
			return ok, err
		}
	}
	return len(c.Patterns) == 0, nil
}

func (sc remoteScope) row(otherwise int64) scopeRow {
	free := pontage.Allowance{Day: sc.FreeLimits.DayLimit.count, Month: sc.FreeLimits.MonthLimit.count, Year: sc.FreeLimits.YearLimit.count,
		Total: sc.FreeLimits.TotalLimit.count}
	row := scopeRow{Scope: sc.Scope, Allowance: free.String(), Rate: otherwise, Open: "no"}
	if price, sold := sc.Prices["request"]; sold {
		row.Price = &price
	}
	if text, ok := sc.RateLimit.(string); ok {
		_, _ = fmt.Sscanf(text, "%d/min", &row.Rate)
	}
	if sc.Enabled {
		row.Open = "yes"
	}
	return row
}
