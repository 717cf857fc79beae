-- When and where a photo was taken, as the camera says: claims, by which nothing is decided.
ALTER TABLE photos ADD COLUMN claimed_taken_at TEXT;   -- local time of the camera, with offset where it names one
ALTER TABLE photos ADD COLUMN claimed_lon REAL;
ALTER TABLE photos ADD COLUMN claimed_lat REAL;
-- Which cases name a photo decides who may see it.
CREATE INDEX photos_by_hash ON photos (hash);
