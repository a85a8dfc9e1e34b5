-- The call log: one row per decided call, appended and never changed. No foreign keys and few indexes: it is written with every call.
CREATE TABLE calls (
	sequence        bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	id              text COLLATE "C" NOT NULL UNIQUE,
	account_id      text COLLATE "C" NOT NULL,
	lineage_id      text COLLATE "C",
	token_id        text COLLATE "C",
	scope_id        text COLLATE "C",
	operation_id    text COLLATE "C",
	method          text COLLATE "C" NOT NULL,
	host            text COLLATE "C" NOT NULL,
	address         text COLLATE "C",
	state           text COLLATE "C" NOT NULL,
	code            text COLLATE "C",
	message         text,
	limit_name      text COLLATE "C",
	payer           text COLLATE "C",
	price           bigint NOT NULL,
	subscription_id text COLLATE "C",
	transfer_id     text COLLATE "C",
	decided_at      timestamptz NOT NULL,
	expires_at      timestamptz,
	CONSTRAINT calls_price CHECK (price >= 0),
	-- what is held must come back by itself
	CONSTRAINT calls_hold CHECK (state <> 'reserved' OR expires_at IS NOT NULL)
);

CREATE TRIGGER calls_update BEFORE UPDATE ON calls
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('calls are never changed');

-- How reserved calls ended. Phase 1 is settled or released, phase 2 refunded: each at most once per call.
CREATE TABLE outcomes (
	sequence    bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	call_id     text COLLATE "C" NOT NULL,
	phase       smallint NOT NULL,
	kind        text COLLATE "C" NOT NULL,
	status      integer NOT NULL,
	code        text COLLATE "C",
	transfer_id text COLLATE "C",
	ended_at    timestamptz NOT NULL,
	elapsed     bigint NOT NULL,
	UNIQUE (call_id, phase),
	CONSTRAINT outcomes_phase CHECK ((phase = 1 AND kind IN ('settled', 'released')) OR (phase = 2 AND kind = 'refunded'))
);

CREATE TRIGGER outcomes_update BEFORE UPDATE ON outcomes
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('outcomes are never changed');

-- Up to where the log is folded into the books, per log.
CREATE TABLE watermarks (
	name     text COLLATE "C" NOT NULL PRIMARY KEY,
	sequence bigint NOT NULL
);

INSERT INTO watermarks (name, sequence) VALUES ('calls', 0), ('outcomes', 0);

-- The folded reservations that had not ended when they were folded: the few slow ones. Those not folded yet are in the log's tail,
-- so both together are all that can expire, however long the log is.
CREATE TABLE open_calls (
	call_id    text COLLATE "C" NOT NULL PRIMARY KEY,
	expires_at timestamptz NOT NULL
);
