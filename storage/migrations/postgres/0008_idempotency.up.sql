-- Requests that were answered under an Idempotency-Key. The id is a hash of account, route and key; the answer is encrypted under a key
-- that only the caller can make.
CREATE TABLE idempotency_records (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	fingerprint bytea NOT NULL,
	answer      bytea NOT NULL,
	created_at  timestamptz NOT NULL,
	expires_at  timestamptz NOT NULL
);

CREATE INDEX idempotency_records_expired ON idempotency_records (expires_at, id);

-- The call that was charged for a key; the id is a hash of account, operation and key.
CREATE TABLE call_keys (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	fingerprint text COLLATE "C" NOT NULL,
	call_id     text COLLATE "C" NOT NULL,
	expires_at  timestamptz NOT NULL
);

CREATE INDEX call_keys_expired ON call_keys (expires_at, id);
