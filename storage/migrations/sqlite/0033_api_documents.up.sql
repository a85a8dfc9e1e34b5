-- what people read of an API: its document as it was imported, and what was made from it
CREATE TABLE api_documents (
	api_id TEXT NOT NULL REFERENCES apis (id),
	kind   TEXT NOT NULL,
	-- what the data was made from; another one means that it is out of date
	digest TEXT NOT NULL,
	data   BLOB NOT NULL,
	PRIMARY KEY (api_id, kind)
) STRICT;

CREATE TABLE api_revisions (
	id         TEXT NOT NULL PRIMARY KEY,
	api_id     TEXT NOT NULL REFERENCES apis (id),
	version    TEXT NOT NULL,
	-- JSON array of changes
	changes    TEXT,
	created_at TEXT NOT NULL
) STRICT;
CREATE INDEX api_revisions_api ON api_revisions (api_id, created_at, id);
