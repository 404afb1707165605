-- The ledger: one log for the whole folder, so its rows bear the tenant ''. See docs/formats/ledger.md.

-- The few that were let out of quarantine: they count on the day when that happened.
CREATE INDEX event_released ON event (tenant, time_ms) WHERE type = 16;

-- Numbers of events were counted for each tenant; there was one.
INSERT INTO head (tenant, next_sequence) SELECT '', MAX(next_sequence) FROM head HAVING COUNT(*) > 0;
DELETE FROM head WHERE tenant <> '';

-- Facts, with the same guards as the others.
CREATE TABLE checkpoint (
  tenant        TEXT    NOT NULL, -- ''
  size          INTEGER NOT NULL, -- leaves
  root          BLOB    NOT NULL,
  note          BLOB    NOT NULL, -- signed by the log's own keys
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, size),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;

CREATE TABLE cosignature (
  tenant        TEXT    NOT NULL, -- ''
  size          INTEGER NOT NULL, -- of the checkpoint
  name          TEXT    NOT NULL, -- of the witness or mirror
  seconds       INTEGER NOT NULL, -- when it signed, since 1970
  line          BLOB    NOT NULL, -- with its LF
  PRIMARY KEY (tenant, size, name, seconds),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;

-- Files that were refused: their bytes are not kept, that they came is.
CREATE TABLE refusal (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  source        TEXT    NOT NULL,
  reason        TEXT    NOT NULL, -- too_large, empty, …
  size          INTEGER NOT NULL, -- bytes, as far as known; 0
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;
CREATE INDEX refusal_time ON refusal (tenant, time_ms);

-- One a day that has ended (in China), over all sources: what came and what became of it, signed.
CREATE TABLE statement (
  tenant        TEXT    NOT NULL,
  day           TEXT    NOT NULL, -- YYYY-MM-DD
  size          INTEGER NOT NULL, -- of the log when it was made
  note          BLOB    NOT NULL, -- signed
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, day),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;

-- Mutable.
-- The newest checkpoint: changed only by compare-and-swap from the one before.
CREATE TABLE log_head (
  tenant        TEXT    NOT NULL PRIMARY KEY, -- ''
  size          INTEGER NOT NULL,
  root          BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Who watches the log from elsewhere.
CREATE TABLE watcher (
  tenant        TEXT    NOT NULL, -- ''
  name          TEXT    NOT NULL, -- of its verifier key
  kind          TEXT    NOT NULL, -- witness mirror
  vkey          TEXT    NOT NULL,
  url           TEXT    NOT NULL, -- of a witness; '' for a mirror, which comes by itself
  token         BLOB    NOT NULL, -- SHA-256 of a mirror's token; empty for a witness
  added_ms      INTEGER NOT NULL,
  size          INTEGER NOT NULL, -- newest checkpoint that it cosigned
  ok_ms         INTEGER NOT NULL, -- last success; 0 = never
  tried_ms      INTEGER NOT NULL,
  error         TEXT    NOT NULL, -- of the last try; '' when it went well
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- Reconciliations: nightly, or when someone asked.
CREATE TABLE sync_run (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  cause         TEXT    NOT NULL, -- nightly now
  started_ms    INTEGER NOT NULL,
  ended_ms      INTEGER NOT NULL, -- 0 while it runs
  result        TEXT    NOT NULL, -- JSON, '' while it runs
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER cosignature_no_update BEFORE UPDATE ON cosignature
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER cosignature_no_delete BEFORE DELETE ON cosignature
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER refusal_no_update BEFORE UPDATE ON refusal
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER refusal_no_delete BEFORE DELETE ON refusal
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
