package storage

import (
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// textRow is a row as PostgreSQL writes it in text.
type textRow struct {
	fields []pgconn.FieldDescription
	values [][]byte
}

// Scan does what that of sql.Rows does, for the types and targets that batches have.
func (r *textRow) Scan(targets ...any) error {
	if len(targets) != len(r.values) {
		return fmt.Errorf("storage: %d columns for %d targets", len(r.values), len(targets))
	}
	for i, target := range targets {
		source, err := readText(r.fields[i].DataTypeOID, r.values[i])
		if err == nil {
			err = assign(target, source)
		}
		if err != nil {
			return fmt.Errorf("storage: column %s: %w", r.fields[i].Name, err)
		}
	}
	return nil
}

// readText gives the Go value of a column, nil for NULL.
func readText(oid uint32, text []byte) (any, error) {
	if text == nil {
		return nil, nil
	}
	switch oid {
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID:
		return strconv.ParseInt(string(text), 10, 64)
	case pgtype.BoolOID:
		return len(text) == 1 && text[0] == 't', nil
	case pgtype.TimestamptzOID:
		return parsePostgresTime(string(text))
	}
	return string(text), nil
}

// parsePostgresTime reads a time as a session in UTC writes it.
func parsePostgresTime(text string) (time.Time, error) {
	if strings.HasSuffix(text, "+00") {
		return parseSQLiteTime(text + ":00")
	}
	return time.Parse("2006-01-02 15:04:05.999999Z07:00", text)
}

// assign puts source, of one of the types that readText gives, where target points.
func assign(target, source any) error {
	if scanner, ok := target.(sql.Scanner); ok {
		return scanner.Scan(source)
	}
	to := reflect.ValueOf(target).Elem()
	if to.Kind() == reflect.Pointer {
		if source == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	}
	switch v := source.(type) {
	case int64:
		if to.CanInt() {
			to.SetInt(v)
			return nil
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return nil
		}
	case bool:
		if to.Kind() == reflect.Bool {
			to.SetBool(v)
			return nil
		}
	}
	return fmt.Errorf("%T does not fit %s", source, to.Type())
}
