-- Facts: append-only. Guards (0003_guards.sql) refuse UPDATE, DELETE and replacing INSERT; that is why
-- each table asks for facts_guarded().
-- Every key starts with the tenant; ids are UUIDv7 made in C; times are UTC milliseconds.
-- What a person could be known by (names, numbers, file names) stands only inside `content`, sealed
-- under the subject's content key: erasing that key erases it. See docs/formats/store.md.

CREATE TABLE document (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  reference     TEXT    NOT NULL, -- R-2026-000123, dense per tenant and year (+08:00)
  sha256        BLOB    NOT NULL, -- of the original bytes
  size          INTEGER NOT NULL,
  same_as       BLOB,             -- the first document with these bytes, when this is not it
  segment       INTEGER,          -- where the sealed bytes lie; NULL when same_as is set
  position      INTEGER,
  stored_size   INTEGER,
  idempotency   BLOB,             -- SHA-256 of the caller's idempotency key, or NULL
  actor         TEXT    NOT NULL,
  source        TEXT    NOT NULL, -- cli, http, demo, …
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_reference ON document (tenant, reference);
CREATE INDEX document_sha256 ON document (tenant, sha256);
CREATE UNIQUE INDEX document_idempotency ON document (tenant, idempotency) WHERE idempotency IS NOT NULL;

-- With a rowid: rows of this size would each take an overflow page of their own in a tree by key.
-- Those of a document or an invoice are found by way of carrier.
CREATE TABLE reading (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  document      BLOB    NOT NULL,
  ordinal       INTEGER NOT NULL, -- which invoice of the document, from 0
  reader        TEXT    NOT NULL, -- version
  invoice       BLOB    NOT NULL, -- the invoice it founded or joined
  basis         INTEGER NOT NULL, -- model/verdict.h
  content       BLOB    NOT NULL, -- sealed canonical JSON of the draft
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  CHECK (facts_guarded())
) STRICT;

CREATE TABLE identity (
  tenant        TEXT    NOT NULL,
  scheme        TEXT    NOT NULL, -- vat, digital, rail, air, other:<kind>
  tag           BLOB    NOT NULL, -- HMAC-SHA-256 of the key: a number can't be read from it
  invoice       BLOB    NOT NULL,
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, scheme, tag, invoice),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;

-- One log for the whole folder, so its key is the one that does not begin with the tenant. By number:
-- rows of this size are appended to pages that are filled to the end.
CREATE TABLE event (
  tenant        TEXT    NOT NULL,
  sequence      INTEGER NOT NULL PRIMARY KEY, -- dense from 1: the leaf's index + 1
  type          INTEGER NOT NULL, -- docs/formats/store.md; the ledger's leaf types
  subject       BLOB    NOT NULL, -- id of a document or an invoice
  follows       INTEGER NOT NULL, -- sequence of this subject's event before; 0 for the first
  previous      BLOB    NOT NULL, -- its leaf hash; 32 zeros for the first
  leaf_hash     BLOB    NOT NULL,
  commit_sha256 BLOB    NOT NULL, -- over salt || canonical bytes
  commit_sm3    BLOB    NOT NULL,
  content       BLOB    NOT NULL, -- sealed: salt[32] || canonical bytes
  actor         TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  time_ms       INTEGER NOT NULL,
  -- Of two that follow one event only one can be there. The newest of a subject is at its end.
  UNIQUE (tenant, subject, follows),
  CHECK (facts_guarded())
) STRICT;

-- The one fact table where DELETE is allowed, by the erasing path alone.
CREATE TABLE content_key (
  tenant        TEXT    NOT NULL,
  subject       BLOB    NOT NULL,
  wrapped       BLOB    NOT NULL, -- sealed under the folder's data key
  PRIMARY KEY (tenant, subject),
  CHECK (facts_guarded())
) STRICT, WITHOUT ROWID;
