package storage

import (
	"context"
	"database/sql"

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

// AccountAccess gives what an account may beyond the default, sorted, in one read; it is empty for an account without any.
func (r reader) AccountAccess(ctx context.Context, account pontage.AccountID) (*pontage.AccountAccess, error) {
	id := func(s *statement) { s.string(string(account)) }
	s := r.fixed("SELECT 1 AS kind, scope_id AS name FROM account_scopes WHERE account_id = ").value(id)
	s.sql(" UNION ALL SELECT 2, requirement FROM account_requirements WHERE account_id = ").value(id).sql(" ORDER BY 1, 2")
	access := new(pontage.AccountAccess)
	err := r.each(ctx, s, "account", func(rows *sql.Rows) error {
		var kind int
		var name string
		if err := rows.Scan(&kind, &name); err != nil {
			return err
		}
		if kind == 1 {
			access.Scopes = append(access.Scopes, pontage.ScopeID(name))
		} else {
			access.Requirements = append(access.Requirements, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
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
