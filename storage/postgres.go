package storage

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/pontage/pontage"
)

// postgresEngine is one pool; every unit of work is a transaction of its own.
type postgresEngine struct {
	db     *bun.DB
	reader reader
	log    *slog.Logger
	joined *joiners
}

const (
	defaultConnections = 20
	connectTimeout     = 5 * time.Second
)

func openPostgres(_ context.Context, url string, options Options) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, pontage.E(pontage.InvalidInput, "The PostgreSQL URL cannot be read.") // the cause would show the password
	}
	// bun writes the arguments into the text, so no two texts are equal and prepared statements would only pile up.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	for name, value := range map[string]string{
		"application_name": "pontage", "timezone": "UTC", "standard_conforming_strings": "on",
		"lock_timeout": "10000", "idle_in_transaction_session_timeout": "60000",
		// Everything but the books' checks and closings finds its rows by their keys, however few rows a table has or had when it was last looked
		// at. Such plans run too shortly to be compiled.
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off",
		// What is prepared finds its rows by keys, so it is planned once and not for the values; what asks for ranges, whose ends the planner must
		// see, has its values in its text.
		"plan_cache_mode": "force_generic_plan",
	} {
		config.RuntimeParams[name] = value
	}
	if config.ConnectTimeout == 0 { // the URL may say otherwise
		config.ConnectTimeout = connectTimeout
	}
	pool := stdlib.OpenDB(*config)
	size := or(options.MaxReaders, defaultConnections)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	db := bun.NewDB(pool, pgdialect.New())
	r := reader{db: db, postgres: true, now: options.Clock.Now}
	return &Store{reader: r, engine: &postgresEngine{db: db, reader: r, log: options.Logger, joined: newJoiners(db)}}, nil
}

// maxAttempts bounds the repeats after a deadlock or a serialization failure.
const maxAttempts = 6

// repeated runs do in a transaction, again after one that collided with another.
func (p *postgresEngine) repeated(ctx context.Context, do func(context.Context, tx) error) error {
	for attempt := 1; ; attempt++ {
		err := p.attempt(ctx, do)
		if err == nil || !retryable(err) {
			return err
		}
		if attempt == maxAttempts {
			return pontage.E(pontage.Unavailable, "The database is too busy with the same rows; try again.").Because(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// unit has nothing to tell later: the server answers a commit once it is durable.
func (p *postgresEngine) unit(ctx context.Context, do func(context.Context, tx) error, durable func(error)) error {
	err := p.repeated(ctx, do)
	if err == nil && durable != nil {
		durable(nil)
	}
	return err
}

// pause waits up to 4, 8, 16, … ms, a random part of it so that two who collided do not meet again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(2 * time.Millisecond << attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// grace is how long a transaction may run beyond its caller's deadline; only a server that is silent for so long is given up.
const grace = 2 * time.Second

// outliving gives a context that does not end with the caller's, but a while after the caller's deadline, if there is one: a server
// that vanished without a word would be waited for as long as the kernel does, which is a quarter of an hour.
func outliving(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		return context.WithoutCancel(ctx), func() {}
	}
	return context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(grace))
}

// attempt waits for a connection as long as the caller does; from then on the transaction is interrupted only after a grace, since a
// cancelled statement costs the connection and a cancelled commit leaves its outcome unknown. lock_timeout bounds it before that.
func (p *postgresEngine) attempt(ctx context.Context, do func(context.Context, tx) error) (err error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return translate(err, "database")
	}
	defer func() { _ = conn.Close() }() // a second time is none
	running, cancel := outliving(ctx)
	defer cancel()
	unit := &lazily{Conn: conn}
	defer func() {
		if v := recover(); v != nil {
			err = panicked(p.log, v)
		}
		unit.rollback() // after a commit this does nothing
	}()
	r := p.reader
	r.db = unit
	if err := do(running, tx{reader: r}); err != nil {
		if running.Err() != nil {
			return unavailable("The database does not answer. Try again.", err)
		}
		return err
	}
	if joinable(unit) {
		_ = conn.Close() // others can use it while this one waits
		return p.joined.commit(running, unit.later)
	}
	return committed(unit.commit(running))
}

// committed names a lost connection during the commit for what it is: nobody knows whether it was written.
func committed(err error) error {
	if err = translate(err, "commit"); err != nil && (pontage.CodeOf(err) == pontage.Unavailable || errors.Is(err, context.DeadlineExceeded)) {
		return pontage.E(pontage.Unavailable, "The database connection broke during the commit; whether it was written is unknown.").Because(errors.Join(pontage.ErrUnknownOutcome, err))
	}
	return err
}

func (p *postgresEngine) snapshot(ctx context.Context, do func(reader) error) error {
	return readIn(ctx, p.db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, p.reader, do)
}

// byAnyPlan takes back, for a snapshot that reads whole tables, the settings that make everything be found by key.
func (r reader) byAnyPlan(ctx context.Context) error {
	if !r.postgres {
		return nil
	}
	_, err := r.db.ExecContext(ctx, "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on;"+
		" SET LOCAL enable_mergejoin = on")
	return translate(err, "database")
}

func (p *postgresEngine) close() error { return p.db.Close() }
