-- What shows that rows were changed by hand, even by whoever also changes their digests: each row has a keyed digest,
-- each table a sum over them, and the sums and the tip of the log are sealed with a key that stands outside the database.
DROP TABLE row_digests;
CREATE TABLE row_digests (
    table_id  INTEGER NOT NULL,
    row_id    INTEGER NOT NULL,
    digest    BLOB NOT NULL,               -- first 16 bytes of SHA-256 over the columns
    mac       BLOB NOT NULL,               -- first 16 bytes of HMAC-SHA256 over table, row and columns
    PRIMARY KEY (table_id, row_id)
) STRICT, WITHOUT ROWID;
DELETE FROM digested_tables;
ALTER TABLE digested_tables ADD COLUMN sum BLOB NOT NULL DEFAULT x'';   -- of what the key makes of each mac; 32 bytes

CREATE TABLE seal (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    lineage   TEXT NOT NULL,               -- random; another one where all was sealed anew without the seal before
    key_id    TEXT NOT NULL,               -- which key
    revision  INTEGER NOT NULL,            -- rises with each sealed transaction
    seq       INTEGER NOT NULL,            -- the tip of the log
    hash      TEXT NOT NULL,
    distrust  TEXT,                        -- since when nothing is proven any more: what did not agree; NULL: all did
    mac       BLOB NOT NULL                -- HMAC-SHA256 over this row and digested_tables
) STRICT;
