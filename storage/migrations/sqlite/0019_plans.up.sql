-- What an account booked. One without a row has an arrangement with the operator: no fee and no limits.
CREATE TABLE account_plans (
	account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
	kind       TEXT NOT NULL,
	since      TEXT NOT NULL,
	paid_until TEXT,
	auto_renew INTEGER NOT NULL,
	updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_plans_due ON account_plans (paid_until) WHERE paid_until IS NOT NULL;
