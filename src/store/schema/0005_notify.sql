-- Notifying: messages on their way to people, and where they go. Mutable: neither facts nor made from
-- facts. Who they are for and what they say is sealed (desk/people/notify).
CREATE TABLE notify_outbox (
  tenant        TEXT    NOT NULL,
  id            BLOB    NOT NULL, -- UUIDv7
  channel       TEXT    NOT NULL, -- mail sms wecom dingtalk feishu
  to_sealed     BLOB    NOT NULL,
  body_sealed   BLOB    NOT NULL, -- subject LF text; empty once it is sent
  template      TEXT    NOT NULL,
  language      TEXT    NOT NULL, -- zh en
  state         TEXT    NOT NULL, -- waiting failed sent given_up
  tries         INTEGER NOT NULL,
  next_ms       INTEGER NOT NULL, -- not tried before; 0 = somebody asked for it now
  created_ms    INTEGER NOT NULL,
  sent_ms       INTEGER NOT NULL, -- 0 = not yet
  error         TEXT    NOT NULL, -- of the last try; '' when there was none or it went well
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notify_outbox_state ON notify_outbox (tenant, state, id);
CREATE INDEX notify_outbox_due ON notify_outbox (tenant, channel, next_ms)
  WHERE state IN ('waiting', 'failed');

-- The mail server, the SMS gateway, the robots of groups: of the whole folder.
CREATE TABLE notify_setting (
  tenant        TEXT    NOT NULL, -- ''
  name          TEXT    NOT NULL, -- mail.url, …
  value         BLOB    NOT NULL, -- sealed
  changed_ms    INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
