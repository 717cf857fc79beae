-- The spine: region versions, sources and polls, observations -> detections -> fires -> alerts -> notices.
-- Instants are epoch milliseconds (UTC); geometry is WGS-84, longitude first; JSON columns hold
-- the domain's own types, plain columns whatever is searched or sorted.

CREATE TABLE region_versions (
    version    TEXT PRIMARY KEY,          -- sha-256 of the files
    region_id  TEXT NOT NULL,
    stored_at  INTEGER NOT NULL,
    bundle     BLOB NOT NULL              -- the files themselves, whole
) STRICT;

-- Which version judges from when on. The last row rules; none is ever changed.
CREATE TABLE region_activations (
    id            INTEGER PRIMARY KEY,
    version       TEXT NOT NULL REFERENCES region_versions (version),
    activated_at  INTEGER NOT NULL
) STRICT;

-- What the next poll needs to know, and what /status shows. One row a source.
CREATE TABLE sources (
    id                    TEXT PRIMARY KEY,
    etag                  TEXT,
    last_modified         TEXT,
    validators_for        TEXT,            -- address and region version they were given for
    last_attempt_at       INTEGER,
    last_outcome          TEXT,
    last_detail           TEXT,
    last_success_at       INTEGER,
    newest_acquired_at    INTEGER,         -- from content, over all rows of the feed, never from headers
    consecutive_failures  INTEGER NOT NULL DEFAULT 0,
    next_attempt_at       INTEGER
) STRICT;

-- Every poll and every ingested file, with its named outcome.
CREATE TABLE polls (
    id           INTEGER PRIMARY KEY,
    source_id    TEXT NOT NULL,            -- a source's id, or 'ingest'
    file_name    TEXT,
    started_at   INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    outcome      TEXT NOT NULL,
    http_status  INTEGER,
    detail       TEXT NOT NULL,
    body_hash    TEXT,                     -- names the kept body, also after it was removed
    body_removed_at  INTEGER,
    header       TEXT,
    rows_read       INTEGER NOT NULL,
    rows_new        INTEGER NOT NULL,
    rows_duplicate  INTEGER NOT NULL,
    rows_revised    INTEGER NOT NULL,
    rows_rejected   INTEGER NOT NULL,
    rows_outside    INTEGER NOT NULL,
    rows_neighbour  INTEGER NOT NULL
) STRICT;
CREATE INDEX polls_by_source ON polls (source_id, started_at);
CREATE INDEX polls_by_body ON polls (body_hash) WHERE body_hash IS NOT NULL AND body_removed_at IS NULL;

CREATE TABLE rejected_rows (
    id       INTEGER PRIMARY KEY,
    poll_id  INTEGER NOT NULL REFERENCES polls (id),
    line     INTEGER NOT NULL,
    raw      TEXT NOT NULL,
    problem  TEXT NOT NULL,
    UNIQUE (raw, problem)                  -- the same bad row of the next poll is not news
) STRICT;

CREATE TABLE fires (
    id              INTEGER PRIMARY KEY,
    created_at      INTEGER NOT NULL,
    merged_into     INTEGER REFERENCES fires (id),  -- a tombstone when set
    first_seen_at   INTEGER NOT NULL,
    last_seen_at    INTEGER NOT NULL,
    lon             REAL NOT NULL,         -- mean of its detections
    lat             REAL NOT NULL,
    detections      INTEGER NOT NULL,
    verdict         TEXT NOT NULL,
    max_frp_mw      REAL,
    first_key       TEXT NOT NULL          -- earliest detection: what identifies the fire whatever came first
) STRICT;
CREATE INDEX fires_by_time ON fires (first_seen_at);

CREATE TABLE detections (
    id             INTEGER PRIMARY KEY,
    key            TEXT NOT NULL,          -- of the speaking observation
    satellite      TEXT NOT NULL,
    acquired_at    INTEGER NOT NULL,
    lon            REAL NOT NULL,
    lat            REAL NOT NULL,
    level          TEXT NOT NULL,
    origin         TEXT NOT NULL,
    recorded_at    INTEGER NOT NULL,
    observation    TEXT NOT NULL,          -- JSON, the speaking one
    judgement      TEXT NOT NULL,          -- JSON, the one in force
    verdict        TEXT NOT NULL,
    unit_code      TEXT,
    township_code  TEXT,
    county_code    TEXT,
    fire_id        INTEGER REFERENCES fires (id),
    vanished_at    INTEGER,                -- provisional, and its feed no longer holds it
    superseded_by  INTEGER REFERENCES detections (id)   -- a tombstone when set
) STRICT;
CREATE INDEX detections_by_time ON detections (acquired_at) WHERE superseded_by IS NULL;
CREATE INDEX detections_by_fire ON detections (fire_id);
CREATE INDEX detections_by_pass ON detections (satellite, acquired_at);

CREATE TABLE observations (
    id            INTEGER PRIMARY KEY,
    satellite     TEXT NOT NULL,
    acquired_at   INTEGER NOT NULL,
    lon           TEXT NOT NULL,           -- as published, normalised
    lat           TEXT NOT NULL,
    level         TEXT NOT NULL,
    variant       TEXT NOT NULL,           -- hash of the values: a row republished with others is kept too
    observation   TEXT NOT NULL,           -- JSON
    poll_id       INTEGER NOT NULL REFERENCES polls (id),
    stored_at     INTEGER NOT NULL,
    detection_id  INTEGER REFERENCES detections (id),
    UNIQUE (satellite, acquired_at, lon, lat, level, variant)
) STRICT;
CREATE INDEX observations_by_detection ON observations (detection_id);
CREATE INDEX observations_by_poll ON observations (poll_id);

-- Every judgement ever made; detections.judgement is the last of its own.
CREATE TABLE judgements (
    id            INTEGER PRIMARY KEY,
    detection_id  INTEGER NOT NULL REFERENCES detections (id),
    judged_at     INTEGER NOT NULL,
    cause         TEXT NOT NULL,           -- recorded | revised
    judgement     TEXT NOT NULL
) STRICT;
CREATE INDEX judgements_by_detection ON judgements (detection_id);

CREATE TABLE alerts (
    number           TEXT PRIMARY KEY,     -- YYYYMMDD-NNNN
    fire_id          INTEGER NOT NULL REFERENCES fires (id),
    responsible_code TEXT NOT NULL,        -- the township, or the lowest unit there is where none is drawn
    township_code    TEXT,
    county_code      TEXT,
    owner_code       TEXT NOT NULL,        -- who gets the case: grid cell or township desk
    unit_code        TEXT NOT NULL,        -- the likely unit: where the earliest detection stands
    state            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    verdict          TEXT NOT NULL,
    reason           TEXT NOT NULL,        -- JSON, of the deciding detection
    may_be_banned    INTEGER NOT NULL,
    sure_level       TEXT,
    candidates       TEXT NOT NULL,        -- JSON
    other_units      TEXT NOT NULL,        -- JSON
    nearest_place    TEXT,                 -- JSON
    first_detection  INTEGER NOT NULL REFERENCES detections (id),
    first_key        TEXT NOT NULL,
    first_seen_at    INTEGER NOT NULL,
    last_seen_at     INTEGER NOT NULL,
    detections       INTEGER NOT NULL,
    max_frp_mw       REAL,
    region_version   TEXT NOT NULL,
    recorded_at      INTEGER NOT NULL,
    merged_into      TEXT REFERENCES alerts (number),
    superseded_at    INTEGER               -- later data moved the fire elsewhere
) STRICT;
CREATE UNIQUE INDEX one_alert_per_fire_and_township ON alerts (fire_id, responsible_code)
    WHERE merged_into IS NULL AND superseded_at IS NULL;
CREATE INDEX alerts_by_time ON alerts (first_seen_at);
CREATE INDEX alerts_by_fire ON alerts (fire_id);

-- The accountable chain as it stood on the day; a change appends, nothing is rewritten.
CREATE TABLE alert_chains (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES alerts (number),
    at            INTEGER NOT NULL,
    unit_code     TEXT NOT NULL,
    chain         TEXT NOT NULL            -- JSON
) STRICT;
CREATE INDEX alert_chains_by_alert ON alert_chains (alert_number);

CREATE TABLE alert_events (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES alerts (number),
    at            INTEGER NOT NULL,
    kind          TEXT NOT NULL,           -- recorded | grown | merged | superseded | vanished | reappeared | acknowledged | closed
    actor         TEXT NOT NULL,
    detail        TEXT NOT NULL
) STRICT;
CREATE INDEX alert_events_by_alert ON alert_events (alert_number);

-- What people are to be told. Deliveries come from these, never from anywhere else.
CREATE TABLE notices (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES alerts (number),
    reason        TEXT NOT NULL,
    generation    INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    UNIQUE (alert_number, generation)
) STRICT;
