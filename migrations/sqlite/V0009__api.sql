-- What a call with an Idempotency-Key was answered, so that a repeat gets the same answer. Kept seven days.
CREATE TABLE answered_calls (
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    key           TEXT NOT NULL,          -- as the caller chose it; its own for every command of the account
    fingerprint   TEXT NOT NULL,          -- SHA-256 over method, address and body
    begun_at      INTEGER NOT NULL,
    status        INTEGER,                -- NULL: still being worked on, or broken off
    content_type  TEXT,
    body          BLOB,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_calls_by_age ON answered_calls (begun_at);

-- Units that a case concerned and concerns no more: whoever follows events is told that it is gone.
CREATE TABLE left_scope (
    unit_code  TEXT NOT NULL,
    number     TEXT NOT NULL REFERENCES alerts (number),
    after_seq  INTEGER NOT NULL,          -- the last event of the log when it left
    PRIMARY KEY (unit_code, number)
) STRICT, WITHOUT ROWID;
