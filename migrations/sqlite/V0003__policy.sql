-- Burning in order, burn weather, heat sources approved here, and repeated judgements.

CREATE TABLE burn_plans (
    id            TEXT PRIMARY KEY,
    unit_code     TEXT NOT NULL,
    plot          TEXT,                    -- WKT, WGS-84
    west          REAL, south REAL, east REAL, north REAL,   -- box of the plot
    window_start  INTEGER NOT NULL,
    window_end    INTEGER NOT NULL,
    area_mu       REAL NOT NULL,
    responsible   TEXT NOT NULL,
    note          TEXT,
    source        TEXT NOT NULL,           -- region (burn_plans.csv) | import | entered
    source_hash   TEXT,                    -- of the region file's row, so that a changed row is noticed
    applied_by    TEXT,                    -- NULL: of the region's file
    applied_unit  TEXT,
    acted_at      INTEGER,                 -- when a person last acted on it here; files no longer change it then
    received_at   INTEGER NOT NULL,        -- server time
    status        TEXT NOT NULL,           -- as of now; as of any other moment it follows from the instants below
    reviewed_by   TEXT,
    approved_at   INTEGER,
    refused_at    INTEGER,
    withdrawn_at  INTEGER,
    lit_at        INTEGER,
    done_at       INTEGER,
    burnt_mu      REAL
) STRICT;
CREATE INDEX burn_plans_by_window ON burn_plans (window_end, window_start);
CREATE INDEX burn_plans_by_unit ON burn_plans (unit_code);

-- What a plan said before a file changed it: judging goes by what was known when a fire was seen.
CREATE TABLE burn_plans_replaced (
    id            INTEGER PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES burn_plans (id),
    replaced_at   INTEGER NOT NULL,        -- from then on it is as if withdrawn
    unit_code     TEXT NOT NULL,
    plot          TEXT,
    window_start  INTEGER NOT NULL,
    window_end    INTEGER NOT NULL,
    area_mu       REAL NOT NULL,
    responsible   TEXT NOT NULL,
    note          TEXT,
    received_at   INTEGER NOT NULL,
    reviewed_by   TEXT,
    approved_at   INTEGER,
    refused_at    INTEGER,
    withdrawn_at  INTEGER,
    lit_at        INTEGER,
    done_at       INTEGER,
    burnt_mu      REAL
) STRICT;
CREATE INDEX burn_plans_replaced_by_window ON burn_plans_replaced (window_end, window_start);

CREATE TABLE burn_orders (
    id            INTEGER PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES burn_plans (id),
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    issued_at     INTEGER NOT NULL,        -- server time
    issued_by     TEXT NOT NULL,
    withdrawn_at  INTEGER
) STRICT;
CREATE INDEX burn_orders_by_plan ON burn_orders (plan_id);
CREATE INDEX burn_orders_by_time ON burn_orders (starts_at);

-- Entered by a person; wins over burn_weather.csv from entered_at on. The last row of a unit and day speaks.
CREATE TABLE burn_weather (
    id          INTEGER PRIMARY KEY,
    unit_code   TEXT NOT NULL,
    day         TEXT NOT NULL,             -- local
    level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
    entered_at  INTEGER NOT NULL,
    entered_by  TEXT NOT NULL
) STRICT;
CREATE INDEX burn_weather_by_day ON burn_weather (day, unit_code);

-- Approved by a person here, beside those of the region's file.
CREATE TABLE heat_sources (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    lon           REAL NOT NULL,
    lat           REAL NOT NULL,
    radius_m      REAL NOT NULL,
    unit_code     TEXT NOT NULL,           -- who watches over it
    approved_by   TEXT NOT NULL,
    approved_on   TEXT NOT NULL,           -- local day, inclusive
    expires       TEXT NOT NULL,           -- local day, inclusive
    approved_at   INTEGER NOT NULL,        -- server time
    ended_at      INTEGER                  -- taken back before its expiry
) STRICT;

-- A detection judged again on demand; judgements.cause is then 'rejudged' and names one of these.
CREATE TABLE rejudgements (
    id              INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    why             TEXT NOT NULL,
    region_version  TEXT NOT NULL,
    detections      INTEGER NOT NULL,      -- looked at
    changed         INTEGER NOT NULL,
    event_seq       INTEGER NOT NULL REFERENCES events (seq)
) STRICT;
ALTER TABLE judgements ADD COLUMN rejudgement_id INTEGER REFERENCES rejudgements (id);
