-- The play money an account gave itself on its newest day: what bounds more of it.
CREATE TABLE play_grants (
	account_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
	day        text COLLATE "C" NOT NULL,
	amount     bigint NOT NULL CHECK (amount >= 0)
);

-- What accounts told APIs that only pretend to work, to be given back. A body that is empty was deleted.
CREATE TABLE echoes (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
	api_id     text COLLATE "C" NOT NULL REFERENCES apis (id),
	collection text COLLATE "C" NOT NULL,
	name       text COLLATE "C" NOT NULL,
	body       bytea NOT NULL,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
);
CREATE INDEX echoes_age ON echoes (account_id, created_at, id);
CREATE INDEX echoes_collection ON echoes (account_id, api_id, collection, created_at, id);
CREATE INDEX echoes_over ON echoes (expires_at, id);
