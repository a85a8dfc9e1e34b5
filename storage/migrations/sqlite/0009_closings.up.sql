-- Closed days: the sums of the calls up to them, signed, so that books are proved from there on and single calls may be deleted.
CREATE TABLE closings (
	day        TEXT NOT NULL PRIMARY KEY,
	-- '' for the first; unique, so that no two instances close the same days
	previous   TEXT NOT NULL UNIQUE,
	calls      INTEGER NOT NULL,
	outcomes   INTEGER NOT NULL,
	first_open INTEGER NOT NULL,
	key_id     TEXT NOT NULL,
	signature  BLOB NOT NULL,
	closed_at  TEXT NOT NULL,
	CONSTRAINT closings_order CHECK (previous < day)
) STRICT, WITHOUT ROWID;

CREATE TABLE closed_totals (
	closing               TEXT NOT NULL,
	dimension             TEXT NOT NULL,
	day                   TEXT NOT NULL,
	account_id            TEXT NOT NULL,
	key                   TEXT NOT NULL,
	host                  TEXT NOT NULL,
	total_requests        INTEGER NOT NULL,
	wallet_requests       INTEGER NOT NULL,
	subscription_requests INTEGER NOT NULL,
	error_requests        INTEGER NOT NULL,
	wallet_amount         INTEGER NOT NULL,
	allowance_requests    INTEGER NOT NULL,
	spent_requests        INTEGER NOT NULL,
	spent_amount          INTEGER NOT NULL,
	PRIMARY KEY (closing, dimension, day, account_id, key, host)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER closings_update BEFORE UPDATE ON closings
BEGIN
	SELECT RAISE(ABORT, 'closed days are never changed');
END;

CREATE TRIGGER closings_delete BEFORE DELETE ON closings
BEGIN
	SELECT RAISE(ABORT, 'closed days are never opened');
END;

CREATE TRIGGER closed_totals_update BEFORE UPDATE ON closed_totals
BEGIN
	SELECT RAISE(ABORT, 'closed days are never changed');
END;

CREATE TRIGGER closed_totals_delete BEFORE DELETE ON closed_totals
BEGIN
	SELECT RAISE(ABORT, 'closed days are never opened');
END;

-- The last run of verify, for every instance to see.
CREATE TABLE verifications (
	id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
	started_at  TEXT,
	finished_at TEXT,
	elapsed     INTEGER NOT NULL,
	differences INTEGER NOT NULL
) STRICT;
INSERT INTO verifications (id, elapsed, differences) VALUES (1, 0, 0);
