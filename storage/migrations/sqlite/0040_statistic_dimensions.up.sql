-- Lines by client, domain and address, and days of tokens. A year is the sum of its months, or of its days, and has no lines of its own.
DELETE FROM seen_addresses WHERE length(period) = 4;
DELETE FROM statistics WHERE length(period) = 4;

-- What is folded and still in the log, by all that the new lines need. Calls that were deleted are known by no line of a day.
CREATE TEMP TABLE statistic_parts AS
SELECT account_id, lineage_id, client_id, address, day, CAST(sum(1) AS INTEGER) AS n1,
	CAST(sum(CASE payer WHEN 'wallet' THEN kept ELSE 0 END) AS INTEGER) AS n2, CAST(sum(CASE payer WHEN 'subscription' THEN kept ELSE 0 END) AS INTEGER) AS n3,
	CAST(sum(failed) AS INTEGER) AS n4, CAST(sum(CASE payer WHEN 'wallet' THEN kept * price ELSE 0 END) AS INTEGER) AS n5, max(decided_at) AS seen_at
FROM (
	SELECT c.account_id, c.lineage_id, l.client_id, c.address, substr(c.decided_at, 1, 10) AS day, c.payer, c.price, c.decided_at,
		CASE WHEN e.kind = 'released' OR f.call_id IS NOT NULL THEN 0 ELSE 1 END AS kept,
		CASE WHEN e.kind = 'released' OR e.status >= 400 OR f.call_id IS NOT NULL THEN 1 ELSE 0 END AS failed
	FROM watermarks w JOIN watermarks v ON v.name = 'outcomes' CROSS JOIN calls c
	LEFT JOIN lineages l ON l.id = c.lineage_id
	LEFT JOIN outcomes e ON e.call_id = c.id AND e.phase = 1
		AND e.sequence <= CASE WHEN c.account_id <= v.through THEN v.next_sequence ELSE v.sequence END
	LEFT JOIN outcomes f ON f.call_id = c.id AND f.phase = 2
		AND f.sequence <= CASE WHEN c.account_id <= v.through THEN v.next_sequence ELSE v.sequence END
	WHERE w.name = 'calls' AND c.state <> 'refused'
		AND c.sequence <= CASE WHEN c.account_id <= w.through THEN w.next_sequence ELSE w.sequence END
) log GROUP BY account_id, lineage_id, client_id, address, day;

INSERT INTO statistics (account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count)
SELECT account_id, day, 'token', lineage_id, '', sum(n1), sum(n2), sum(n3), sum(n4), sum(n5), 0
FROM statistic_parts WHERE lineage_id IS NOT NULL GROUP BY account_id, day, lineage_id
UNION ALL SELECT account_id, substr(day, 1, length), 'client', client_id, '', sum(n1), sum(n2), sum(n3), sum(n4), sum(n5), 0
FROM statistic_parts CROSS JOIN (SELECT 7 AS length UNION ALL SELECT 10) lengths WHERE client_id IS NOT NULL
GROUP BY account_id, substr(day, 1, length), client_id
-- What tokens ever used is known whole.
UNION ALL SELECT s.account_id, '', 'client', l.client_id, '', sum(total_requests), sum(wallet_requests), sum(subscription_requests),
	sum(error_requests), sum(s.wallet_amount), 0
FROM statistics s JOIN lineages l ON l.id = s.key
WHERE s.dimension = 'token' AND s.period = '' AND l.client_id IS NOT NULL GROUP BY s.account_id, l.client_id;

-- As many addresses as an account's period has room for, the busiest.
INSERT INTO statistics (account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests, error_requests,
	wallet_amount, address_count)
SELECT account_id, period, 'address', address, '', n1, n2, n3, n4, n5, 0 FROM (
	SELECT summed.*, row_number() OVER (PARTITION BY account_id, period ORDER BY n1 DESC, address) AS place FROM (
		SELECT account_id, substr(day, 1, length) AS period, address, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3, sum(n4) AS n4, sum(n5) AS n5
		FROM statistic_parts CROSS JOIN (SELECT 0 AS length UNION ALL SELECT 10) lengths
		WHERE address IS NOT NULL GROUP BY account_id, substr(day, 1, length), address
	) summed
) ranked WHERE place <= 1000;

INSERT INTO seen_addresses (key, dimension, period, account_id, host, address, seen_at)
SELECT key, dimension, period, account_id, '', address, seen_at FROM (
	SELECT seen.*, row_number() OVER (PARTITION BY account_id, period, dimension, key ORDER BY seen_at DESC, address) AS place FROM (
		SELECT lineage_id AS key, 'token' AS dimension, day AS period, account_id, address, max(seen_at) AS seen_at
		FROM statistic_parts WHERE lineage_id IS NOT NULL AND address IS NOT NULL GROUP BY account_id, day, lineage_id, address
		UNION ALL SELECT client_id, 'client', substr(day, 1, length), account_id, address, max(seen_at)
		FROM statistic_parts CROSS JOIN (SELECT 7 AS length UNION ALL SELECT 10) lengths
		WHERE client_id IS NOT NULL AND address IS NOT NULL GROUP BY account_id, substr(day, 1, length), client_id, address
		UNION ALL SELECT l.client_id, 'client', '', a.account_id, a.address, max(a.seen_at)
		FROM seen_addresses a JOIN lineages l ON l.id = a.key
		WHERE a.dimension = 'token' AND a.period = '' AND l.client_id IS NOT NULL GROUP BY a.account_id, l.client_id, a.address
	) seen
) ranked WHERE place <= CASE dimension WHEN 'token' THEN 100 ELSE 1000 END;

UPDATE statistics SET address_count = (SELECT count(*) FROM seen_addresses a WHERE a.key = statistics.key AND a.dimension = statistics.dimension
	AND a.period = statistics.period AND a.account_id = statistics.account_id AND a.host = statistics.host)
WHERE dimension = 'client' OR dimension = 'token' AND period <> '';

DROP TABLE statistic_parts;
