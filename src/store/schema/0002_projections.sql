-- Projections: the best known state, made from the facts alone. `fapiao rebuild` drops and remakes
-- them; a test holds live against rebuilt. Money is integer fen, NULL where unknown.

CREATE TABLE document_state (
  tenant        TEXT    NOT NULL,
  document      BLOB    NOT NULL,
  reference     TEXT    NOT NULL,
  state         TEXT    NOT NULL, -- received accepted duplicate conflict quarantined rejected
  reason        TEXT    NOT NULL, -- a Reason code, or the first reference of a duplicate, or ''
  media         TEXT    NOT NULL, -- '' until read
  file_name     TEXT    NOT NULL,
  sha256        BLOB    NOT NULL,
  size          INTEGER NOT NULL,
  source        TEXT    NOT NULL,
  received_ms   INTEGER NOT NULL,
  received_day  TEXT    NOT NULL, -- YYYY-MM-DD in China: the equation counts by it
  done_ms       INTEGER,          -- NULL while in progress
  PRIMARY KEY (tenant, document)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_state_reference ON document_state (tenant, reference);
CREATE INDEX document_state_open ON document_state (tenant, document) WHERE done_ms IS NULL;
CREATE INDEX document_state_day ON document_state (tenant, received_day, state);

-- Names repeat: each distinct (name, tax id) once. id = first 63 bits of its SHA-256.
CREATE TABLE party (
  tenant        TEXT    NOT NULL,
  id            INTEGER NOT NULL,
  name          TEXT    NOT NULL,
  tax_id        TEXT    NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- With a rowid: see reading.
CREATE TABLE invoice (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL,
  kind          TEXT    NOT NULL,
  code          TEXT    NOT NULL,
  number        TEXT    NOT NULL,
  issue_date    TEXT    NOT NULL, -- '' when unknown
  amount        INTEGER,
  tax           INTEGER,
  total         INTEGER,
  check_code    TEXT    NOT NULL,
  seller        INTEGER NOT NULL, -- party.id
  buyer         INTEGER NOT NULL,
  basis         INTEGER NOT NULL, -- the strongest among its readings
  -- the basis of each key field, one digit a field: date, amount, tax, total, check code,
  -- seller's and buyer's tax id; then ':' and one digit for every field of DRAFT_FIELDS in their
  -- order; then ':' and one for the lines. '-' = not known
  field_basis   TEXT    NOT NULL,
  state         TEXT    NOT NULL, -- normal voided red_partial red_full red
  red_total     INTEGER NOT NULL, -- fen already reddened, >= 0
  conflict      INTEGER NOT NULL, -- 1: 号码相同内容不同
  carriers      INTEGER NOT NULL,
  findings      INTEGER NOT NULL, -- count of warn and error
  received_ms   INTEGER NOT NULL, -- of the first carrier
  merged        TEXT    NOT NULL, -- the draft as merged: reading_json_canonical, for _parse
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX invoice_number ON invoice (tenant, number, code);
CREATE INDEX invoice_date ON invoice (tenant, issue_date, id);
CREATE INDEX invoice_total ON invoice (tenant, total, id);
CREATE INDEX invoice_received ON invoice (tenant, received_ms, id);
CREATE INDEX invoice_seller ON invoice (tenant, seller, issue_date);
CREATE INDEX invoice_buyer ON invoice (tenant, buyer, issue_date);

CREATE TABLE line (
  tenant        TEXT    NOT NULL,
  invoice       BLOB    NOT NULL,
  position      INTEGER NOT NULL, -- from 0
  name          TEXT    NOT NULL,
  spec          TEXT    NOT NULL,
  unit          TEXT    NOT NULL,
  quantity      TEXT    NOT NULL,
  price         TEXT    NOT NULL,
  amount        INTEGER,
  tax_rate      TEXT    NOT NULL,
  tax           INTEGER,
  tax_code      TEXT    NOT NULL,
  PRIMARY KEY (tenant, invoice, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE carrier (
  tenant        TEXT    NOT NULL,
  invoice       BLOB    NOT NULL,
  document      BLOB    NOT NULL,
  ordinal       INTEGER NOT NULL,
  reading       BLOB    NOT NULL,
  relation      TEXT    NOT NULL, -- new carrier variant
  media         TEXT    NOT NULL,
  basis         INTEGER NOT NULL,
  seal_state    TEXT    NOT NULL,
  seal_signer   TEXT    NOT NULL,
  time_ms       INTEGER NOT NULL,
  PRIMARY KEY (tenant, invoice, document, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX carrier_document ON carrier (tenant, document, ordinal);

-- What each red-letter invoice says it reddens, so that the blue may come before or after it.
CREATE TABLE red_link (
  tenant        TEXT    NOT NULL,
  number        TEXT    NOT NULL, -- of the blue invoice
  code          TEXT    NOT NULL, -- '' when not given
  red           BLOB    NOT NULL, -- the red invoice
  red_code      TEXT    NOT NULL,
  red_number    TEXT    NOT NULL,
  total         INTEGER,          -- of the red one, fen, >= 0; NULL when unknown
  basis         INTEGER NOT NULL, -- of the red one
  PRIMARY KEY (tenant, number, code, red)
) STRICT, WITHOUT ROWID;
