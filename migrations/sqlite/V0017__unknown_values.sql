-- Values that decide neither place, time nor satellite and could not be read: their rows are recorded, and what is
-- unknown of them is counted and shown.
ALTER TABLE polls ADD COLUMN rows_with_unknown INTEGER NOT NULL DEFAULT 0;

CREATE TABLE unknown_values (
    id       INTEGER PRIMARY KEY,
    poll_id  INTEGER NOT NULL REFERENCES polls (id),
    line     INTEGER NOT NULL,
    raw      TEXT NOT NULL,
    problem  TEXT NOT NULL,
    UNIQUE (raw, problem)                  -- the same row of the next poll is not news
) STRICT;
