-- The call log: one row per decided call, appended and never changed. No foreign keys and few indexes: it is written with every call.
CREATE TABLE calls (
	sequence        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	id              TEXT NOT NULL UNIQUE,
	account_id      TEXT NOT NULL,
	lineage_id      TEXT,
	token_id        TEXT,
	scope_id        TEXT,
	operation_id    TEXT,
	method          TEXT NOT NULL,
	host            TEXT NOT NULL,
	address         TEXT,
	state           TEXT NOT NULL,
	code            TEXT,
	message         TEXT,
	limit_name      TEXT,
	payer           TEXT,
	price           INTEGER NOT NULL,
	subscription_id TEXT,
	transfer_id     TEXT,
	decided_at      TEXT NOT NULL,
	expires_at      TEXT,
	CONSTRAINT calls_price CHECK (price >= 0),
	-- what is held must come back by itself
	CONSTRAINT calls_hold CHECK (state <> 'reserved' OR expires_at IS NOT NULL)
) STRICT;

CREATE TRIGGER calls_update BEFORE UPDATE ON calls
BEGIN
	SELECT RAISE(ABORT, 'calls are never changed');
END;

-- How reserved calls ended. Phase 1 is settled or released, phase 2 refunded: each at most once per call.
CREATE TABLE outcomes (
	sequence    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	call_id     TEXT NOT NULL,
	phase       INTEGER NOT NULL,
	kind        TEXT NOT NULL,
	status      INTEGER NOT NULL,
	code        TEXT,
	transfer_id TEXT,
	ended_at    TEXT NOT NULL,
	elapsed     INTEGER NOT NULL,
	UNIQUE (call_id, phase),
	CONSTRAINT outcomes_phase CHECK ((phase = 1 AND kind IN ('settled', 'released')) OR (phase = 2 AND kind = 'refunded'))
) STRICT;

CREATE TRIGGER outcomes_update BEFORE UPDATE ON outcomes
BEGIN
	SELECT RAISE(ABORT, 'outcomes are never changed');
END;

-- Up to where the log is folded into the books, per log.
CREATE TABLE watermarks (
	name     TEXT NOT NULL PRIMARY KEY,
	sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO watermarks (name, sequence) VALUES ('calls', 0), ('outcomes', 0);

-- The folded reservations that had not ended when they were folded: the few slow ones. Those not folded yet are in the log's tail,
-- so both together are all that can expire, however long the log is.
CREATE TABLE open_calls (
	call_id    TEXT NOT NULL PRIMARY KEY,
	expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
