-- The documents of a day are found by their ids, which begin with the time (commit/uuid7.h). Made anew
-- with the projections, so it may run twice.
DROP INDEX IF EXISTS document_state_day;
