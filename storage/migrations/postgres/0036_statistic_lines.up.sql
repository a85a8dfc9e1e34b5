-- Each line of the statistics has a number that it keeps for ever: whoever adds to a line again and again finds it by that instead of by
-- five texts.
ALTER TABLE statistics RENAME TO statistics_before;
ALTER TABLE statistics_before RENAME CONSTRAINT statistics_pkey TO statistics_before_pkey;

CREATE TABLE statistics (
	line                  bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id            text COLLATE "C" NOT NULL,
	period                text COLLATE "C" NOT NULL,
	dimension             text COLLATE "C" NOT NULL,
	key                   text COLLATE "C" NOT NULL,
	host                  text COLLATE "C" NOT NULL,
	total_requests        bigint NOT NULL,
	wallet_requests       bigint NOT NULL,
	subscription_requests bigint NOT NULL,
	error_requests        bigint NOT NULL,
	wallet_amount         bigint NOT NULL,
	address_count         bigint NOT NULL,
	UNIQUE (account_id, period, dimension, key, host)
) WITH (fillfactor = 70);

INSERT INTO statistics (account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count)
SELECT account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count FROM statistics_before ORDER BY account_id, period, dimension, key, host;

DROP TABLE statistics_before;
