-- Mutable: neither facts nor made from facts.
CREATE TABLE meta (
  name          TEXT    NOT NULL PRIMARY KEY, -- schema, folder id, wrapped keys (by keys.c)
  value         BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
  tenant        TEXT    NOT NULL PRIMARY KEY,
  next_sequence INTEGER NOT NULL -- of the next event; one row, of the tenant ''
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  tenant        TEXT    NOT NULL,
  name          TEXT    NOT NULL, -- reference:2026
  next_value    INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- Verifications by strangers: five a number a day.
CREATE TABLE attempt (
  tenant        TEXT    NOT NULL,
  day           TEXT    NOT NULL,
  tag           BLOB    NOT NULL, -- keyed: the number can't be read from it
  count         INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, tag)
) STRICT, WITHOUT ROWID;
