-- Whose token it was: a client's errors are listed by themselves.
ALTER TABLE error_entries ADD COLUMN client_id text COLLATE "C";
UPDATE error_entries SET client_id = (SELECT l.client_id FROM calls c JOIN lineages l ON l.id = c.lineage_id
	WHERE c.id = CASE WHEN substr(error_entries.id, 5, 1) = '~' THEN substr(error_entries.id, 6) ELSE 'cal_' || substr(error_entries.id, 5) END);
CREATE INDEX error_entries_client ON error_entries (client_id, created_at, id) WHERE client_id IS NOT NULL;
