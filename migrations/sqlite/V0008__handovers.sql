-- Shifts that were handed over at a desk. The event in the log is the record; this is what lists read.
CREATE TABLE handovers (
    id              INTEGER PRIMARY KEY,
    event_seq       INTEGER NOT NULL UNIQUE REFERENCES events (seq),
    unit_code       TEXT NOT NULL,         -- whose desk
    at              INTEGER NOT NULL,
    shift_began_at  INTEGER NOT NULL,
    gives           TEXT NOT NULL,         -- who goes
    takes           TEXT NOT NULL,         -- who comes
    note            TEXT NOT NULL,
    open_cases      INTEGER NOT NULL       -- counted when it was handed over
) STRICT;
CREATE INDEX handovers_by_unit ON handovers (unit_code, at);

-- What happened during a shift.
CREATE INDEX events_by_time ON events (at);
