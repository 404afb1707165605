-- Verification asks over all organisations, so the number comes first. A look-up within one finds
-- as few rows by it: a number has one invoice, in rarely more than two organisations.
-- Beside 0002_projections.sql a part that is made anew with the projections.
DROP INDEX invoice_number;
CREATE INDEX invoice_number ON invoice (number, code, tenant);
