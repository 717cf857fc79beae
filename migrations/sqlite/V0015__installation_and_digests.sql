-- Which installation the database is of; the same id stands in a file beside it, so that another's is not taken for it.
CREATE TABLE installation (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    installation  TEXT NOT NULL            -- random, hex
) STRICT;

-- What damage to a row is noticed by: a digest over its columns, written in the transaction that wrote the row. The
-- tables it is kept for, those with a rowid but for the log, which has its chain.
CREATE TABLE digested_tables (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE,
    schema_version  INTEGER NOT NULL,      -- migration that they were begun under; another one begins them anew
    is_complete     INTEGER NOT NULL       -- every row has one; 0 while rows of before are still taken up
) STRICT;
CREATE TABLE row_digests (
    table_id  INTEGER NOT NULL,
    row_id    INTEGER NOT NULL,
    digest    BLOB NOT NULL,               -- first 16 bytes of SHA-256
    PRIMARY KEY (table_id, row_id)
) STRICT, WITHOUT ROWID;

-- The rows of alert_scope have no digests of their own: it has no rowid. NULL: not written since.
ALTER TABLE alerts ADD COLUMN scope_digest BLOB;
