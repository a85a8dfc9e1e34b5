-- Where a client's sites live and where people are sent back to.
CREATE TABLE domains (
	id          TEXT NOT NULL PRIMARY KEY,
	client_id   TEXT NOT NULL REFERENCES clients (id),
	host        TEXT NOT NULL,
	is_primary  INTEGER NOT NULL,
	-- JSON, always read and written whole
	settings    TEXT NOT NULL,
	proof       TEXT NOT NULL,
	proven_by   TEXT NOT NULL,
	verified_at TEXT,
	logo_digest TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	updated_at  TEXT NOT NULL,
	UNIQUE (client_id, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX domains_client ON domains (client_id, created_at, id);
CREATE UNIQUE INDEX domains_primary ON domains (client_id) WHERE is_primary;

-- Apart from their domains, because lists do not show them.
CREATE TABLE domain_logos (
	domain_id TEXT NOT NULL PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
	png       BLOB NOT NULL
) STRICT;

CREATE TABLE domain_urls (
	id         TEXT NOT NULL PRIMARY KEY,
	domain_id  TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
	kind       TEXT NOT NULL,
	url        TEXT NOT NULL,
	active     INTEGER NOT NULL,
	created_at TEXT NOT NULL,
	UNIQUE (domain_id, kind, url)
) STRICT, WITHOUT ROWID;

-- Which secrets are good for which domains.
CREATE TABLE secret_domains (
	secret_id TEXT NOT NULL REFERENCES client_secrets (id),
	domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
	PRIMARY KEY (secret_id, domain_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_domains_domain ON secret_domains (domain_id, secret_id);
