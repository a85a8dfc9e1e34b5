-- The requests that a plan includes each month, counted where every batch reads and locks anyway.
ALTER TABLE wallets ADD COLUMN plan_included INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wallets ADD COLUMN plan_month TEXT NOT NULL DEFAULT '';
ALTER TABLE wallets ADD COLUMN plan_used INTEGER NOT NULL DEFAULT 0 CHECK (plan_used >= 0);
ALTER TABLE wallets ADD COLUMN plan_total INTEGER NOT NULL DEFAULT 0 CHECK (plan_total >= plan_used);
UPDATE wallets SET plan_included = 1 WHERE account_id IN (SELECT account_id FROM account_plans WHERE kind = 'basic');
