-- Who did what to what, when and from where: only ever added to.
CREATE TABLE audit_entries (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id text COLLATE "C",
	client_id  text COLLATE "C",
	actor      text COLLATE "C" NOT NULL,
	actor_id   text COLLATE "C" NOT NULL,
	action     text COLLATE "C" NOT NULL,
	target     text COLLATE "C" NOT NULL,
	-- JSON objects of what differs; never a secret
	old_fields text NOT NULL,
	new_fields text NOT NULL,
	address    text,
	user_agent text NOT NULL,
	request_id text COLLATE "C" NOT NULL,
	created_at timestamptz NOT NULL
);
CREATE INDEX audit_entries_newest ON audit_entries (created_at, id);
CREATE INDEX audit_entries_account ON audit_entries (account_id, created_at, id);
CREATE INDEX audit_entries_client ON audit_entries (client_id, created_at, id) WHERE client_id IS NOT NULL;

CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit log is never changed');

CREATE TRIGGER audit_entries_delete BEFORE DELETE OR TRUNCATE ON audit_entries
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit log is never deleted');
