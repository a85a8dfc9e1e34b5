-- People who log in. Each has an account of their own.
CREATE TABLE users (
	id          TEXT NOT NULL PRIMARY KEY,
	account_id  TEXT NOT NULL UNIQUE REFERENCES accounts (id),
	email       TEXT NOT NULL,
	-- the e-mail in lower case: one user per address, however it is typed
	email_key   TEXT NOT NULL UNIQUE,
	-- argon2id with its parameters; '' matches nothing
	password    TEXT NOT NULL,
	-- JSON, always read and written whole
	profile     TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	verified_at TEXT,
	password_at TEXT,
	deleted_at  TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
	id             TEXT NOT NULL PRIMARY KEY,
	user_id        TEXT NOT NULL REFERENCES users (id),
	key_id         TEXT NOT NULL,
	hash           BLOB NOT NULL,
	address        TEXT,
	user_agent     TEXT NOT NULL,
	created_at     TEXT NOT NULL,
	last_active_at TEXT NOT NULL,
	expires_at     TEXT NOT NULL,
	ended_at       TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_expired ON sessions (expires_at, id);

-- What strangers may do a bounded number of times, counted for all instances together.
CREATE TABLE rate_hits (
	id         TEXT NOT NULL PRIMARY KEY,
	key        TEXT NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_hits_counted ON rate_hits (key, expires_at);
CREATE INDEX rate_hits_expired ON rate_hits (expires_at, id);
