-- Each line of the statistics has a number that it keeps for ever: whoever adds to a line again and again finds it by that instead of by
-- five texts.
ALTER TABLE statistics RENAME TO statistics_before;

CREATE TABLE statistics (
	line                  INTEGER NOT NULL PRIMARY KEY,
	account_id            TEXT NOT NULL,
	period                TEXT NOT NULL,
	dimension             TEXT NOT NULL,
	key                   TEXT NOT NULL,
	host                  TEXT NOT NULL,
	total_requests        INTEGER NOT NULL,
	wallet_requests       INTEGER NOT NULL,
	subscription_requests INTEGER NOT NULL,
	error_requests        INTEGER NOT NULL,
	wallet_amount         INTEGER NOT NULL,
	address_count         INTEGER NOT NULL,
	UNIQUE (account_id, period, dimension, key, host)
) STRICT;

INSERT INTO statistics (account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count)
SELECT account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count FROM statistics_before ORDER BY account_id, period, dimension, key, host;

DROP TABLE statistics_before;
