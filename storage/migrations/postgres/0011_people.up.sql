-- People who log in. Each has an account of their own.
CREATE TABLE users (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id  text COLLATE "C" NOT NULL UNIQUE REFERENCES accounts (id),
	email       text NOT NULL,
	-- the e-mail in lower case: one user per address, however it is typed
	email_key   text COLLATE "C" NOT NULL UNIQUE,
	-- argon2id with its parameters; '' matches nothing
	password    text NOT NULL,
	-- JSON, always read and written whole
	profile     text NOT NULL,
	created_at  timestamptz NOT NULL,
	verified_at timestamptz,
	password_at timestamptz,
	deleted_at  timestamptz
);

CREATE TABLE sessions (
	id             text COLLATE "C" NOT NULL PRIMARY KEY,
	user_id        text COLLATE "C" NOT NULL REFERENCES users (id),
	key_id         text COLLATE "C" NOT NULL,
	hash           bytea NOT NULL,
	address        text,
	user_agent     text NOT NULL,
	created_at     timestamptz NOT NULL,
	last_active_at timestamptz NOT NULL,
	expires_at     timestamptz NOT NULL,
	ended_at       timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_expired ON sessions (expires_at, id);

-- What strangers may do a bounded number of times, counted for all instances together.
CREATE TABLE rate_hits (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	key        text COLLATE "C" NOT NULL,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
);
CREATE INDEX rate_hits_counted ON rate_hits (key, expires_at);
CREATE INDEX rate_hits_expired ON rate_hits (expires_at, id);
