-- Rows beside the events name the one before them, so that one that is taken out is missed.
ALTER TABLE checkpoint ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE checkpoint ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
ALTER TABLE cosignature ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
-- The newest day that is signed, YYYYMMDD.
INSERT INTO counter (tenant, name, next_value)
SELECT tenant, 'statement', CAST(replace(MAX(day), '-', '') AS INTEGER) FROM statement GROUP BY tenant;
