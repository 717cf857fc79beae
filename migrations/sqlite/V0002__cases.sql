-- Cases from every source, their life and clocks, and the one hash-chained log of everything
-- people and the service do.

-- Tables are rebuilt below; references are checked when all of them stand again.
PRAGMA defer_foreign_keys = ON;

-- Append-only. seq has no gap; hash covers every other column and the hash before it, so that an
-- edited, removed or moved row shows (`firegrid audit verify`).
CREATE TABLE events (
    seq           INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,        -- server time
    subject_kind  TEXT NOT NULL,           -- alert | plan | weather | heat_source | judgement | region
    subject       TEXT NOT NULL,           -- alert number, plan id, ...
    kind          TEXT NOT NULL,
    actor         TEXT NOT NULL,
    actor_unit    TEXT,                    -- NULL: firegrid itself
    on_behalf_of  TEXT,                    -- the person it was done for, when another entered it
    claimed_at    INTEGER,                 -- when it happened, as the person or phone says
    client_id     TEXT,                    -- names a command; the same one twice is one
    detail        TEXT NOT NULL,           -- JSON object
    previous      TEXT NOT NULL,           -- hash of the row before
    hash          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_client ON events (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX events_by_subject ON events (subject_kind, subject, seq);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are never removed'); END;

-- The log of version 1; its rows move into events when the database is next opened.
ALTER TABLE alert_events RENAME TO alert_events_v1;

-- alerts, rebuilt: a case may come without a satellite fire.
CREATE TABLE cases (
    number           TEXT PRIMARY KEY,     -- YYYYMMDD-NNNN
    source           TEXT NOT NULL,        -- satellite | patrol | video | inspection | complaint | official | problem
    fire_id          INTEGER REFERENCES fires (id),
    ground_code      TEXT NOT NULL,        -- whose ground it is: the township, or the lowest unit there is where none is drawn
    responsible_code TEXT NOT NULL,        -- who answers: the same, until a person reassigns it
    township_code    TEXT,
    county_code      TEXT,
    owner_code       TEXT NOT NULL,        -- who has the case: grid cell or township desk
    owner_is_chosen  INTEGER NOT NULL DEFAULT 0,  -- by a person: satellite data no longer moves it
    unit_code        TEXT NOT NULL,        -- the likely unit
    state            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    verdict          TEXT,                 -- NULL: no fire (a problem)
    reason           TEXT,                 -- JSON, of the deciding detection
    may_be_banned    INTEGER NOT NULL,
    sure_level       TEXT,
    candidates       TEXT NOT NULL,        -- JSON
    other_units      TEXT NOT NULL,        -- JSON
    land_cover       TEXT NOT NULL DEFAULT '[]',  -- JSON
    nearest_place    TEXT,                 -- JSON
    lon              REAL NOT NULL,
    lat              REAL NOT NULL,
    first_detection  INTEGER REFERENCES detections (id),
    first_key        TEXT NOT NULL,        -- empty without a satellite fire
    first_seen_at    INTEGER NOT NULL,
    last_seen_at     INTEGER NOT NULL,
    detections       INTEGER NOT NULL,
    max_frp_mw       REAL,
    confidence       TEXT,                 -- best class of its detections: low | nominal | high
    region_version   TEXT NOT NULL,
    recorded_at      INTEGER NOT NULL,
    -- what people reported
    reported_by      TEXT,                 -- who found it, for sources other than satellite
    description      TEXT,
    external_number  TEXT,                 -- number in an outside list
    letter_number    TEXT,
    reply_by         TEXT,                 -- local day
    -- the case's life; every change of it is an event
    assigned_to      TEXT,                 -- the person it was dispatched to
    is_disputed      INTEGER NOT NULL DEFAULT 0,
    proposed_code    TEXT,                 -- the unit that the disputing side names
    disputed_by      TEXT,                 -- the unit that disputes
    acknowledged_at  INTEGER,
    on_site_at       INTEGER,
    put_out_at       INTEGER,
    reported_at      INTEGER,
    finding_kind     TEXT,
    finder           TEXT,                 -- who reported the finding
    finder_unit      TEXT,
    reviewed_at      INTEGER,
    review           TEXT,                 -- confirmed | excluded | sent_back
    document_number  TEXT,
    rectify_by       TEXT,                 -- local day
    rectified_at     INTEGER,
    closed_at        INTEGER,
    looked_back_at   INTEGER,
    escalated_to     TEXT,                 -- the last unit told that a clock ran out
    undelivered_at   INTEGER,              -- nobody could be reached
    rekindles        TEXT,                 -- an earlier case that may burn again here
    rekindling_kept  INTEGER NOT NULL DEFAULT 0,  -- a person decided that it is a case of its own
    merged_by        TEXT,                 -- a person merged it; later data keeps that
    revision         INTEGER NOT NULL DEFAULT 1,
    merged_into      TEXT REFERENCES cases (number),
    superseded_at    INTEGER
) STRICT;
INSERT INTO cases (number, source, fire_id, ground_code, responsible_code, township_code, county_code, owner_code, unit_code,
        state, origin, verdict, reason, may_be_banned, sure_level, candidates, other_units, nearest_place, lon, lat,
        first_detection, first_key, first_seen_at, last_seen_at, detections, max_frp_mw, region_version, recorded_at,
        acknowledged_at, closed_at, merged_into, superseded_at)
    SELECT a.number, 'satellite', a.fire_id, a.responsible_code, a.responsible_code, a.township_code, a.county_code, a.owner_code,
        a.unit_code, a.state, a.origin, a.verdict, a.reason, a.may_be_banned, a.sure_level, a.candidates,
        a.other_units, a.nearest_place, d.lon, d.lat, a.first_detection, a.first_key, a.first_seen_at,
        a.last_seen_at, a.detections, a.max_frp_mw, a.region_version, a.recorded_at,
        (SELECT min(at) FROM alert_events_v1 e WHERE e.alert_number = a.number AND e.kind = 'acknowledged'),
        (SELECT max(at) FROM alert_events_v1 e WHERE e.alert_number = a.number AND e.kind = 'closed'),
        a.merged_into, a.superseded_at
    FROM alerts a JOIN detections d ON d.id = a.first_detection
    -- heirs before the merged ones that name them
    ORDER BY a.merged_into IS NOT NULL, a.number;

CREATE TABLE case_events_v1 (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL,
    at            INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    actor         TEXT NOT NULL,
    detail        TEXT NOT NULL
) STRICT;
INSERT INTO case_events_v1 SELECT id, alert_number, at, kind, actor, detail FROM alert_events_v1;
DROP TABLE alert_events_v1;

CREATE TABLE case_chains (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES cases (number),
    at            INTEGER NOT NULL,
    unit_code     TEXT NOT NULL,
    chain         TEXT NOT NULL            -- JSON
) STRICT;
INSERT INTO case_chains SELECT id, alert_number, at, unit_code, chain FROM alert_chains;
DROP TABLE alert_chains;

CREATE TABLE case_notices (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES cases (number),
    reason        TEXT NOT NULL,
    unit_code     TEXT,                    -- whose desk is told; NULL: the owner's people and the chain's candidates
    person        TEXT,                    -- one named person instead of the desk
    generation    INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    UNIQUE (alert_number, generation)
) STRICT;
INSERT INTO case_notices (id, alert_number, reason, generation, created_at, expires_at)
    SELECT id, alert_number, reason, generation, created_at, expires_at FROM notices;
DROP TABLE notices;

DROP TABLE alerts;
ALTER TABLE cases RENAME TO alerts;
ALTER TABLE case_chains RENAME TO alert_chains;
ALTER TABLE case_notices RENAME TO notices;
CREATE INDEX alert_chains_by_alert ON alert_chains (alert_number);
CREATE UNIQUE INDEX one_alert_per_fire_and_township ON alerts (fire_id, ground_code)
    WHERE merged_into IS NULL AND superseded_at IS NULL AND fire_id IS NOT NULL;
CREATE INDEX alerts_by_time ON alerts (first_seen_at);
CREATE INDEX alerts_by_fire ON alerts (fire_id);
CREATE INDEX alerts_by_state ON alerts (state, first_seen_at);
-- Cases of people that a satellite fire may join.
CREATE INDEX alerts_without_fire ON alerts (ground_code, first_seen_at) WHERE fire_id IS NULL;
CREATE INDEX alerts_by_external ON alerts (source, external_number) WHERE external_number IS NOT NULL;

-- Which units a case concerns: those above its own unit and owner (own), and those that may hold the
-- fire (candidate) or are named in a dispute (proposed). Lists, counts and rights ask this.
CREATE TABLE alert_scope (
    unit_code      TEXT NOT NULL,
    is_open        INTEGER NOT NULL,
    first_seen_at  INTEGER NOT NULL,
    number         TEXT NOT NULL REFERENCES alerts (number),
    relation       TEXT NOT NULL,
    PRIMARY KEY (unit_code, is_open, first_seen_at, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_scope_by_alert ON alert_scope (number);

-- By the tree of units of which region version the scopes were last written as a whole.
CREATE TABLE alert_scope_state (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    region_version  TEXT NOT NULL
) STRICT;

-- Whoever asked for anonymity is kept apart from the case and shown to few.
CREATE TABLE complainants (
    alert_number  TEXT PRIMARY KEY REFERENCES alerts (number),
    name          TEXT,
    phone         TEXT,
    address       TEXT
) STRICT;

-- A clock of a case. It waits (starts_at NULL) until its person was reached, fires once, and ends when met.
CREATE TABLE deadlines (
    id            INTEGER PRIMARY KEY,
    alert_number  TEXT NOT NULL REFERENCES alerts (number),
    kind          TEXT NOT NULL,           -- acknowledge | on_site | put_out | report | review | rectify | look_back | decide | reply
    unit_code     TEXT NOT NULL,           -- whose clock it is
    person        TEXT,
    step          INTEGER NOT NULL,        -- 0: the first holder; 1, 2, ...: desks it was escalated to
    starts_at     INTEGER,
    due_at        INTEGER,                 -- NULL while it waits or is paused
    remaining_ms  INTEGER,                 -- while paused
    fired_at      INTEGER,
    was_late      INTEGER NOT NULL DEFAULT 0,  -- fired later than its due time by more than a service's own pace
    ended_at      INTEGER,
    outcome       TEXT                     -- met | missed | cancelled
) STRICT;
CREATE INDEX deadlines_due ON deadlines (due_at) WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX deadlines_by_alert ON deadlines (alert_number, kind);
CREATE INDEX deadlines_overdue ON deadlines (alert_number) WHERE fired_at IS NOT NULL AND ended_at IS NULL;

-- Originals of photos stand on disk, named by their hash; a row is written only after the file is safe.
CREATE TABLE photos (
    hash          TEXT NOT NULL,           -- sha-256 of the original
    subject_kind  TEXT NOT NULL,           -- alert | plan
    subject       TEXT NOT NULL,           -- alert number, plan id
    media_type    TEXT NOT NULL,
    bytes         INTEGER NOT NULL,
    file_name     TEXT,
    added_at      INTEGER NOT NULL,
    event_seq     INTEGER NOT NULL REFERENCES events (seq),
    PRIMARY KEY (subject_kind, subject, hash)
) STRICT;

-- What a person said about which pixels are one fire: pixels of one label burn together, pixels of two do not.
CREATE TABLE fire_labels (
    detection_id  INTEGER PRIMARY KEY REFERENCES detections (id),
    label         INTEGER NOT NULL,
    event_seq     INTEGER NOT NULL REFERENCES events (seq)
) STRICT;
CREATE INDEX fire_labels_by_label ON fire_labels (label);

-- Ground that ended with somebody else than it should: no outline, no holder, a hole between units.
CREATE TABLE responsibility_gaps (
    unit_code     TEXT NOT NULL,
    kind          TEXT NOT NULL,           -- no_holder | no_lower_unit
    first_at      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    cases         INTEGER NOT NULL,
    last_alert    TEXT NOT NULL,
    PRIMARY KEY (unit_code, kind)
) STRICT;
