-- Indexes that each document paid for, and whose questions are answered otherwise. When projections
-- are made anew this part follows theirs, so it may run twice.

-- By the committer's memory (commit/known.h): digests lie in no order, so nearly each row was a page.
DROP INDEX IF EXISTS document_sha256;
-- By way of document, which has the same references.
DROP INDEX IF EXISTS document_state_reference;
