// Refused accesses on their way into the audit log: who, what, from where, and how often.
//
// The first of a kind (who, which act) is written at once; those that follow within a minute are
// counted, and written as one entry that says how many. Strangers are known by the block of their
// address, so that they can fill neither memory nor the log: at most LIMIT_AUDIT_REFUSED kinds are
// kept apart, all others are counted together. Any thread.
#pragma once
#include "commit/commit.h"

typedef struct AuditLogRefused AuditLogRefused;

Err audit_log_refused_open(Cx *cx, Committer *committer, AuditLogRefused **ret_refused);
// What is counted still is lost: flush first.
void audit_log_refused_close(AuditLogRefused *refused); // NULL too
// `note`: as of one refusal, its result is "refused" whatever it says. `who`: what is kept apart:
// the actor, or the block of a stranger's address. Never fails: a log that can't be written
// (halted, full) loses the entry, as the refusal stands all the same.
void audit_log_refused(AuditLogRefused *refused, Cx *cx, const AuditNote *note, Slice who);
// Writes counts of minutes that are over; with `now` all of them. Before the log is read.
void audit_log_refused_flush(AuditLogRefused *refused, Cx *cx, bool now);
