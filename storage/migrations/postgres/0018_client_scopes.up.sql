-- What a client chose of the catalogue; one without rows chose nothing and is not bound.
CREATE TABLE client_scopes (
	client_id  text COLLATE "C" NOT NULL REFERENCES clients (id),
	scope_id   text COLLATE "C" NOT NULL,
	enabled    boolean NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (client_id, scope_id)
);
