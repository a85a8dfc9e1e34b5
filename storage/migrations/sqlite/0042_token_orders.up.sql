-- Tokens are listed by name and by when they end; the expressions are those of the lists.
CREATE INDEX lineages_name ON lineages (account_id, lower(name), id);
CREATE INDEX lineages_expiry ON lineages (account_id, coalesce(expires_at, '1970-01-01 00:00:00+00:00'), id);
