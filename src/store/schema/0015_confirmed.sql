-- When whoever is signed in last showed password and code: what a thief of a session must not do
-- wants it to be a few minutes ago at most. Signing in counts.
ALTER TABLE session ADD COLUMN confirmed_ms INTEGER NOT NULL DEFAULT 0;
-- Links are shown to their owner, and go with the account.
CREATE INDEX identity_link_account ON identity_link (tenant, account);
-- Made by an administrator, not by whoever it is for: only such a one gets an administrator's role
-- from an administrator of security.
ALTER TABLE account ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0;
