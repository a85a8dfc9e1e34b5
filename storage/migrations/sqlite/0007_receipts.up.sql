-- What the decision of a call looked at: a few numbers, written small. NULL for calls that are older.
ALTER TABLE calls ADD COLUMN checks TEXT;

-- Which calls of the log a usage line is made of. The fold writes one row per line and stretch of the log, so that the log itself
-- needs no index by account: last_sequence is the newest call of the row, sequences names all of them, the newest first, each as
-- the distance to the one before it; the first is last_sequence itself and is left out.
CREATE TABLE usage_calls (
	account_id    TEXT NOT NULL,
	day           TEXT NOT NULL,
	host          TEXT NOT NULL,
	last_sequence INTEGER NOT NULL,
	sequences     TEXT NOT NULL,
	PRIMARY KEY (account_id, day, host, last_sequence)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_calls (account_id, day, host, last_sequence, sequences)
SELECT account_id, substr(decided_at, 1, 10), host, sequence, '' FROM calls
WHERE payer = 'wallet' AND state <> 'refused' AND sequence <= (SELECT sequence FROM watermarks WHERE name = 'calls');
