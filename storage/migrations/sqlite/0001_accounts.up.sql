-- STRICT tables refuse a value of the wrong type; times are text in UTC that sorts as it reads.
CREATE TABLE accounts (
	id          TEXT NOT NULL PRIMARY KEY,
	email       TEXT NOT NULL,
	-- the e-mail in lower case: one account per address, however it is typed
	email_key   TEXT NOT NULL UNIQUE,
	name        TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	disabled_at TEXT
) STRICT;
CREATE INDEX accounts_newest ON accounts (created_at, id);

CREATE TABLE api_keys (
	id         TEXT NOT NULL PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	label      TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	hash       BLOB NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT,
	revoked_at TEXT
) STRICT;
CREATE INDEX api_keys_account ON api_keys (account_id, created_at, id);

CREATE TABLE clients (
	id          TEXT NOT NULL PRIMARY KEY,
	account_id  TEXT NOT NULL REFERENCES accounts (id),
	name        TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	disabled_at TEXT
) STRICT;
CREATE INDEX clients_account ON clients (account_id, created_at, id);

CREATE TABLE client_secrets (
	id         TEXT NOT NULL PRIMARY KEY,
	client_id  TEXT NOT NULL REFERENCES clients (id),
	label      TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	hash       BLOB NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT,
	revoked_at TEXT
) STRICT;
CREATE INDEX client_secrets_client ON client_secrets (client_id, created_at, id);
