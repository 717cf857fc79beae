-- Each new case asks what burnt within 2 km of it in the two days before. Bands of a tenth of a degree put place before
-- time in the index: by time alone every case of those days, of the whole city, would be looked at.
ALTER TABLE alerts ADD COLUMN lat_band INTEGER GENERATED ALWAYS AS (CAST(lat * 10 AS INTEGER)) VIRTUAL;
ALTER TABLE alerts ADD COLUMN lon_band INTEGER GENERATED ALWAYS AS (CAST(lon * 10 AS INTEGER)) VIRTUAL;
CREATE INDEX alerts_by_place ON alerts (lat_band, lon_band, first_seen_at, lat, lon);
-- Each new case also asks whether a person merged it before; few cases are merged by hand.
CREATE INDEX alerts_merged_by_person ON alerts (ground_code) WHERE merged_by IS NOT NULL;

-- Lists and counts ask for cases that stand for themselves; with that in the index's condition, counting reads nothing
-- but the index.
CREATE INDEX alerts_standing_by_state ON alerts (state, first_seen_at) WHERE merged_into IS NULL AND superseded_at IS NULL;
CREATE INDEX alerts_standing_by_time ON alerts (first_seen_at, number) WHERE merged_into IS NULL AND superseded_at IS NULL;
DROP INDEX alerts_by_state;
DROP INDEX alerts_by_time;
