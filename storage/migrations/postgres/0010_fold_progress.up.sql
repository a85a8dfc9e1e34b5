-- A stretch of the log is folded in several short transactions, account by account: the accounts up to through are folded up to
-- next_sequence, all others up to sequence. While nothing is under way, through is empty.
ALTER TABLE watermarks ADD COLUMN next_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE watermarks ADD COLUMN through text COLLATE "C" NOT NULL DEFAULT '';
