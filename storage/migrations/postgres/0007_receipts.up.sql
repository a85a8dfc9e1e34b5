-- What the decision of a call looked at: a few numbers, written small. NULL for calls that are older.
ALTER TABLE calls ADD COLUMN checks text COLLATE "C";

-- Which calls of the log a usage line is made of. The fold writes one row per line and stretch of the log, so that the log itself
-- needs no index by account: last_sequence is the newest call of the row, sequences names all of them, the newest first, each as
-- the distance to the one before it; the first is last_sequence itself and is left out.
CREATE TABLE usage_calls (
	account_id    text COLLATE "C" NOT NULL,
	day           text COLLATE "C" NOT NULL,
	host          text COLLATE "C" NOT NULL,
	last_sequence bigint NOT NULL,
	sequences     text COLLATE "C" NOT NULL,
	PRIMARY KEY (account_id, day, host, last_sequence)
);

INSERT INTO usage_calls (account_id, day, host, last_sequence, sequences)
SELECT account_id, to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), host, sequence, '' FROM calls
WHERE payer = 'wallet' AND state <> 'refused' AND sequence <= (SELECT sequence FROM watermarks WHERE name = 'calls');
