CREATE TABLE catalog_versions (
	id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_versions (id, version) VALUES (1, 0);

CREATE TABLE apis (
	id                TEXT NOT NULL PRIMARY KEY,
	host              TEXT NOT NULL UNIQUE,
	title             TEXT NOT NULL,
	version           TEXT NOT NULL,
	description       TEXT NOT NULL,
	digest            TEXT NOT NULL,
	upstream          TEXT NOT NULL,
	credential_key_id TEXT NOT NULL,
	credential        BLOB,
	enabled           INTEGER NOT NULL,
	platform          INTEGER NOT NULL,
	max_body          INTEGER NOT NULL,
	-- nanoseconds
	header_timeout    INTEGER NOT NULL,
	-- JSON array of HTTP statuses; NULL means the default ones
	free_statuses     TEXT,
	created_at        TEXT NOT NULL,
	updated_at        TEXT NOT NULL
) STRICT;

CREATE TABLE scopes (
	id              TEXT NOT NULL PRIMARY KEY,
	api_id          TEXT NOT NULL REFERENCES apis (id),
	name            TEXT NOT NULL UNIQUE,
	method          TEXT NOT NULL,
	host            TEXT NOT NULL,
	segment         TEXT NOT NULL,
	enabled         INTEGER NOT NULL,
	restricted      INTEGER NOT NULL,
	-- micro-units; NULL means not sellable
	price           INTEGER CHECK (price >= 0),
	-- JSON object of decimals
	offers          TEXT,
	allowance_day   INTEGER,
	allowance_month INTEGER,
	allowance_year  INTEGER,
	allowance_total INTEGER,
	rate_per_minute INTEGER NOT NULL,
	-- JSON array of names
	requirements    TEXT
) STRICT;
CREATE INDEX scopes_api ON scopes (api_id);

CREATE TABLE operations (
	id       TEXT NOT NULL PRIMARY KEY,
	api_id   TEXT NOT NULL REFERENCES apis (id),
	scope_id TEXT NOT NULL REFERENCES scopes (id),
	method   TEXT NOT NULL,
	path     TEXT NOT NULL,
	enabled  INTEGER NOT NULL,
	UNIQUE (api_id, method, path)
) STRICT;
CREATE INDEX operations_scope ON operations (scope_id);

CREATE TABLE answers (
	operation_id TEXT NOT NULL REFERENCES operations (id),
	status       INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	body         BLOB,
	generated    INTEGER NOT NULL,
	PRIMARY KEY (operation_id, status, content_type)
) STRICT;

CREATE TABLE account_scopes (
	account_id TEXT NOT NULL REFERENCES accounts (id),
	scope_id   TEXT NOT NULL REFERENCES scopes (id),
	PRIMARY KEY (account_id, scope_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_scopes_scope ON account_scopes (scope_id);

CREATE TABLE account_requirements (
	account_id  TEXT NOT NULL REFERENCES accounts (id),
	requirement TEXT NOT NULL,
	PRIMARY KEY (account_id, requirement)
) STRICT, WITHOUT ROWID;
