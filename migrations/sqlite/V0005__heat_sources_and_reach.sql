-- Who watches over an approved heat source, and the day it was taken back: judging goes by local days.
ALTER TABLE heat_sources ADD COLUMN watched_by TEXT;
ALTER TABLE heat_sources ADD COLUMN ended_on TEXT;   -- local day; from it on the source counts no more

-- Linking looks at where, when and how large the pixels of some hours are, and at nothing else of
-- them: with all of that in the index their long JSON columns are never read. NULL: recorded before.
ALTER TABLE detections ADD COLUMN diagonal_km REAL;
CREATE INDEX detections_by_reach ON detections (acquired_at, lon, lat, diagonal_km, fire_id) WHERE superseded_by IS NULL;
-- It begins with the same column.
DROP INDEX detections_by_time;
