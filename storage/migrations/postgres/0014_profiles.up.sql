CREATE TABLE postal_addresses (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	user_id    text COLLATE "C" NOT NULL REFERENCES users (id),
	kind       text COLLATE "C" NOT NULL,
	is_default boolean NOT NULL,
	-- JSON, always read and written whole
	fields     text NOT NULL,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL
);
CREATE INDEX postal_addresses_user ON postal_addresses (user_id, created_at, id);
CREATE UNIQUE INDEX postal_addresses_default ON postal_addresses (user_id, kind) WHERE is_default;

CREATE TABLE notifications (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	user_id    text COLLATE "C" NOT NULL REFERENCES users (id),
	kind       text COLLATE "C" NOT NULL,
	title      text NOT NULL,
	body       text NOT NULL,
	target     text COLLATE "C" NOT NULL,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	read_at    timestamptz
);
CREATE INDEX notifications_user ON notifications (user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_expired ON notifications (expires_at, id);

CREATE TABLE notification_preferences (
	user_id text COLLATE "C" NOT NULL REFERENCES users (id),
	kind    text COLLATE "C" NOT NULL,
	shown   boolean NOT NULL,
	mailed  boolean NOT NULL,
	PRIMARY KEY (user_id, kind)
);

-- When API keys and other credentials were last used, apart from the rows that authentication reads.
CREATE TABLE credential_uses (
	id           text COLLATE "C" NOT NULL PRIMARY KEY,
	last_used_at timestamptz NOT NULL
);
