-- Who did what to what, when and from where: only ever added to.
CREATE TABLE audit_entries (
	id         TEXT NOT NULL PRIMARY KEY,
	account_id TEXT,
	client_id  TEXT,
	actor      TEXT NOT NULL,
	actor_id   TEXT NOT NULL,
	action     TEXT NOT NULL,
	target     TEXT NOT NULL,
	-- JSON objects of what differs; never a secret
	old_fields TEXT NOT NULL,
	new_fields TEXT NOT NULL,
	address    TEXT,
	user_agent TEXT NOT NULL,
	request_id TEXT NOT NULL,
	created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_newest ON audit_entries (created_at, id);
CREATE INDEX audit_entries_account ON audit_entries (account_id, created_at, id);
CREATE INDEX audit_entries_client ON audit_entries (client_id, created_at, id) WHERE client_id IS NOT NULL;

CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries
BEGIN
	SELECT RAISE(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries
BEGIN
	SELECT RAISE(ABORT, 'the audit log is never deleted');
END;
