-- A deleted client stays as a name that calls and the audit log can refer to; it is disabled for good.
ALTER TABLE clients ADD COLUMN deleted_at timestamptz;
