-- What recording writes is written once. Why, and what it costs: docs/decisions/0045.

-- A detection names the observation that speaks for it instead of holding a copy. Rows of before keep theirs.
-- No REFERENCES: the observation names its detection, and one of the two is written first.
ALTER TABLE detections ALTER COLUMN observation DROP NOT NULL;
ALTER TABLE detections ADD COLUMN speaking_id INTEGER;

-- The judgement in force stands in its detection, with when and why it was made; `judgements` holds those of before.
-- NULL: from before this migration, when the one in force stood in both.
ALTER TABLE detections ADD COLUMN judged_at INTEGER;
ALTER TABLE detections ADD COLUMN judged_because TEXT;             -- recorded | revised | rejudged
ALTER TABLE detections ADD COLUMN rejudgement_id INTEGER REFERENCES rejudgements (id);

-- What columns say of a judgement, its text no longer does. NULL: the text says all.
ALTER TABLE judgements ADD COLUMN verdict TEXT;
ALTER TABLE judgements ADD COLUMN unit_code TEXT;
ALTER TABLE judgements ADD COLUMN township_code TEXT;
