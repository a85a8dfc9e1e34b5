-- Roles that clients made themselves; the built-in ones are not here.
CREATE TABLE roles (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	client_id   text COLLATE "C" NOT NULL REFERENCES clients (id),
	key         text COLLATE "C" NOT NULL,
	level       bigint NOT NULL,
	-- JSON, always read and written whole
	fields      text NOT NULL,
	created_at  timestamptz NOT NULL,
	updated_at  timestamptz NOT NULL,
	expires_at  timestamptz,
	disabled_at timestamptz,
	UNIQUE (client_id, key)
);
CREATE INDEX roles_client ON roles (client_id, created_at, id);

-- People with a role on a client. Before an invitation is accepted there is an e-mail and no user, afterwards a user and no e-mail.
CREATE TABLE members (
	id               text COLLATE "C" NOT NULL PRIMARY KEY,
	client_id        text COLLATE "C" NOT NULL REFERENCES clients (id),
	user_id          text COLLATE "C" REFERENCES users (id),
	email            text NOT NULL,
	email_key        text COLLATE "C",
	-- a built-in role or one of roles
	role_id          text COLLATE "C" NOT NULL,
	key_id           text COLLATE "C" NOT NULL,
	hash             bytea NOT NULL,
	created_at       timestamptz NOT NULL,
	expires_at       timestamptz,
	invitation_until timestamptz,
	joined_at        timestamptz,
	UNIQUE (client_id, user_id),
	UNIQUE (client_id, email_key)
);
CREATE INDEX members_client ON members (client_id, created_at, id);
CREATE INDEX members_user ON members (user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX members_email ON members (email_key) WHERE email_key IS NOT NULL;
