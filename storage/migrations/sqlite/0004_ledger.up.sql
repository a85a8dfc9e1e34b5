-- Prepaid money. What can be spent is balance - held; the database itself refuses more.
CREATE TABLE wallets (
	account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
	balance    INTEGER NOT NULL,
	held       INTEGER NOT NULL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	CONSTRAINT wallets_held CHECK (held >= 0 AND balance >= held)
) STRICT, WITHOUT ROWID;

-- Every movement of money as one row with two sides, so that all sides together are always zero.
CREATE TABLE transfers (
	id          TEXT NOT NULL PRIMARY KEY,
	kind        TEXT NOT NULL,
	debit       TEXT NOT NULL,
	credit      TEXT NOT NULL,
	amount      INTEGER NOT NULL,
	account_id  TEXT NOT NULL REFERENCES accounts (id),
	description TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	CONSTRAINT transfers_amount CHECK (amount > 0),
	CONSTRAINT transfers_sides CHECK (debit <> credit)
) STRICT, WITHOUT ROWID;

-- Usage is listed by host and day instead, so the many usage transfers stay out of the list's index.
CREATE INDEX transfers_listed ON transfers (account_id, created_at, id) WHERE kind <> 'usage';

CREATE TRIGGER transfers_update BEFORE UPDATE ON transfers
BEGIN
	SELECT RAISE(ABORT, 'transfers are never changed');
END;

CREATE TRIGGER transfers_delete BEFORE DELETE ON transfers
BEGIN
	SELECT RAISE(ABORT, 'transfers are never deleted');
END;

CREATE TABLE subscriptions (
	id             TEXT NOT NULL PRIMARY KEY,
	account_id     TEXT NOT NULL REFERENCES accounts (id),
	scope_id       TEXT NOT NULL,
	renews_id      TEXT UNIQUE,
	term           TEXT NOT NULL,
	price          INTEGER NOT NULL,
	total_requests INTEGER NOT NULL,
	used_requests  INTEGER NOT NULL,
	auto_renew     INTEGER NOT NULL,
	starts_at      TEXT NOT NULL,
	expires_at     TEXT NOT NULL,
	created_at     TEXT NOT NULL,
	updated_at     TEXT NOT NULL,
	CONSTRAINT subscriptions_used CHECK (used_requests >= 0 AND used_requests <= total_requests)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscriptions_active ON subscriptions (account_id, scope_id, expires_at);
CREATE INDEX subscriptions_listed ON subscriptions (account_id, created_at, id);
CREATE INDEX subscriptions_due ON subscriptions (expires_at) WHERE auto_renew;

-- What an account used of a scope's free allowance: the four windows in one row.
CREATE TABLE allowances (
	account_id TEXT NOT NULL,
	scope_id   TEXT NOT NULL,
	day        TEXT NOT NULL,
	day_used   INTEGER NOT NULL,
	month      TEXT NOT NULL,
	month_used INTEGER NOT NULL,
	year       TEXT NOT NULL,
	year_used  INTEGER NOT NULL,
	total_used INTEGER NOT NULL,
	PRIMARY KEY (account_id, scope_id),
	CONSTRAINT allowances_used CHECK (day_used >= 0 AND month_used >= 0 AND year_used >= 0 AND total_used >= 0)
) STRICT, WITHOUT ROWID;
