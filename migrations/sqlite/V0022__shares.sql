-- What accounts used of their shares within the last day: a row for each account, share and five minutes. Nothing hangs
-- on it after that day, so it has no digest.
CREATE TABLE share_uses (
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    share       TEXT NOT NULL,             -- photos | photo_bytes | cases | imports
    at          INTEGER NOT NULL,          -- begin of the five minutes
    amount      INTEGER NOT NULL,
    PRIMARY KEY (account_id, share, at)
) STRICT, WITHOUT ROWID;
