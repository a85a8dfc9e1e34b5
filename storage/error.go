package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/pontage/pontage"
)

// translate turns what a driver says about what ("account", "wallet", …) into what a rule can decide by. It is the only place that
// knows driver codes. Errors of the platform and of contexts pass through; nil stays nil.
func translate(err error, what string) error {
	var known *pontage.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return missing(what)
	}
	var fromSQLite *sqlite.Error
	var fromPostgres *pgconn.PgError
	switch {
	case errors.As(err, &fromSQLite):
		return sqliteFault(fromSQLite).toError(err, what)
	case errors.As(err, &fromPostgres):
		return postgresFault(fromPostgres).toError(err, what)
	case isLost(err):
		return faultLost.toError(err, what)
	}
	return fmt.Errorf("storage: %s: %w", what, err)
}

func missing(what string) error { return pontage.E(pontage.NotFound, "There is no such %s.", what) }

func taken(what string) error {
	return pontage.E(pontage.Conflict, "There is such a %s already.", what)
}

// fault is a driver's complaint, whichever driver it was.
type fault int

const (
	faultOther fault = iota
	faultTaken
	faultCheck
	faultWallet
	faultText
	faultFull
	faultBusy
	faultLost
)

func (f fault) toError(cause error, what string) error {
	switch f {
	case faultTaken:
		return pontage.E(pontage.Conflict, "There is such a %s already.", what).Because(cause)
	case faultCheck:
		return pontage.E(pontage.Conflict, "The %s would break a rule of the books.", what).Because(cause)
	case faultWallet:
		return pontage.E(pontage.InsufficientCredit, "Insufficient credit.").Because(cause)
	case faultText:
		return pontage.E(pontage.InvalidInput, "The text contains characters that cannot be stored.").Because(cause)
	case faultFull:
		return unavailable("The database cannot write. Try again.", fmt.Errorf("check its disk for space and errors: %w", cause))
	case faultBusy:
		return unavailable("The database is too busy with the same rows. Try again.", cause)
	case faultLost:
		return unavailable("The database cannot be reached. Try again.", fmt.Errorf("check that it runs and its URL is right: %w", cause))
	}
	return fmt.Errorf("storage: %s: %w", what, cause)
}

// unavailable tells partners to come back; what an operator can do about it stands in the cause.
func unavailable(message string, cause error) error {
	return pontage.E(pontage.Unavailable, "%s", message).After(time.Second).Because(cause)
}

// walletCheck is the constraint that keeps a wallet from being overdrawn.
const walletCheck = "wallets_held"

// sqliteFault reads SQLite's result codes; the low byte is the kind, the rest narrows it.
func sqliteFault(e *sqlite.Error) fault {
	switch e.Code() {
	case 2067, 1555, 2579: // unique, primary key, row id
		return faultTaken
	case 275: // check
		if strings.Contains(e.Error(), walletCheck) {
			return faultWallet
		}
		return faultCheck
	case 1: // bun writes "?!(…)" for text that it cannot quote, and no statement of ours has that token
		if strings.Contains(e.Error(), `unrecognized token: "!"`) {
			return faultText
		}
		return faultOther
	}
	switch e.Code() & 0xff {
	case 13, 10, 11, 26, 8: // full, I/O error, corrupt, not a database, read-only
		return faultFull
	case 5, 6: // busy, locked
		return faultBusy
	case 14: // cannot open
		return faultLost
	}
	return faultOther
}

func postgresFault(e *pgconn.PgError) fault {
	switch {
	case e.Code == "23505":
		return faultTaken
	case e.Code == "23514" && e.ConstraintName == walletCheck:
		return faultWallet
	case e.Code == "23514":
		return faultCheck
	case e.Code == "22021", e.Code == "22P05", e.Code == "42601": // not in the encoding, or what bun writes for such text
		return faultText
	case e.Code == "53100", strings.HasPrefix(e.Code, "58"): // disk full, I/O
		return faultFull
	case strings.HasPrefix(e.Code, "40"), e.Code == "55P03": // rolled back for another's sake, lock time-out
		return faultBusy
	case hasClass(e.Code, "08", "53", "57", "28", "3D"): // connection, resources, shutdown, login, no such database
		return faultLost
	}
	return faultOther
}

func hasClass(code string, classes ...string) bool {
	for _, c := range classes {
		if strings.HasPrefix(code, c) {
			return true
		}
	}
	return false
}

// isLost knows the ways a connection ends; database/sql has no name for the error of a closed pool.
func isLost(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		err.Error() == "sql: database is closed" || strings.HasSuffix(err.Error(), "conn closed")
}

// retryable says whether PostgreSQL rolled the transaction back only because of a neighbour.
func retryable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}
