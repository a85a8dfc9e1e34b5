-- A stretch of the log is folded in several short transactions, account by account: the accounts up to through are folded up to
-- next_sequence, all others up to sequence. While nothing is under way, through is empty.
ALTER TABLE watermarks ADD COLUMN next_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE watermarks ADD COLUMN through TEXT NOT NULL DEFAULT '';
