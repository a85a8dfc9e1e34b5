-- Roles that clients made themselves; the built-in ones are not here.
CREATE TABLE roles (
	id          TEXT NOT NULL PRIMARY KEY,
	client_id   TEXT NOT NULL REFERENCES clients (id),
	key         TEXT NOT NULL,
	level       INTEGER NOT NULL,
	-- JSON, always read and written whole
	fields      TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	updated_at  TEXT NOT NULL,
	expires_at  TEXT,
	disabled_at TEXT,
	UNIQUE (client_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX roles_client ON roles (client_id, created_at, id);

-- People with a role on a client. Before an invitation is accepted there is an e-mail and no user, afterwards a user and no e-mail.
CREATE TABLE members (
	id               TEXT NOT NULL PRIMARY KEY,
	client_id        TEXT NOT NULL REFERENCES clients (id),
	user_id          TEXT REFERENCES users (id),
	email            TEXT NOT NULL,
	email_key        TEXT,
	-- a built-in role or one of roles
	role_id          TEXT NOT NULL,
	key_id           TEXT NOT NULL,
	hash             BLOB NOT NULL,
	created_at       TEXT NOT NULL,
	expires_at       TEXT,
	invitation_until TEXT,
	joined_at        TEXT,
	UNIQUE (client_id, user_id),
	UNIQUE (client_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_client ON members (client_id, created_at, id);
CREATE INDEX members_user ON members (user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX members_email ON members (email_key) WHERE email_key IS NOT NULL;
