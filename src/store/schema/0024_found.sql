-- A party's name as it is found by: without blanks, full-width forms as ASCII, small letters
-- (draft_canon_found). Of an older folder the rows are filled by schema_found.c, which follows. Made
-- anew with the projections.
ALTER TABLE party ADD COLUMN found TEXT NOT NULL DEFAULT '';
