package storage

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/pontage/pontage"
)

// postgresLoader copies rows as text, each call in a transaction of its own.
type postgresLoader struct {
	conn   *pgx.Conn
	buffer []byte
}

func openPostgresLoader(ctx context.Context, address string) (loader, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, pontage.E(pontage.InvalidInput, "The PostgreSQL URL cannot be read.") // the cause would show the password
	}
	config.RuntimeParams["application_name"], config.RuntimeParams["timezone"] = "pontage fill", "UTC"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, translate(err, "database")
	}
	l := &postgresLoader{conn: conn}
	if err := l.execute(ctx, "SET synchronous_commit = off"); err != nil {
		return nil, translate(err, "database")
	}
	_ = l.execute(ctx, "SET session_replication_role = replica") // whoever may not say this has every foreign key looked at
	return l, nil
}

func (l *postgresLoader) insert(ctx context.Context, into bulkTable, values []any) error {
	l.buffer = l.buffer[:0]
	for i, v := range values {
		l.buffer = appendCopied(l.buffer, v)
		if (i+1)%into.width == 0 {
			l.buffer = append(l.buffer, '\n')
		} else {
			l.buffer = append(l.buffer, '\t')
		}
	}
	_, err := l.conn.PgConn().CopyFrom(ctx, bytes.NewReader(l.buffer), "COPY "+into.name+" ("+into.columns+") FROM STDIN")
	return err
}

// appendCopied writes a bound value as COPY reads it.
func appendCopied(to []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(to, `\N`...)
	case int64:
		return strconv.AppendInt(to, v, 10)
	case bool:
		return strconv.AppendBool(to, v)
	case []byte:
		return hex.AppendEncode(append(to, `\\x`...), v)
	case string:
		for _, c := range []byte(v) {
			switch c {
			case '\\':
				to = append(to, `\\`...)
			case '\t':
				to = append(to, `\t`...)
			case '\n':
				to = append(to, `\n`...)
			case '\r':
				to = append(to, `\r`...)
			default:
				to = append(to, c)
			}
		}
		return to
	}
	panic(fmt.Sprintf("storage: no statement binds a %T", value))
}

func (l *postgresLoader) execute(ctx context.Context, text string) error {
	_, err := l.conn.Exec(ctx, text)
	return err
}

// keep has nothing to do: every call is committed.
func (l *postgresLoader) keep(context.Context) error { return nil }

// finish lets the logs go on where the rows end, tells the planner about them, and has them on the disk.
func (l *postgresLoader) finish(ctx context.Context) error {
	for _, text := range []string{
		"SELECT setval(pg_get_serial_sequence('calls', 'sequence'), GREATEST(1, (SELECT max(sequence) FROM calls)))",
		"SELECT setval(pg_get_serial_sequence('outcomes', 'sequence'), GREATEST(1, (SELECT max(sequence) FROM outcomes)))",
		"VACUUM ANALYZE", "CHECKPOINT",
	} {
		if err := l.execute(ctx, text); err != nil && text != "CHECKPOINT" { // only a superuser may ask for that, others get it later
			return err
		}
	}
	return nil
}

func (l *postgresLoader) close() error { return l.conn.Close(context.Background()) }
