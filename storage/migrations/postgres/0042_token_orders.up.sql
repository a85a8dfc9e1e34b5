-- Tokens are listed by name and by when they end; the expressions are those of the lists.
CREATE INDEX lineages_name ON lineages (account_id, lower((name) COLLATE "C"), id);
CREATE INDEX lineages_expiry ON lineages (account_id, coalesce(expires_at, timestamptz 'epoch'), id);
