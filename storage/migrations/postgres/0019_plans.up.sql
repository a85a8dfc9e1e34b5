-- What an account booked. One without a row has an arrangement with the operator: no fee and no limits.
CREATE TABLE account_plans (
	account_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
	kind       text COLLATE "C" NOT NULL,
	since      timestamptz NOT NULL,
	paid_until timestamptz,
	auto_renew boolean NOT NULL,
	updated_at timestamptz NOT NULL
);
CREATE INDEX account_plans_due ON account_plans (paid_until) WHERE paid_until IS NOT NULL;
