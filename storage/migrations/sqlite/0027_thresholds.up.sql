-- What lay in a wallet right after its last top-up.
CREATE TABLE wallet_levels (
	account_id  TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
	transfer_id TEXT NOT NULL,
	balance     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of what an account was told, so that it is told once.
CREATE TABLE told_thresholds (
	account_id TEXT NOT NULL REFERENCES accounts (id),
	subject    TEXT NOT NULL,
	period     TEXT NOT NULL,
	percent    INTEGER NOT NULL,
	told_at    TEXT NOT NULL,
	PRIMARY KEY (account_id, subject, period, percent)
) STRICT, WITHOUT ROWID;
