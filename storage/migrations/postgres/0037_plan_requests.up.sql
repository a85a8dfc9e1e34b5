-- The requests that a plan includes each month, counted where every batch reads and locks anyway.
ALTER TABLE wallets ADD COLUMN plan_included boolean NOT NULL DEFAULT FALSE;
ALTER TABLE wallets ADD COLUMN plan_month text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE wallets ADD COLUMN plan_used bigint NOT NULL DEFAULT 0;
ALTER TABLE wallets ADD COLUMN plan_total bigint NOT NULL DEFAULT 0;
ALTER TABLE wallets ADD CONSTRAINT wallets_plan CHECK (plan_used >= 0 AND plan_total >= plan_used);
UPDATE wallets SET plan_included = TRUE WHERE account_id IN (SELECT account_id FROM account_plans WHERE kind = 'basic');
