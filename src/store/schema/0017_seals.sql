-- Seals over rows that are written often and change nothing that lasts, and over the columns of
-- others that do (store/bound.h). A keyed digest each; what it is of is named as an audit names it.
CREATE TABLE row_seal (
  tenant        TEXT    NOT NULL, -- of the row
  place         TEXT    NOT NULL, -- session(, 0193…)
  seal          BLOB    NOT NULL,
  PRIMARY KEY (tenant, place)
) STRICT, WITHOUT ROWID;
