package storage

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type accountScopeRow struct {
	bun.BaseModel `bun:"table:account_scopes"`

	AccountID pontage.AccountID `bun:",pk"`
	ScopeID   pontage.ScopeID   `bun:",pk"`
}

type accountRequirementRow struct {
	bun.BaseModel `bun:"table:account_requirements"`

	AccountID   pontage.AccountID `bun:",pk"`
	Requirement string            `bun:",pk"`
}

const selectAccess = `SELECT 1 AS kind, scope_id AS name FROM account_scopes WHERE account_id = ?0
UNION ALL SELECT 2, requirement FROM account_requirements WHERE account_id = ?0 ORDER BY 1, 2`

// AccountAccess gives what an account may beyond the default, sorted, in one read; it is empty for an account without any.
func (r reader) AccountAccess(ctx context.Context, account pontage.AccountID) (*pontage.AccountAccess, error) {
	var rows []struct {
		Kind int
		Name string
	}
	if err := r.db.NewRaw(selectAccess, account).Scan(ctx, &rows); err != nil {
		return nil, translate(err, "account")
	}
	access := new(pontage.AccountAccess)
	for _, row := range rows {
		if row.Kind == 1 {
			access.Scopes = append(access.Scopes, pontage.ScopeID(row.Name))
		} else {
			access.Requirements = append(access.Requirements, row.Name)
		}
	}
	return access, nil
}

// SetAccountAccess replaces what an account may beyond the default; duplicates count once.
func (t tx) SetAccountAccess(ctx context.Context, account pontage.AccountID, access pontage.AccountAccess) error {
	for _, row := range []any{(*accountScopeRow)(nil), (*accountRequirementRow)(nil)} {
		if _, err := t.db.NewDelete().Model(row).Where("account_id = ?", account).Exec(ctx); err != nil {
			return translate(err, "account")
		}
	}
	scopes := mapped(access.Scopes, func(id pontage.ScopeID) accountScopeRow {
		return accountScopeRow{AccountID: account, ScopeID: id}
	})
	requirements := mapped(access.Requirements, func(name string) accountRequirementRow {
		return accountRequirementRow{AccountID: account, Requirement: name}
	})
	if err := insertAll(ctx, t, scopes); err != nil {
		return err
	}
	return insertAll(ctx, t, requirements)
}

// insertAll adds the rows that are not there yet; no rows cost no statement.
func insertAll[R any](ctx context.Context, t tx, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := t.db.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return translate(err, "account access")
}
