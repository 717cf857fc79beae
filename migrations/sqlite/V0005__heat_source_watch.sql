-- Who watches over an approved heat source, and the day it was taken back: judging goes by local days.
ALTER TABLE heat_sources ADD COLUMN watched_by TEXT;
ALTER TABLE heat_sources ADD COLUMN ended_on TEXT;   -- local day; from it on the source counts no more
