-- Closed days: the sums of the calls up to them, signed, so that books are proved from there on and single calls may be deleted.
CREATE TABLE closings (
	day        text COLLATE "C" NOT NULL PRIMARY KEY,
	-- '' for the first; unique, so that no two instances close the same days
	previous   text COLLATE "C" NOT NULL UNIQUE,
	calls      bigint NOT NULL,
	outcomes   bigint NOT NULL,
	first_open bigint NOT NULL,
	key_id     text COLLATE "C" NOT NULL,
	signature  bytea NOT NULL,
	closed_at  timestamptz NOT NULL,
	CONSTRAINT closings_order CHECK (previous < day)
);

CREATE TABLE closed_totals (
	closing               text COLLATE "C" NOT NULL,
	dimension             text COLLATE "C" NOT NULL,
	day                   text COLLATE "C" NOT NULL,
	account_id            text COLLATE "C" NOT NULL,
	key                   text COLLATE "C" NOT NULL,
	host                  text COLLATE "C" NOT NULL,
	total_requests        bigint NOT NULL,
	wallet_requests       bigint NOT NULL,
	subscription_requests bigint NOT NULL,
	error_requests        bigint NOT NULL,
	wallet_amount         bigint NOT NULL,
	allowance_requests    bigint NOT NULL,
	spent_requests        bigint NOT NULL,
	spent_amount          bigint NOT NULL,
	PRIMARY KEY (closing, dimension, day, account_id, key, host)
);

CREATE TRIGGER closings_update BEFORE UPDATE ON closings
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('closed days are never changed');

CREATE TRIGGER closings_delete BEFORE DELETE OR TRUNCATE ON closings
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('closed days are never opened');

CREATE TRIGGER closed_totals_update BEFORE UPDATE ON closed_totals
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('closed days are never changed');

CREATE TRIGGER closed_totals_delete BEFORE DELETE OR TRUNCATE ON closed_totals
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('closed days are never opened');

-- The last run of verify, for every instance to see.
CREATE TABLE verifications (
	id          integer NOT NULL PRIMARY KEY CHECK (id = 1),
	started_at  timestamptz,
	finished_at timestamptz,
	elapsed     bigint NOT NULL,
	differences bigint NOT NULL
);
INSERT INTO verifications (id, elapsed, differences) VALUES (1, 0, 0);
