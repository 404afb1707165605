-- Erasures: asked for by one person, confirmed or refused by another. Mutable; what was erased, and
-- who agreed, is in the events.
CREATE TABLE erasure_request (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  reference     TEXT    NOT NULL, -- of the document
  reason        TEXT    NOT NULL, -- a code of commit/erase.h
  asked_by      TEXT    NOT NULL,
  asked_ms      INTEGER NOT NULL,
  decided_by    TEXT    NOT NULL, -- '' while it is asked
  decided_ms    INTEGER NOT NULL, -- 0 while it is asked
  state         TEXT    NOT NULL, -- asked confirmed refused expired
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_request_asked ON erasure_request (asked_ms, id) WHERE state = 'asked';

-- The few that came again.
CREATE INDEX document_same_as ON document (tenant, same_as) WHERE same_as IS NOT NULL;
-- Parties that no invoice names any more: they are dropped with the last one from now on.
DELETE FROM party WHERE NOT EXISTS
  (SELECT 1 FROM invoice i WHERE i.tenant = party.tenant AND i.seller = party.id)
AND NOT EXISTS
  (SELECT 1 FROM invoice i WHERE i.tenant = party.tenant AND i.buyer = party.id);
