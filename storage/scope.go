package storage

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type scopeRow struct {
	bun.BaseModel `bun:"table:scopes"`

	ID             pontage.ScopeID `bun:",pk"`
	APIID          pontage.APIID   `bun:"api_id"`
	Name           string
	Method         string
	Host           string
	Segment        string
	Enabled        bool
	Restricted     bool
	Price          *pontage.Money
	Offers         *string
	Subscriptions  *string
	AllowanceDay   *int64
	AllowanceMonth *int64
	AllowanceYear  *int64
	AllowanceTotal *int64
	RatePerMinute  int64
	Requirements   *string
}

func scopeToRow(s *pontage.Scope, row *scopeRow) error {
	offers, err := encode(s.Offers, s.Offers == nil)
	if err != nil {
		return err
	}
	subscriptions, err := encode(s.Subscriptions, s.Subscriptions == nil)
	if err != nil {
		return err
	}
	requirements, err := encode(s.Requirements, s.Requirements == nil)
	if err != nil {
		return err
	}
	*row = scopeRow{
		ID: s.ID, APIID: s.APIID, Name: s.Name, Method: s.Method, Host: s.Host, Segment: s.Segment,
		Enabled: s.Enabled, Restricted: s.Restricted, Price: s.Price, Offers: offers, Subscriptions: subscriptions,
		AllowanceDay: s.Allowance.Day, AllowanceMonth: s.Allowance.Month,
		AllowanceYear: s.Allowance.Year, AllowanceTotal: s.Allowance.Total,
		RatePerMinute: s.RatePerMinute, Requirements: requirements,
	}
	return nil
}

func (row *scopeRow) scope(s *pontage.Scope) error {
	offers, err := decode[map[string]pontage.Money](row.Offers)
	if err != nil {
		return err
	}
	subscriptions, err := decode[[]pontage.SubscriptionOffer](row.Subscriptions)
	if err != nil {
		return err
	}
	requirements, err := decode[[]string](row.Requirements)
	if err != nil {
		return err
	}
	*s = pontage.Scope{
		ID: row.ID, APIID: row.APIID, Name: row.Name, Method: row.Method, Host: row.Host, Segment: row.Segment,
		Enabled: row.Enabled, Restricted: row.Restricted, Price: row.Price, Offers: offers, Subscriptions: subscriptions,
		Allowance: pontage.Allowance{
			Day: row.AllowanceDay, Month: row.AllowanceMonth, Year: row.AllowanceYear, Total: row.AllowanceTotal,
		},
		RatePerMinute: row.RatePerMinute, Requirements: requirements,
	}
	return nil
}

// PutScopes inserts scopes or writes them anew, in one statement; a name that another scope has is Conflict, after which the unit
// of work must end.
func (t tx) PutScopes(ctx context.Context, scopes []pontage.Scope) error {
	rows := make([]scopeRow, len(scopes))
	for i := range scopes {
		if err := scopeToRow(&scopes[i], &rows[i]); err != nil {
			return err
		}
	}
	return put(ctx, t, rows, "scope", "api_id", "name", "method", "host", "segment", "enabled", "restricted", "price", "offers", "subscriptions",
		"allowance_day", "allowance_month", "allowance_year", "allowance_total", "rate_per_minute", "requirements")
}

// put inserts rows or overwrites their columns, in one statement.
func put[R any](ctx context.Context, t tx, rows []R, what string, columns ...string) error {
	if len(rows) == 0 {
		return nil
	}
	query := t.db.NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE").Returning("NULL")
	for _, column := range columns {
		query.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := query.Exec(ctx)
	return translate(err, what)
}
