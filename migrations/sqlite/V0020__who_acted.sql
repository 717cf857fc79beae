-- Who acted: the account and what brought it in stand in the hashed part of every event from now on (format 2).
ALTER TABLE events ADD COLUMN format INTEGER NOT NULL DEFAULT 1;   -- which columns the hash covers: 1, those before these
ALTER TABLE events ADD COLUMN account TEXT;                        -- NULL: firegrid itself, or a command on the machine
ALTER TABLE events ADD COLUMN let_in_by TEXT;                      -- the account that made the link or token it came in by
ALTER TABLE events ADD COLUMN access TEXT;                         -- session N | token N | shell; NULL: firegrid itself
ALTER TABLE events ADD COLUMN address TEXT;                        -- loopback | private | public

-- Whoever makes a link or a token can use it: rules for two persons count him and its account as one.
ALTER TABLE sign_in_links ADD COLUMN made_by TEXT;                 -- an account
ALTER TABLE sessions ADD COLUMN let_in_by TEXT;
ALTER TABLE api_tokens ADD COLUMN made_by TEXT;
-- The last link that was made for an account, so that its person and those above hear of it.
ALTER TABLE accounts ADD COLUMN link_made_at INTEGER;
ALTER TABLE accounts ADD COLUMN link_made_by TEXT;                 -- a person
ALTER TABLE accounts ADD COLUMN link_made_through TEXT;            -- his account; NULL: a command on the machine
ALTER TABLE burn_plans ADD COLUMN applied_accounts TEXT;           -- JSON: the account that applied, and who let it in
