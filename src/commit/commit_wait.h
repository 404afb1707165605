// Commit, waited for: a work that the caller's thread needs done before it goes on.
#pragma once
#include "commit/commit.h"

// As commit_work, but returns when the transaction is durable or refused, with the work's own text.
// Never on the committer's thread: it would wait for itself.
Err commit_wait_work(Cx *cx, Committer *committer, CommitWork *work, void *self);
// As commit_audited (a work may be NULL), in the same way. Refused while the committer is halted,
// as every command that writes facts.
Err commit_wait_audited(Cx *cx, Committer *committer, CommitWork *work, void *self,
                        AuditNote *note);
// As commit_erase, in the same way.
Err commit_wait_erase(Cx *cx, Committer *committer, Erasure *erasure, CommitWork *work, void *self,
                      AuditNote *note);
