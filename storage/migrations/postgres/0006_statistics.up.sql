-- What the fold counts from the log. Period is '', '2026', '2026-11' or '2026-11-20'; key is '', a host, a scope id or a lineage id.
CREATE TABLE statistics (
	account_id            text COLLATE "C" NOT NULL,
	period                text COLLATE "C" NOT NULL,
	dimension             text COLLATE "C" NOT NULL,
	key                   text COLLATE "C" NOT NULL,
	host                  text COLLATE "C" NOT NULL,
	total_requests        bigint NOT NULL,
	wallet_requests       bigint NOT NULL,
	subscription_requests bigint NOT NULL,
	error_requests        bigint NOT NULL,
	wallet_amount         bigint NOT NULL,
	address_count         bigint NOT NULL,
	PRIMARY KEY (account_id, period, dimension, key, host)
);

-- The key leads, so that the addresses of a token are found without its account.
CREATE TABLE seen_addresses (
	key        text COLLATE "C" NOT NULL,
	dimension  text COLLATE "C" NOT NULL,
	period     text COLLATE "C" NOT NULL,
	account_id text COLLATE "C" NOT NULL,
	host       text COLLATE "C" NOT NULL,
	address    text COLLATE "C" NOT NULL,
	seen_at    timestamptz NOT NULL,
	PRIMARY KEY (key, dimension, period, account_id, host, address)
);

CREATE TABLE usage_days (
	account_id text COLLATE "C" NOT NULL,
	day        text COLLATE "C" NOT NULL,
	host       text COLLATE "C" NOT NULL,
	amount     bigint NOT NULL,
	requests   bigint NOT NULL,
	first_at   timestamptz NOT NULL,
	PRIMARY KEY (account_id, day, host)
);

CREATE INDEX usage_days_listed ON usage_days (account_id, first_at);

CREATE TABLE error_entries (
	id         text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id text COLLATE "C" NOT NULL,
	scope_id   text COLLATE "C",
	host       text COLLATE "C" NOT NULL,
	address    text COLLATE "C",
	status     integer NOT NULL,
	code       text COLLATE "C" NOT NULL,
	message    text NOT NULL,
	created_at timestamptz NOT NULL
);

CREATE INDEX error_entries_listed ON error_entries (account_id, created_at, id);

CREATE TABLE callbacks (
	id           text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id   text COLLATE "C" NOT NULL REFERENCES accounts (id),
	scope_id     text COLLATE "C",
	host         text COLLATE "C" NOT NULL,
	active       boolean NOT NULL,
	method       text COLLATE "C" NOT NULL,
	url          text NOT NULL,
	field        text COLLATE "C" NOT NULL,
	data         text,
	custom       text,
	headers      text,
	status       integer NOT NULL,
	elapsed      bigint NOT NULL,
	attempt      integer NOT NULL,
	retry        integer NOT NULL,
	created_at   timestamptz NOT NULL,
	started_at   timestamptz,
	completed_at timestamptz
);

CREATE INDEX callbacks_listed ON callbacks (account_id, created_at, id);
