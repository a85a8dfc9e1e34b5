-- The play money an account gave itself on its newest day: what bounds more of it.
CREATE TABLE play_grants (
	account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
	day        TEXT NOT NULL,
	amount     INTEGER NOT NULL CHECK (amount >= 0)
) STRICT, WITHOUT ROWID;

-- What accounts told APIs that only pretend to work, to be given back. A body that is empty was deleted.
CREATE TABLE echoes (
	id         TEXT NOT NULL PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	api_id     TEXT NOT NULL REFERENCES apis (id),
	collection TEXT NOT NULL,
	name       TEXT NOT NULL,
	body       BLOB NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX echoes_age ON echoes (account_id, created_at, id);
CREATE INDEX echoes_collection ON echoes (account_id, api_id, collection, created_at, id);
CREATE INDEX echoes_over ON echoes (expires_at, id);
