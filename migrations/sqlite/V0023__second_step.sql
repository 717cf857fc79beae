-- The second step of signing in: six digits of an authenticator, or a recovery code.
ALTER TABLE accounts ADD COLUMN totp_secret TEXT;        -- base 32; NULL: no second step
ALTER TABLE accounts ADD COLUMN totp_since INTEGER;      -- when it was set up
ALTER TABLE accounts ADD COLUMN totp_step INTEGER;       -- the last step of time of which a code was used: none is used twice

CREATE TABLE recovery_codes (
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    code_hash   TEXT NOT NULL,
    used_at     INTEGER,
    PRIMARY KEY (account_id, code_hash)
) STRICT;

-- Whoever passed the first step and has not passed the second one yet. Secrets stand here as SHA-256 only.
CREATE TABLE sign_in_steps (
    secret_hash  TEXT PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    how          TEXT NOT NULL,             -- password | link
    expires_at   INTEGER NOT NULL,
    let_in_by    TEXT,                      -- the account that made the link
    failures     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sign_in_steps_by_account ON sign_in_steps (account_id);
CREATE INDEX sign_in_steps_by_end ON sign_in_steps (expires_at);

-- When whoever is in last proved who he is; NULL: when he came in.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER;
CREATE INDEX known_devices_by_account ON known_devices (account_id);
