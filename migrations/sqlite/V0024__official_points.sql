-- What a ministry or a province published as straw burning, by place and day: the account of record, never detections.
CREATE TABLE official_points (
    id           INTEGER PRIMARY KEY,
    list         TEXT NOT NULL,             -- id of the mapping by which it was read
    identity     TEXT NOT NULL,             -- day, place to a metre, place names, satellite
    nth          INTEGER NOT NULL,          -- a list may hold the same point more than once; from 1
    day          TEXT NOT NULL,
    lon          REAL NOT NULL,             -- WGS-84
    lat          REAL NOT NULL,
    places       TEXT NOT NULL,             -- JSON, as given
    satellite    TEXT,                      -- as given
    raw          TEXT NOT NULL,
    body_hash    TEXT NOT NULL,             -- the file that brought it first
    row_number   INTEGER NOT NULL,          -- and the row there
    recorded_at  INTEGER NOT NULL,
    UNIQUE (list, identity, nth)
) STRICT;
CREATE INDEX official_points_by_day ON official_points (day, list);
CREATE INDEX official_points_by_body ON official_points (body_hash);

-- What a feed wants to be told at its next poll, as text that only the feed reads; etag and last_modified are read no more.
ALTER TABLE sources ADD COLUMN cursor TEXT;
UPDATE sources SET cursor = json_object('etag', etag, 'last_modified', last_modified)
    WHERE etag IS NOT NULL OR last_modified IS NOT NULL;
