-- Sign-ins with a password that failed, for the owner of the account and whoever administers it; the last of some weeks.
CREATE TABLE failed_sign_ins (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    at          INTEGER NOT NULL,
    address     TEXT NOT NULL,
    device      TEXT NOT NULL
) STRICT;
CREATE INDEX failed_sign_ins_by_account ON failed_sign_ins (account_id, id);
