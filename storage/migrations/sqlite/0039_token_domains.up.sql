-- Which of its client's domains a token calls from; no reference, because statistics outlive domains.
ALTER TABLE lineages ADD COLUMN domain_id TEXT;
CREATE INDEX lineages_domain ON lineages (client_id, domain_id) WHERE domain_id IS NOT NULL;
