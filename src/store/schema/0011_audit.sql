-- The audit log as it is filtered: a projection of the events `audited`, dropped and remade with those
-- of 0002_projections. Nothing of it is personal: addresses, and what was before and after, lie sealed
-- in the events.
CREATE TABLE audit_entry (
  tenant        TEXT    NOT NULL, -- '' of the platform
  sequence      INTEGER NOT NULL, -- of the event
  time_ms       INTEGER NOT NULL,
  actor         TEXT    NOT NULL,
  act           TEXT    NOT NULL,
  object_kind   TEXT    NOT NULL,
  object        TEXT    NOT NULL,
  result        TEXT    NOT NULL, -- done refused failed
  PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;
-- Newest first, by one of what is asked for; of all organisations at once by time alone.
CREATE INDEX audit_entry_time ON audit_entry (tenant, time_ms, sequence);
CREATE INDEX audit_entry_actor ON audit_entry (tenant, actor, time_ms, sequence);
CREATE INDEX audit_entry_act ON audit_entry (tenant, act, time_ms, sequence);
CREATE INDEX audit_entry_object ON audit_entry (tenant, object_kind, object, time_ms, sequence);
CREATE INDEX audit_entry_all ON audit_entry (time_ms, sequence);
