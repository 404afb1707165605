-- Guards: what the tables refuse, whoever asks. BEFORE INSERT too: INSERT OR REPLACE and UPSERT
-- pass triggers on UPDATE and DELETE. One set a fact table.
CREATE TRIGGER document_no_update BEFORE UPDATE ON document
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER document_no_replace BEFORE INSERT ON document
BEGIN
  SELECT RAISE(ABORT, 'facts are append-only') WHERE
    EXISTS (SELECT 1 FROM document WHERE tenant = NEW.tenant AND id = NEW.id)
    OR EXISTS (SELECT 1 FROM document WHERE tenant = NEW.tenant AND reference = NEW.reference)
    OR (NEW.idempotency IS NOT NULL AND EXISTS (SELECT 1 FROM document
        WHERE tenant = NEW.tenant AND idempotency = NEW.idempotency));
END;

CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER reading_no_replace BEFORE INSERT ON reading
BEGIN
  SELECT RAISE(ABORT, 'facts are append-only') WHERE
    EXISTS (SELECT 1 FROM reading WHERE tenant = NEW.tenant AND id = NEW.id);
END;

CREATE TRIGGER identity_no_update BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER identity_no_delete BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER identity_no_replace BEFORE INSERT ON identity
BEGIN
  SELECT RAISE(ABORT, 'facts are append-only') WHERE
    EXISTS (SELECT 1 FROM identity WHERE tenant = NEW.tenant AND scheme = NEW.scheme
            AND tag = NEW.tag AND invoice = NEW.invoice);
END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
BEGIN
  SELECT RAISE(ABORT, 'facts are append-only') WHERE
    EXISTS (SELECT 1 FROM event WHERE tenant = NEW.tenant AND sequence = NEW.sequence)
    OR EXISTS (SELECT 1 FROM event WHERE tenant = NEW.tenant AND subject = NEW.subject
               AND previous = NEW.previous);
END;

CREATE TRIGGER content_key_no_update BEFORE UPDATE ON content_key
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
-- Erasing puts the row 'erasing' into meta, deletes keys and takes the row away, in one transaction.
CREATE TRIGGER content_key_no_delete BEFORE DELETE ON content_key
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'erasing')
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER content_key_no_replace BEFORE INSERT ON content_key
BEGIN
  SELECT RAISE(ABORT, 'facts are append-only') WHERE
    EXISTS (SELECT 1 FROM content_key WHERE tenant = NEW.tenant AND subject = NEW.subject);
END;
