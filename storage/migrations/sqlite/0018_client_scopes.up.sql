-- What a client chose of the catalogue; one without rows chose nothing and is not bound.
CREATE TABLE client_scopes (
	client_id  TEXT NOT NULL REFERENCES clients (id),
	scope_id   TEXT NOT NULL,
	enabled    INTEGER NOT NULL,
	updated_at TEXT NOT NULL,
	PRIMARY KEY (client_id, scope_id)
) STRICT, WITHOUT ROWID;
