CREATE TABLE scope_sets (
	id     TEXT NOT NULL PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE,
	-- the scope ids, separated by spaces: a set is never changed and always read whole
	scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per token through all its rotations, and the one row a call reads and writes for its token.
CREATE TABLE lineages (
	id                          TEXT NOT NULL PRIMARY KEY,
	account_id                  TEXT NOT NULL REFERENCES accounts (id),
	client_id                   TEXT REFERENCES clients (id),
	name                        TEXT NOT NULL,
	token_id                    TEXT NOT NULL,
	version                     INTEGER NOT NULL,
	scope_set_id                TEXT NOT NULL REFERENCES scope_sets (id),
	-- NULL means no limit
	limit_total_requests        INTEGER,
	limit_wallet_requests       INTEGER,
	limit_subscription_requests INTEGER,
	limit_wallet_amount         INTEGER,
	-- prefixes separated by spaces; NULL means any address
	limit_ip                    TEXT,
	total_requests              INTEGER NOT NULL CHECK (total_requests >= 0),
	wallet_requests             INTEGER NOT NULL CHECK (wallet_requests >= 0),
	subscription_requests       INTEGER NOT NULL CHECK (subscription_requests >= 0),
	error_requests              INTEGER NOT NULL CHECK (error_requests >= 0),
	wallet_amount               INTEGER NOT NULL CHECK (wallet_amount >= 0),
	-- nanoseconds
	ttl                         INTEGER NOT NULL,
	created_at                  TEXT NOT NULL,
	updated_at                  TEXT NOT NULL,
	expires_at                  TEXT,
	revoked_at                  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX lineages_account ON lineages (account_id, created_at, id);
CREATE INDEX lineages_client ON lineages (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE tokens (
	id         TEXT NOT NULL PRIMARY KEY,
	lineage_id TEXT NOT NULL REFERENCES lineages (id),
	key_id     TEXT NOT NULL,
	hash       BLOB NOT NULL,
	created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_lineage ON tokens (lineage_id);

CREATE TABLE refresh_tokens (
	id         TEXT NOT NULL PRIMARY KEY,
	lineage_id TEXT NOT NULL REFERENCES lineages (id),
	token_id   TEXT NOT NULL REFERENCES tokens (id),
	key_id     TEXT NOT NULL,
	hash       BLOB NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT,
	used_at    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_lineage ON refresh_tokens (lineage_id);
CREATE INDEX refresh_tokens_token ON refresh_tokens (token_id);
