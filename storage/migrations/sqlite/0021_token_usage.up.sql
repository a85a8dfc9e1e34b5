-- The counters of a token stand apart from what else is known of it: they are written with its every call, and a small row makes that
-- cheap.
CREATE TABLE lineage_usage (
	lineage_id            TEXT NOT NULL PRIMARY KEY REFERENCES lineages (id),
	total_requests        INTEGER NOT NULL CHECK (total_requests >= 0),
	wallet_requests       INTEGER NOT NULL CHECK (wallet_requests >= 0),
	subscription_requests INTEGER NOT NULL CHECK (subscription_requests >= 0),
	error_requests        INTEGER NOT NULL CHECK (error_requests >= 0),
	wallet_amount         INTEGER NOT NULL CHECK (wallet_amount >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO lineage_usage (lineage_id, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount)
SELECT id, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount FROM lineages;

ALTER TABLE lineages DROP COLUMN total_requests;
ALTER TABLE lineages DROP COLUMN wallet_requests;
ALTER TABLE lineages DROP COLUMN subscription_requests;
ALTER TABLE lineages DROP COLUMN error_requests;
ALTER TABLE lineages DROP COLUMN wallet_amount;
