-- what people read of an API: its document as it was imported, and what was made from it
CREATE TABLE api_documents (
	api_id TEXT COLLATE "C" NOT NULL REFERENCES apis (id),
	kind   TEXT COLLATE "C" NOT NULL,
	-- what the data was made from; another one means that it is out of date
	digest TEXT NOT NULL,
	data   BYTEA NOT NULL,
	PRIMARY KEY (api_id, kind)
);

CREATE TABLE api_revisions (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	api_id     TEXT COLLATE "C" NOT NULL REFERENCES apis (id),
	version    TEXT NOT NULL,
	-- JSON array of changes
	changes    TEXT,
	created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX api_revisions_api ON api_revisions (api_id, created_at, id);
