-- Who made a token, as the audit log names them; NULL for older ones.
ALTER TABLE lineages ADD COLUMN maker text COLLATE "C";
ALTER TABLE lineages ADD COLUMN maker_id text COLLATE "C";
