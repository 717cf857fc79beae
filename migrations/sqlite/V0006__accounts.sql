-- Who may come in: accounts, how they came in, and what they may hand to programs.
CREATE TABLE accounts (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,   -- typed to sign in; lower case
    person         TEXT NOT NULL,          -- stands in the log
    role           TEXT NOT NULL,          -- inspector | village | township | county | city | admin | viewer
    unit_code      TEXT NOT NULL,
    phone          TEXT,
    password_hash  TEXT,                   -- argon2id; NULL: comes in by link or by the city's own sign-on only
    subject        TEXT UNIQUE,            -- who it is for the city's own sign-on (OpenID Connect `sub`)
    created_at     INTEGER NOT NULL,
    disabled_at    INTEGER
) STRICT;

-- A device that came in. Secrets stand here as SHA-256 only.
CREATE TABLE sessions (
    id            INTEGER PRIMARY KEY,
    secret_hash   TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    how           TEXT NOT NULL,           -- password | link | sign_on | demo
    device        TEXT NOT NULL,           -- what the browser says of itself
    address       TEXT NOT NULL,           -- where it came in from
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id, created_at);

-- A personal link: one use, a short life.
CREATE TABLE sign_in_links (
    secret_hash  TEXT PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_by_account ON sign_in_links (account_id);

-- What a program comes in with.
CREATE TABLE api_tokens (
    id            INTEGER PRIMARY KEY,
    secret_hash   TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    label         TEXT NOT NULL,           -- what it is for
    power         TEXT NOT NULL,           -- read | write | act_for
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    ended_at      INTEGER
) STRICT;
CREATE INDEX api_tokens_by_account ON api_tokens (account_id);

-- A browser that once came in as somebody is not slowed down by what strangers try under his name.
CREATE TABLE known_devices (
    secret_hash  TEXT NOT NULL,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (secret_hash, account_id)
) STRICT, WITHOUT ROWID;

-- Failed attempts of the last hours; what they are counted by: account, address or known device.
CREATE TABLE sign_in_failures (
    counted_by  TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_by_what ON sign_in_failures (counted_by, at);
