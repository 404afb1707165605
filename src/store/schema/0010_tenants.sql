-- There is more than one organisation. What no event binds, in the order in which it came, over all
-- of them: a mirror asks for what came after what it has (publish/replica_side.h).
CREATE INDEX refusal_came ON refusal (time_ms, id);
CREATE INDEX statement_came ON statement (time_ms, tenant, day);
-- Whoever asks to verify asks over all of them.
UPDATE attempt SET tenant = '';
