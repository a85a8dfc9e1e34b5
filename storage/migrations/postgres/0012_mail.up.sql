-- Links that were mailed; each is good once. A registration waits here until its e-mail is proven.
CREATE TABLE confirmations (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	kind       text COLLATE "C" NOT NULL,
	email      text NOT NULL,
	email_key  text COLLATE "C" NOT NULL,
	user_id    text COLLATE "C" REFERENCES users (id),
	account_id text COLLATE "C" REFERENCES accounts (id),
	name       text NOT NULL,
	password   text NOT NULL,
	key_id     text COLLATE "C" NOT NULL,
	hash       bytea NOT NULL,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	used_at    timestamptz
);
CREATE INDEX confirmations_email ON confirmations (email_key, kind, created_at, id);
CREATE INDEX confirmations_user ON confirmations (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX confirmations_expired ON confirmations (expires_at, id);

-- The outbox: mails are written with what caused them and sent afterwards. Their text is encrypted.
CREATE TABLE mails (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	kind       text COLLATE "C" NOT NULL,
	recipient  text NOT NULL,
	subject    text NOT NULL,
	key_id     text COLLATE "C" NOT NULL,
	sealed     bytea NOT NULL,
	created_at timestamptz NOT NULL,
	send_by_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	next_at    timestamptz NOT NULL,
	attempts   bigint NOT NULL,
	sent_at    timestamptz,
	failure    text NOT NULL
);
CREATE INDEX mails_newest ON mails (created_at, id);
CREATE INDEX mails_due ON mails (next_at, id) WHERE sent_at IS NULL;
CREATE INDEX mails_expired ON mails (expires_at, id);
