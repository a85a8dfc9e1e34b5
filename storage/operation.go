package storage

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type operationRow struct {
	bun.BaseModel `bun:"table:operations"`

	ID      pontage.OperationID `bun:",pk"`
	APIID   pontage.APIID       `bun:"api_id"`
	ScopeID pontage.ScopeID
	Method  string
	Path    string
	Enabled bool
}

func operationToRow(o pontage.Operation) operationRow {
	return operationRow{ID: o.ID, APIID: o.APIID, ScopeID: o.ScopeID, Method: o.Method, Path: o.Path, Enabled: o.Enabled}
}

func (row operationRow) operation() pontage.Operation {
	return pontage.Operation{
		ID: row.ID, APIID: row.APIID, ScopeID: row.ScopeID, Method: row.Method, Path: row.Path, Enabled: row.Enabled,
	}
}

// PutOperations inserts operations or writes them anew, in one statement; a method and path that another operation of the API has
// is Conflict, after which the unit of work must end.
func (t tx) PutOperations(ctx context.Context, operations []pontage.Operation) error {
	rows := mapped(operations, operationToRow)
	return put(ctx, t, rows, "operation", "api_id", "scope_id", "method", "path", "enabled")
}

type answerRow struct {
	bun.BaseModel `bun:"table:answers"`

	OperationID pontage.OperationID `bun:",pk"`
	Status      int                 `bun:",pk"`
	ContentType string              `bun:",pk"`
	Body        []byte
	Generated   bool
}

func answerToRow(a pontage.Answer) answerRow {
	return answerRow{
		OperationID: a.OperationID, Status: a.Status, ContentType: a.ContentType, Body: a.Body, Generated: a.Generated,
	}
}

func (row answerRow) answer() pontage.Answer {
	return pontage.Answer{
		OperationID: row.OperationID, Status: row.Status, ContentType: row.ContentType, Body: row.Body, Generated: row.Generated,
	}
}

// Answers gives an operation's answers, lowest status first, then by content type.
func (r reader) Answers(ctx context.Context, operation pontage.OperationID) ([]pontage.Answer, error) {
	var rows []answerRow
	query := r.db.NewSelect().Model(&rows).Where("operation_id = ?", operation).Order("status", "content_type")
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "answer")
	}
	return mapped(rows, answerRow.answer), nil
}

// ReplaceAnswers deletes the answers of the API's operations and inserts these, in two statements.
func (t tx) ReplaceAnswers(ctx context.Context, api pontage.APIID, answers []pontage.Answer) error {
	_, err := t.db.NewRaw("DELETE FROM answers WHERE operation_id IN (SELECT id FROM operations WHERE api_id = ?)", api).Exec(ctx)
	if err != nil || len(answers) == 0 {
		return translate(err, "answer")
	}
	rows := mapped(answers, answerToRow)
	_, err = t.db.NewInsert().Model(&rows).Exec(ctx)
	return translate(err, "answer")
}
