-- Guards: what the tables refuse, whoever asks. OR REPLACE deletes the row before, and UPSERT updates
-- it: both come upon these triggers on a connection that has recursive_triggers on. The tables take no
-- row from any other: facts_guarded() in their CHECK is known to our own connections alone.
-- (A trigger on INSERT would do it too, but each insert then copies the pages that it changes, in case
-- the trigger refuses it half-way: a fifth of all that the database does.)
CREATE TRIGGER document_no_update BEFORE UPDATE ON document
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

CREATE TRIGGER identity_no_update BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER identity_no_delete BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

CREATE TRIGGER content_key_no_update BEFORE UPDATE ON content_key
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
-- Erasing puts the row 'erasing' into meta, deletes keys and takes the row away, in one transaction.
CREATE TRIGGER content_key_no_delete BEFORE DELETE ON content_key
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'erasing')
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
