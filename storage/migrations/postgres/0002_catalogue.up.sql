CREATE TABLE catalog_versions (
	id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	version BIGINT NOT NULL
);
INSERT INTO catalog_versions (id, version) VALUES (1, 0);

CREATE TABLE apis (
	id                TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	host              TEXT COLLATE "C" NOT NULL UNIQUE,
	title             TEXT NOT NULL,
	version           TEXT NOT NULL,
	description       TEXT NOT NULL,
	digest            TEXT NOT NULL,
	upstream          TEXT NOT NULL,
	credential_key_id TEXT NOT NULL,
	credential        BYTEA,
	enabled           BOOLEAN NOT NULL,
	platform          BOOLEAN NOT NULL,
	max_body          BIGINT NOT NULL,
	-- nanoseconds
	header_timeout    BIGINT NOT NULL,
	-- JSON array of HTTP statuses; NULL means the default ones
	free_statuses     TEXT,
	created_at        TIMESTAMPTZ NOT NULL,
	updated_at        TIMESTAMPTZ NOT NULL
);

CREATE TABLE scopes (
	id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	api_id          TEXT COLLATE "C" NOT NULL REFERENCES apis (id),
	name            TEXT COLLATE "C" NOT NULL UNIQUE,
	method          TEXT NOT NULL,
	host            TEXT NOT NULL,
	segment         TEXT NOT NULL,
	enabled         BOOLEAN NOT NULL,
	restricted      BOOLEAN NOT NULL,
	-- micro-units; NULL means not sellable
	price           BIGINT CHECK (price >= 0),
	-- JSON object of decimals
	offers          TEXT,
	allowance_day   BIGINT,
	allowance_month BIGINT,
	allowance_year  BIGINT,
	allowance_total BIGINT,
	rate_per_minute BIGINT NOT NULL,
	-- JSON array of names
	requirements    TEXT
);
CREATE INDEX scopes_api ON scopes (api_id);

CREATE TABLE operations (
	id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	api_id   TEXT COLLATE "C" NOT NULL REFERENCES apis (id),
	scope_id TEXT COLLATE "C" NOT NULL REFERENCES scopes (id),
	method   TEXT COLLATE "C" NOT NULL,
	path     TEXT COLLATE "C" NOT NULL,
	enabled  BOOLEAN NOT NULL,
	UNIQUE (api_id, method, path)
);
CREATE INDEX operations_scope ON operations (scope_id);

CREATE TABLE answers (
	operation_id TEXT COLLATE "C" NOT NULL REFERENCES operations (id),
	status       BIGINT NOT NULL,
	content_type TEXT COLLATE "C" NOT NULL,
	body         BYTEA,
	generated    BOOLEAN NOT NULL,
	PRIMARY KEY (operation_id, status, content_type)
);

CREATE TABLE account_scopes (
	account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
	scope_id   TEXT COLLATE "C" NOT NULL REFERENCES scopes (id),
	PRIMARY KEY (account_id, scope_id)
);
CREATE INDEX account_scopes_scope ON account_scopes (scope_id);

CREATE TABLE account_requirements (
	account_id  TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
	requirement TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (account_id, requirement)
);
