-- People, organisations, and what they came with. Mutable: what was changed, by whom, from what to
-- what stands in the audit log, which is part of the ledger.
-- What a person could be known by (names, mail addresses, numbers of phones, addresses) is sealed
-- field by field (crypto/field.h) and found by blind index. Accounts belong to the installation,
-- so their rows bear the tenant ''.

CREATE TABLE organisation (
  tenant        TEXT    NOT NULL PRIMARY KEY, -- 'local' the first, '' the platform, else random
  kind          TEXT    NOT NULL, -- platform enterprise person
  name          BLOB    NOT NULL, -- sealed
  tax_id        BLOB    NOT NULL, -- sealed; empty when not known
  tax_tag       BLOB    NOT NULL, -- its blind index; empty when not known
  state         TEXT    NOT NULL, -- active disabled
  created_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  tenant        TEXT    NOT NULL, -- ''
  id            BLOB    NOT NULL, -- UUIDv7
  login_tag     BLOB    NOT NULL, -- blind indexes: of the user name, mail address, phone number;
  mail_tag      BLOB    NOT NULL, -- empty when there is none. One name is one account's alone,
  phone_tag     BLOB    NOT NULL, -- in all three
  profile       BLOB    NOT NULL, -- sealed JSON: login, name, mail, phone, language
  password      TEXT    NOT NULL, -- PHC string; '' = none
  password_ms   INTEGER NOT NULL, -- when it was set
  state         TEXT    NOT NULL, -- pending active disabled deleted
  mail_ms       INTEGER NOT NULL, -- when it was confirmed; 0 = not yet
  phone_ms      INTEGER NOT NULL,
  seed          BLOB    NOT NULL, -- sealed TOTP seed; empty = none
  seed_ms       INTEGER NOT NULL, -- when it was confirmed by a first code; 0 = not yet
  seed_step     INTEGER NOT NULL, -- the newest step that was used: no step counts twice
  failures      INTEGER NOT NULL, -- wrong codes of the second factor since the last right one
  failed_ms     INTEGER NOT NULL,
  created_ms    INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_login ON account (tenant, login_tag) WHERE login_tag <> x'';
CREATE UNIQUE INDEX account_mail ON account (tenant, mail_tag) WHERE mail_tag <> x'';
CREATE UNIQUE INDEX account_phone ON account (tenant, phone_tag) WHERE phone_tag <> x'';

CREATE TABLE recovery_code (
  tenant        TEXT    NOT NULL, -- ''
  account       BLOB    NOT NULL,
  tag           BLOB    NOT NULL, -- keyed hash of the code
  used_ms       INTEGER NOT NULL, -- 0 = not yet
  PRIMARY KEY (tenant, account, tag)
) STRICT, WITHOUT ROWID;

-- Roles of the platform itself are held in the tenant ''.
CREATE TABLE member (
  tenant        TEXT    NOT NULL,
  account       BLOB    NOT NULL,
  roles         INTEGER NOT NULL, -- bits of PermissionRole
  since_ms      INTEGER NOT NULL,
  PRIMARY KEY (tenant, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_account ON member (account);

CREATE TABLE session (
  tenant        TEXT    NOT NULL, -- ''
  hash          BLOB    NOT NULL, -- SHA-256 of the cookie's token
  id            BLOB    NOT NULL, -- shown, to revoke it by
  account       BLOB    NOT NULL,
  organisation  TEXT    NOT NULL, -- the tenant that is worked in
  factors       INTEGER NOT NULL, -- shown: 1 or 2
  created_ms    INTEGER NOT NULL,
  seen_ms       INTEGER NOT NULL, -- to the minute
  origin        BLOB    NOT NULL, -- sealed JSON: address, user agent
  PRIMARY KEY (tenant, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (tenant, account);

CREATE TABLE api_token (
  tenant        TEXT    NOT NULL, -- the organisation it works in
  id            BLOB    NOT NULL,
  hash          BLOB    NOT NULL, -- SHA-256 of the token, which is shown once
  account       BLOB    NOT NULL,
  name          BLOB    NOT NULL, -- sealed
  acts          INTEGER NOT NULL, -- bits of PermissionAct
  created_ms    INTEGER NOT NULL,
  expires_ms    INTEGER NOT NULL,
  used_ms       INTEGER NOT NULL, -- 0 = never
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_account ON api_token (account);

-- What works once: confirming a mail address or a phone, a new password, an invitation, the second
-- step of signing in, the first start.
CREATE TABLE ticket (
  tenant        TEXT    NOT NULL, -- '', of an invitation the organisation
  hash          BLOB    NOT NULL, -- SHA-256 of the token, or keyed over kind, account and code
  kind          TEXT    NOT NULL,
  account       BLOB    NOT NULL, -- empty when it is for nobody who is known yet
  content       BLOB    NOT NULL, -- sealed JSON
  created_ms    INTEGER NOT NULL,
  expires_ms    INTEGER NOT NULL,
  tries         INTEGER NOT NULL, -- of a code
  used_ms       INTEGER NOT NULL, -- 0 = not yet
  PRIMARY KEY (tenant, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_account ON ticket (tenant, account, kind);

-- Who signs in elsewhere (OpenID Connect).
CREATE TABLE identity_link (
  tenant        TEXT    NOT NULL, -- ''
  issuer        TEXT    NOT NULL,
  tag           BLOB    NOT NULL, -- blind index of the subject there
  account       BLOB    NOT NULL,
  created_ms    INTEGER NOT NULL,
  PRIMARY KEY (tenant, issuer, tag)
) STRICT, WITHOUT ROWID;

-- Addresses that are let in or kept out, whoever asks.
CREATE TABLE address_rule (
  tenant        TEXT    NOT NULL, -- ''
  block         TEXT    NOT NULL, -- 203.0.113.0/24, 2001:db8::/32
  effect        TEXT    NOT NULL, -- allow deny
  note          TEXT    NOT NULL,
  created_ms    INTEGER NOT NULL,
  PRIMARY KEY (tenant, block)
) STRICT, WITHOUT ROWID;

-- What an administrator chose; secrets are sealed.
CREATE TABLE policy (
  tenant        TEXT    NOT NULL, -- ''
  name          TEXT    NOT NULL,
  value         BLOB    NOT NULL,
  changed_ms    INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
