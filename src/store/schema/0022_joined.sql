-- Invoices that were kept as two, one by each of its numbers, until a document came that bears both.
-- Made anew with the projections.
CREATE TABLE invoice_joined (
  tenant        TEXT    NOT NULL,
  former        BLOB    NOT NULL, -- the id that it had; no row of invoice has it any more
  invoice       BLOB    NOT NULL, -- which one it is now
  document      BLOB    NOT NULL, -- that said so
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, former)
) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_joined_invoice ON invoice_joined (tenant, invoice);
