-- Where a client's sites live and where people are sent back to.
CREATE TABLE domains (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	client_id   text COLLATE "C" NOT NULL REFERENCES clients (id),
	host        text COLLATE "C" NOT NULL,
	is_primary  boolean NOT NULL,
	-- JSON, always read and written whole
	settings    text NOT NULL,
	proof       text COLLATE "C" NOT NULL,
	proven_by   text COLLATE "C" NOT NULL,
	verified_at timestamptz,
	logo_digest text COLLATE "C" NOT NULL,
	created_at  timestamptz NOT NULL,
	updated_at  timestamptz NOT NULL,
	UNIQUE (client_id, host)
);
CREATE INDEX domains_client ON domains (client_id, created_at, id);
CREATE UNIQUE INDEX domains_primary ON domains (client_id) WHERE is_primary;

-- Apart from their domains, because lists do not show them.
CREATE TABLE domain_logos (
	domain_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
	png       bytea NOT NULL
);

CREATE TABLE domain_urls (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	domain_id  text COLLATE "C" NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
	kind       text COLLATE "C" NOT NULL,
	url        text COLLATE "C" NOT NULL,
	active     boolean NOT NULL,
	created_at timestamptz NOT NULL,
	UNIQUE (domain_id, kind, url)
);

-- Which secrets are good for which domains.
CREATE TABLE secret_domains (
	secret_id text COLLATE "C" NOT NULL REFERENCES client_secrets (id),
	domain_id text COLLATE "C" NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
	PRIMARY KEY (secret_id, domain_id)
);
CREATE INDEX secret_domains_domain ON secret_domains (domain_id, secret_id);
