-- The counters of a token stand apart from what else is known of it: they are written with its every call, and a small row makes that
-- cheap. Pages keep room for the next version of a row, so that an update touches no index.
CREATE TABLE lineage_usage (
	lineage_id            TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES lineages (id),
	total_requests        BIGINT NOT NULL CHECK (total_requests >= 0),
	wallet_requests       BIGINT NOT NULL CHECK (wallet_requests >= 0),
	subscription_requests BIGINT NOT NULL CHECK (subscription_requests >= 0),
	error_requests        BIGINT NOT NULL CHECK (error_requests >= 0),
	wallet_amount         BIGINT NOT NULL CHECK (wallet_amount >= 0)
) WITH (fillfactor = 50);

INSERT INTO lineage_usage (lineage_id, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount)
SELECT id, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount FROM lineages;

ALTER TABLE lineages DROP COLUMN total_requests, DROP COLUMN wallet_requests, DROP COLUMN subscription_requests,
	DROP COLUMN error_requests, DROP COLUMN wallet_amount;

ALTER TABLE wallets SET (fillfactor = 50);
ALTER TABLE allowances SET (fillfactor = 50);
