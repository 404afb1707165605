-- A day's equation without a look at its documents. Made anew with the projections.
--
-- How many documents of each source came on a day, and how many of them are in which state now; an
-- erased one counts as what it was. Whoever writes a group writes each row once (commit/tally.h).
CREATE TABLE document_day (
  tenant        TEXT    NOT NULL,
  day           TEXT    NOT NULL, -- document_state.received_day
  source        TEXT    NOT NULL,
  came          INTEGER NOT NULL, -- the sum of the others
  received      INTEGER NOT NULL, -- in progress
  accepted      INTEGER NOT NULL,
  duplicate     INTEGER NOT NULL,
  conflict      INTEGER NOT NULL,
  quarantined   INTEGER NOT NULL,
  rejected      INTEGER NOT NULL,
  unpacked      INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, source)
) STRICT, WITHOUT ROWID;
INSERT INTO document_day (tenant, day, source, came, received, accepted, duplicate, conflict,
  quarantined, rejected, unpacked)
SELECT tenant, received_day, source, COUNT(*),
  COUNT(CASE WHEN was = 'received' THEN 1 END), COUNT(CASE WHEN was = 'accepted' THEN 1 END),
  COUNT(CASE WHEN was = 'duplicate' THEN 1 END), COUNT(CASE WHEN was = 'conflict' THEN 1 END),
  COUNT(CASE WHEN was = 'quarantined' THEN 1 END), COUNT(CASE WHEN was = 'rejected' THEN 1 END),
  COUNT(CASE WHEN was = 'unpacked' THEN 1 END)
FROM (SELECT tenant, received_day, source, CASE state WHEN 'erased' THEN reason ELSE state END AS was
  FROM document_state) AS d
GROUP BY tenant, received_day, source;

-- What was decided on a later day than it came: the equation of that later day asks for these alone.
CREATE INDEX document_state_late ON document_state (tenant, done_ms, received_day, received_ms,
  source, state, reason) WHERE (done_ms + 28800000) / 86400000 > (received_ms + 28800000) / 86400000;
