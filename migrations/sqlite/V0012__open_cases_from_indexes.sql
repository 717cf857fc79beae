-- The office's lists and counts of open cases read nothing but indexes: which cases stand in a state, since when, what
-- is marked on them, and which of their running clocks is due first. Whole rows are read for the page that is shown.
DROP INDEX alerts_standing_by_state;
CREATE INDEX alerts_standing_by_state ON alerts (state, first_seen_at, number, undelivered_at, is_disputed)
    WHERE merged_into IS NULL AND superseded_at IS NULL;
CREATE INDEX deadlines_running ON deadlines (alert_number, due_at) WHERE ended_at IS NULL;
