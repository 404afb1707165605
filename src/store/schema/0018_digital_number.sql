-- 数电纸质发票 has a 20-digit number beside code and number, and is found by either. Made anew with the
-- projections.
ALTER TABLE invoice ADD COLUMN digital_number TEXT NOT NULL DEFAULT '';
-- Verification asks over all organisations, search within one; hardly any invoice has a place here.
CREATE INDEX invoice_digital ON invoice (digital_number, tenant, id) WHERE digital_number <> '';
CREATE INDEX invoice_digital_of ON invoice (tenant, digital_number, id, issue_date)
  WHERE digital_number <> '';
