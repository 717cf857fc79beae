-- Statements that walked a growing table find their rows by an index (docs/decisions/0031).
DROP INDEX photos_by_hash;
CREATE INDEX photos_by_hash ON photos (hash, subject_kind, subject);
-- The log is read by kind, by person, by subject; its number is the row's own, so an index ends in it.
CREATE INDEX events_by_kind ON events (subject_kind);
CREATE INDEX events_by_actor ON events (actor);
DROP INDEX alerts_by_external;
CREATE INDEX alerts_by_external ON alerts (external_number, source) WHERE external_number IS NOT NULL;
-- What people brought is few beside what satellites see.
CREATE INDEX alerts_standing_by_source ON alerts (source, first_seen_at, number)
    WHERE merged_into IS NULL AND superseded_at IS NULL;
CREATE INDEX sessions_live ON sessions (account_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (at);
CREATE INDEX burn_plans_of_region ON burn_plans (id) WHERE source = 'region';

-- Scopes follow from the tree of units, which few versions of a region change: its hash instead of the version's.
ALTER TABLE alert_scope_state RENAME COLUMN region_version TO unit_tree;

-- While the scopes of all cases are written anew for another tree: which, and how far. A restart goes on there.
CREATE TABLE alert_scope_progress (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    unit_tree  TEXT NOT NULL,
    done_to    TEXT NOT NULL               -- the last case that was looked at
) STRICT;

-- Cases that were acted on by another tree than the scopes are written for: looked at once more.
CREATE TABLE alert_scope_behind (
    number  TEXT PRIMARY KEY REFERENCES alerts (number)
) STRICT, WITHOUT ROWID;

-- Rises with every change of what a day's pages are made of, whoever makes it and by whatever program; pages that were
-- drawn for the same version show the same.
CREATE TABLE content_version (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    version  INTEGER NOT NULL
) STRICT;
INSERT INTO content_version (id, version) VALUES (1, 0);
CREATE TRIGGER content_after_new_detection AFTER INSERT ON detections
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_changed_detection AFTER UPDATE ON detections
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_gone_detection AFTER DELETE ON detections
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_new_fire AFTER INSERT ON fires
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_changed_fire AFTER UPDATE ON fires
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_gone_fire AFTER DELETE ON fires
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_new_alert AFTER INSERT ON alerts
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_changed_alert AFTER UPDATE ON alerts
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_gone_alert AFTER DELETE ON alerts
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_new_scope AFTER INSERT ON alert_scope
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_changed_scope AFTER UPDATE ON alert_scope
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_gone_scope AFTER DELETE ON alert_scope
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_new_deadline AFTER INSERT ON deadlines
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_changed_deadline AFTER UPDATE ON deadlines
BEGIN UPDATE content_version SET version = version + 1; END;
CREATE TRIGGER content_after_gone_deadline AFTER DELETE ON deadlines
BEGIN UPDATE content_version SET version = version + 1; END;
