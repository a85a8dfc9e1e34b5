CREATE TABLE scope_sets (
	id     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	digest BYTEA NOT NULL UNIQUE,
	-- the scope ids, separated by spaces: a set is never changed and always read whole
	scopes TEXT NOT NULL
);

-- One row per token through all its rotations, and the one row a call reads and writes for its token.
CREATE TABLE lineages (
	id                          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	account_id                  TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
	client_id                   TEXT COLLATE "C" REFERENCES clients (id),
	name                        TEXT NOT NULL,
	token_id                    TEXT COLLATE "C" NOT NULL,
	version                     BIGINT NOT NULL,
	scope_set_id                TEXT COLLATE "C" NOT NULL REFERENCES scope_sets (id),
	-- NULL means no limit
	limit_total_requests        BIGINT,
	limit_wallet_requests       BIGINT,
	limit_subscription_requests BIGINT,
	limit_wallet_amount         BIGINT,
	-- prefixes separated by spaces; NULL means any address
	limit_ip                    TEXT,
	total_requests              BIGINT NOT NULL CHECK (total_requests >= 0),
	wallet_requests             BIGINT NOT NULL CHECK (wallet_requests >= 0),
	subscription_requests       BIGINT NOT NULL CHECK (subscription_requests >= 0),
	error_requests              BIGINT NOT NULL CHECK (error_requests >= 0),
	wallet_amount               BIGINT NOT NULL CHECK (wallet_amount >= 0),
	-- nanoseconds
	ttl                         BIGINT NOT NULL,
	created_at                  TIMESTAMPTZ NOT NULL,
	updated_at                  TIMESTAMPTZ NOT NULL,
	expires_at                  TIMESTAMPTZ,
	revoked_at                  TIMESTAMPTZ
) WITH (fillfactor = 70); -- its counters change all the time: room on the page keeps the indexes untouched
CREATE INDEX lineages_account ON lineages (account_id, created_at, id);
CREATE INDEX lineages_client ON lineages (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE tokens (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	lineage_id TEXT COLLATE "C" NOT NULL REFERENCES lineages (id),
	key_id     TEXT NOT NULL,
	hash       BYTEA NOT NULL,
	created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX tokens_lineage ON tokens (lineage_id);

CREATE TABLE refresh_tokens (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	lineage_id TEXT COLLATE "C" NOT NULL REFERENCES lineages (id),
	token_id   TEXT COLLATE "C" NOT NULL REFERENCES tokens (id),
	key_id     TEXT NOT NULL,
	hash       BYTEA NOT NULL,
	created_at TIMESTAMPTZ NOT NULL,
	expires_at TIMESTAMPTZ,
	used_at    TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_lineage ON refresh_tokens (lineage_id);
CREATE INDEX refresh_tokens_token ON refresh_tokens (token_id);
