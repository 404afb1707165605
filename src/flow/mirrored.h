// Mirrored: whether a folder is a mirror's. One event of its own there, be it an entry of the audit
// log, and it has forked from its primary for good: so nothing writes in it but the mirror, until
// somebody makes it a folder of its own.
#pragma once
#include "commit/commit.h"

// The row of meta that a mirror puts into its folder: its cosigner's seed (desk/running/mirror).
#define MIRRORED_MARK "fapiao/cosigner"

Err mirrored_is(Cx *cx, Store *store, bool *ret_is);
// From now on it is a primary's: the mark goes. Before the committer is halted.
Err mirrored_promote(Cx *cx, Committer *committer);
