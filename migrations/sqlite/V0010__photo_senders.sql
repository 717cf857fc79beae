-- Who sent a photo: until a case or plan names it, nobody else sees it.
CREATE TABLE photo_senders (
    hash        TEXT NOT NULL,             -- sha-256 of the original
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    sent_at     INTEGER NOT NULL,
    PRIMARY KEY (hash, account_id)
) STRICT, WITHOUT ROWID;
