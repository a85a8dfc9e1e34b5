-- Requests that were answered under an Idempotency-Key. The id is a hash of account, route and key; the answer is encrypted under a key
-- that only the caller can make.
CREATE TABLE idempotency_records (
	id          TEXT NOT NULL PRIMARY KEY,
	fingerprint BLOB NOT NULL,
	answer      BLOB NOT NULL,
	created_at  TEXT NOT NULL,
	expires_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_records_expired ON idempotency_records (expires_at, id);

-- The call that was charged for a key; the id is a hash of account, operation and key.
CREATE TABLE call_keys (
	id          TEXT NOT NULL PRIMARY KEY,
	fingerprint TEXT NOT NULL,
	call_id     TEXT NOT NULL,
	expires_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX call_keys_expired ON call_keys (expires_at, id);
