-- Finding among a million. Made anew with the projections, whose indexes it replaces.
--
-- Those by which many are read hold all that terms, orders and sums ask of an invoice: a row has the
-- whole draft and lies a few to a page, an entry takes a hundredth of the time. Of those that leave
-- few the rows are read; they are narrow, for each invoice pays for them in random places.
DROP INDEX invoice_date;
DROP INDEX invoice_total;
DROP INDEX invoice_seller;
DROP INDEX invoice_buyer;
DROP INDEX invoice_number;
CREATE INDEX invoice_date ON invoice (tenant, issue_date, id, seller, buyer, kind, state, conflict,
  amount, tax, total);
-- Unknown totals stand below every known one.
CREATE INDEX invoice_total ON invoice (tenant, COALESCE(total, -1000000000000001), id, issue_date,
  seller, buyer, kind, state, conflict, amount, tax, total);
CREATE INDEX invoice_seller ON invoice (tenant, seller, issue_date, id, buyer, kind, state, conflict,
  amount, tax, total);
CREATE INDEX invoice_buyer ON invoice (tenant, buyer, issue_date, id, seller, kind, state, conflict,
  amount, tax, total);
CREATE INDEX invoice_number ON invoice (number, code, tenant, id, issue_date);
CREATE INDEX invoice_amount ON invoice (tenant, amount, issue_date, id);
CREATE INDEX invoice_code ON invoice (tenant, code, issue_date, id) WHERE code <> '';

-- What total lines say of days, kinds and states, without a look at the invoices. NULL counts as 0.
CREATE TABLE invoice_day (
  tenant        TEXT    NOT NULL,
  issue_date    TEXT    NOT NULL,
  kind          TEXT    NOT NULL,
  state         TEXT    NOT NULL,
  conflict      INTEGER NOT NULL,
  invoices      INTEGER NOT NULL, -- more than none
  amount        INTEGER NOT NULL, -- sums, fen
  tax           INTEGER NOT NULL,
  total         INTEGER NOT NULL,
  PRIMARY KEY (tenant, issue_date, kind, state, conflict)
) STRICT, WITHOUT ROWID;
INSERT INTO invoice_day (tenant, issue_date, kind, state, conflict, invoices, amount, tax, total)
SELECT tenant, issue_date, kind, state, conflict, COUNT(*), COALESCE(SUM(amount), 0),
  COALESCE(SUM(tax), 0), COALESCE(SUM(total), 0)
FROM invoice GROUP BY tenant, issue_date, kind, state, conflict;

-- What is not as usual: lists of it are short, and those who look for it do so every few seconds.
CREATE INDEX document_state_unusual ON document_state (tenant, state, document)
  WHERE state NOT IN ('received', 'accepted');
