-- What the fold counts from the log. Period is '', '2026', '2026-11' or '2026-11-20'; key is '', a host, a scope id or a lineage id.
CREATE TABLE statistics (
	account_id            TEXT NOT NULL,
	period                TEXT NOT NULL,
	dimension             TEXT NOT NULL,
	key                   TEXT NOT NULL,
	host                  TEXT NOT NULL,
	total_requests        INTEGER NOT NULL,
	wallet_requests       INTEGER NOT NULL,
	subscription_requests INTEGER NOT NULL,
	error_requests        INTEGER NOT NULL,
	wallet_amount         INTEGER NOT NULL,
	address_count         INTEGER NOT NULL,
	PRIMARY KEY (account_id, period, dimension, key, host)
) STRICT, WITHOUT ROWID;

-- The key leads, so that the addresses of a token are found without its account.
CREATE TABLE seen_addresses (
	key        TEXT NOT NULL,
	dimension  TEXT NOT NULL,
	period     TEXT NOT NULL,
	account_id TEXT NOT NULL,
	host       TEXT NOT NULL,
	address    TEXT NOT NULL,
	seen_at    TEXT NOT NULL,
	PRIMARY KEY (key, dimension, period, account_id, host, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_days (
	account_id TEXT NOT NULL,
	day        TEXT NOT NULL,
	host       TEXT NOT NULL,
	amount     INTEGER NOT NULL,
	requests   INTEGER NOT NULL,
	first_at   TEXT NOT NULL,
	PRIMARY KEY (account_id, day, host)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_days_listed ON usage_days (account_id, first_at);

CREATE TABLE error_entries (
	id         TEXT NOT NULL PRIMARY KEY,
	account_id TEXT NOT NULL,
	scope_id   TEXT,
	host       TEXT NOT NULL,
	address    TEXT,
	status     INTEGER NOT NULL,
	code       TEXT NOT NULL,
	message    TEXT NOT NULL,
	created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX error_entries_listed ON error_entries (account_id, created_at, id);

CREATE TABLE callbacks (
	id           TEXT NOT NULL PRIMARY KEY,
	account_id   TEXT NOT NULL REFERENCES accounts (id),
	scope_id     TEXT,
	host         TEXT NOT NULL,
	active       INTEGER NOT NULL,
	method       TEXT NOT NULL,
	url          TEXT NOT NULL,
	field        TEXT NOT NULL,
	data         TEXT,
	custom       TEXT,
	headers      TEXT,
	status       INTEGER NOT NULL,
	elapsed      INTEGER NOT NULL,
	attempt      INTEGER NOT NULL,
	retry        INTEGER NOT NULL,
	created_at   TEXT NOT NULL,
	started_at   TEXT,
	completed_at TEXT
) STRICT;

CREATE INDEX callbacks_listed ON callbacks (account_id, created_at, id);
