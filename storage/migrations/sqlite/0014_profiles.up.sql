CREATE TABLE postal_addresses (
	id         TEXT NOT NULL PRIMARY KEY,
	user_id    TEXT NOT NULL REFERENCES users (id),
	kind       TEXT NOT NULL,
	is_default INTEGER NOT NULL,
	-- JSON, always read and written whole
	fields     TEXT NOT NULL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX postal_addresses_user ON postal_addresses (user_id, created_at, id);
CREATE UNIQUE INDEX postal_addresses_default ON postal_addresses (user_id, kind) WHERE is_default;

CREATE TABLE notifications (
	id         TEXT NOT NULL PRIMARY KEY,
	user_id    TEXT NOT NULL REFERENCES users (id),
	kind       TEXT NOT NULL,
	title      TEXT NOT NULL,
	body       TEXT NOT NULL,
	target     TEXT NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	read_at    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX notifications_user ON notifications (user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_expired ON notifications (expires_at, id);

CREATE TABLE notification_preferences (
	user_id TEXT NOT NULL REFERENCES users (id),
	kind    TEXT NOT NULL,
	shown   INTEGER NOT NULL,
	mailed  INTEGER NOT NULL,
	PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

-- When API keys and other credentials were last used, apart from the rows that authentication reads.
CREATE TABLE credential_uses (
	id           TEXT NOT NULL PRIMARY KEY,
	last_used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
