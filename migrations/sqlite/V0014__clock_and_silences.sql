-- What has certainly passed, so that a clock set back is noticed at the next start; and what is wrong with the clock.
CREATE TABLE machine_clock (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    certain_at  INTEGER NOT NULL,
    doubt       TEXT                     -- JSON; NULL: the clock is believed
) STRICT;
INSERT INTO machine_clock (id, certain_at)
    SELECT 1, recorded_at FROM polls WHERE source_id <> 'ingest' ORDER BY id DESC LIMIT 1;

-- What the last whole table of a source held, so that a part that is gone shows.
ALTER TABLE sources ADD COLUMN cover TEXT;            -- wide | small | brought
ALTER TABLE sources ADD COLUMN satellites TEXT;       -- JSON, those that it is to hold
ALTER TABLE sources ADD COLUMN content TEXT;          -- JSON
ALTER TABLE sources ADD COLUMN usual_rows INTEGER;
ALTER TABLE sources ADD COLUMN newest_near_at INTEGER;

CREATE TABLE source_satellites (
    source_id           TEXT NOT NULL REFERENCES sources (id),
    satellite           TEXT NOT NULL,
    newest_acquired_at  INTEGER,
    missing_since       INTEGER,         -- tables come without a row of it
    PRIMARY KEY (source_id, satellite)
) STRICT, WITHOUT ROWID;
