-- Projections of containers: a zip whose files are documents of their own. Dropped and remade with
-- those of 0002_projections.

CREATE TABLE document_entry (
  tenant        TEXT    NOT NULL,
  container     BLOB    NOT NULL, -- the document that it was unpacked from
  entry         INTEGER NOT NULL, -- which entry of its directory, from 0
  document      BLOB    NOT NULL,
  PRIMARY KEY (tenant, container, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_entry_document ON document_entry (tenant, document);

CREATE TABLE document_container (
  tenant        TEXT    NOT NULL,
  document      BLOB    NOT NULL,
  entries       INTEGER NOT NULL, -- files that became documents
  skipped       INTEGER NOT NULL, -- files that were left out
  skipped_names TEXT    NOT NULL, -- of these, each with LF; as many as there was room for
  PRIMARY KEY (tenant, document)
) STRICT, WITHOUT ROWID;
