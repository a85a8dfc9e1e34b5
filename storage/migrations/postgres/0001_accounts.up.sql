-- Text is compared by bytes (COLLATE "C") wherever it is a key or an order, as SQLite does.
CREATE TABLE accounts (
	id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	email       TEXT NOT NULL,
	-- the e-mail in lower case: one account per address, however it is typed
	email_key   TEXT COLLATE "C" NOT NULL UNIQUE,
	name        TEXT NOT NULL,
	created_at  TIMESTAMPTZ NOT NULL,
	disabled_at TIMESTAMPTZ
);
CREATE INDEX accounts_newest ON accounts (created_at, id);

CREATE TABLE api_keys (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
	label      TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	hash       BYTEA NOT NULL,
	created_at TIMESTAMPTZ NOT NULL,
	expires_at TIMESTAMPTZ,
	revoked_at TIMESTAMPTZ
);
CREATE INDEX api_keys_account ON api_keys (account_id, created_at, id);

CREATE TABLE clients (
	id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	account_id  TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
	name        TEXT NOT NULL,
	created_at  TIMESTAMPTZ NOT NULL,
	disabled_at TIMESTAMPTZ
);
CREATE INDEX clients_account ON clients (account_id, created_at, id);

CREATE TABLE client_secrets (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	client_id  TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
	label      TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	hash       BYTEA NOT NULL,
	created_at TIMESTAMPTZ NOT NULL,
	expires_at TIMESTAMPTZ,
	revoked_at TIMESTAMPTZ
);
CREATE INDEX client_secrets_client ON client_secrets (client_id, created_at, id);
