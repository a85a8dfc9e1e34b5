-- Prepaid money. What can be spent is balance - held; the database itself refuses more.
CREATE TABLE wallets (
	account_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
	balance    bigint NOT NULL,
	held       bigint NOT NULL,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	CONSTRAINT wallets_held CHECK (held >= 0 AND balance >= held)
) WITH (fillfactor = 50);

-- Every movement of money as one row with two sides, so that all sides together are always zero.
CREATE TABLE transfers (
	id          text COLLATE "C" NOT NULL PRIMARY KEY,
	kind        text COLLATE "C" NOT NULL,
	debit       text COLLATE "C" NOT NULL,
	credit      text COLLATE "C" NOT NULL,
	amount      bigint NOT NULL,
	account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
	description text NOT NULL,
	created_at  timestamptz NOT NULL,
	CONSTRAINT transfers_amount CHECK (amount > 0),
	CONSTRAINT transfers_sides CHECK (debit <> credit)
);

-- Usage is listed by host and day instead, so the many usage transfers stay out of the list's index.
CREATE INDEX transfers_listed ON transfers (account_id, created_at, id) WHERE kind <> 'usage';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TRIGGER transfers_update BEFORE UPDATE ON transfers
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transfers are never changed');

CREATE TRIGGER transfers_delete BEFORE DELETE OR TRUNCATE ON transfers
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transfers are never deleted');

CREATE TABLE subscriptions (
	id             text COLLATE "C" NOT NULL PRIMARY KEY,
	account_id     text COLLATE "C" NOT NULL REFERENCES accounts (id),
	scope_id       text COLLATE "C" NOT NULL,
	renews_id      text COLLATE "C" UNIQUE,
	term           text COLLATE "C" NOT NULL,
	price          bigint NOT NULL,
	total_requests bigint NOT NULL,
	used_requests  bigint NOT NULL,
	auto_renew     boolean NOT NULL,
	starts_at      timestamptz NOT NULL,
	expires_at     timestamptz NOT NULL,
	created_at     timestamptz NOT NULL,
	updated_at     timestamptz NOT NULL,
	CONSTRAINT subscriptions_used CHECK (used_requests >= 0 AND used_requests <= total_requests)
);

CREATE INDEX subscriptions_active ON subscriptions (account_id, scope_id, expires_at);
CREATE INDEX subscriptions_listed ON subscriptions (account_id, created_at, id);
CREATE INDEX subscriptions_due ON subscriptions (expires_at) WHERE auto_renew;

-- What an account used of a scope's free allowance: the four windows in one row.
CREATE TABLE allowances (
	account_id text COLLATE "C" NOT NULL,
	scope_id   text COLLATE "C" NOT NULL,
	day        text COLLATE "C" NOT NULL,
	day_used   bigint NOT NULL,
	month      text COLLATE "C" NOT NULL,
	month_used bigint NOT NULL,
	year       text COLLATE "C" NOT NULL,
	year_used  bigint NOT NULL,
	total_used bigint NOT NULL,
	PRIMARY KEY (account_id, scope_id),
	CONSTRAINT allowances_used CHECK (day_used >= 0 AND month_used >= 0 AND year_used >= 0 AND total_used >= 0)
) WITH (fillfactor = 50);
