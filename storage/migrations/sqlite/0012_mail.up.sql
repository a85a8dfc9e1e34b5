-- Links that were mailed; each is good once. A registration waits here until its e-mail is proven.
CREATE TABLE confirmations (
	id         TEXT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	email      TEXT NOT NULL,
	email_key  TEXT NOT NULL,
	user_id    TEXT REFERENCES users (id),
	account_id TEXT REFERENCES accounts (id),
	name       TEXT NOT NULL,
	password   TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	hash       BLOB NOT NULL,
	created_at TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	used_at    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmations_email ON confirmations (email_key, kind, created_at, id);
CREATE INDEX confirmations_user ON confirmations (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX confirmations_expired ON confirmations (expires_at, id);

-- The outbox: mails are written with what caused them and sent afterwards. Their text is encrypted.
CREATE TABLE mails (
	id         TEXT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	recipient  TEXT NOT NULL,
	subject    TEXT NOT NULL,
	key_id     TEXT NOT NULL,
	sealed     BLOB NOT NULL,
	created_at TEXT NOT NULL,
	send_by_at TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	next_at    TEXT NOT NULL,
	attempts   INTEGER NOT NULL,
	sent_at    TEXT,
	failure    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_newest ON mails (created_at, id);
CREATE INDEX mails_due ON mails (next_at, id) WHERE sent_at IS NULL;
CREATE INDEX mails_expired ON mails (expires_at, id);
