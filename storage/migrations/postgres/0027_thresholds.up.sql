-- What lay in a wallet right after its last top-up.
CREATE TABLE wallet_levels (
	account_id  text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
	transfer_id text COLLATE "C" NOT NULL,
	balance     bigint NOT NULL
);

-- Of what an account was told, so that it is told once.
CREATE TABLE told_thresholds (
	account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
	subject    text COLLATE "C" NOT NULL,
	period     text COLLATE "C" NOT NULL,
	percent    bigint NOT NULL,
	told_at    timestamptz NOT NULL,
	PRIMARY KEY (account_id, subject, period, percent)
);
