// Mirror: follows a primary: takes in every fact, checks that the whole is the log that was signed,
// says so with its own signature, and keeps on.
//
//   checkpoint (newest, waited for) ─▶ facts, batch by batch ─▶ replica_take ─▶ root = signed root
//   ─▶ row of checkpoint ─▶ cosignature ─▶ to the primary
//
// It needs the primary's address, the token that node_add gave, and a copy of the primary's key
// file: what travels is encrypted. Its folder is a whole data folder: it serves reads, `fapiao
// audit` checks it, and when the primary is lost it is the primary's successor. It never writes by
// itself: its committer is halted (FlowOptions.follow).
// A primary that shows a smaller log, or another root, is not followed: the mirror says so, goes on
// asking, and goes on serving what it has.
#pragma once
#include "desk/running/mirror/primary.h"
#include "flow/flow.h"

// Before flow_open: asks who the primary is; in a folder that has no DIR/keys yet puts the wrapped
// keys there. *ret_origin in the arena. ERR_CONFLICT when the folder follows another log. A folder
// that was a mirror before goes on serving when the primary gives no answer: *ret_origin is "".
Err mirror_prepare(Cx *cx, const char *folder, const Primary *primary, Slice *ret_origin);

typedef struct Mirror Mirror;

typedef struct MirrorOptions {
    Flow *flow; // opened with .follow
    Primary primary;
    Slice name;        // under which node_add knows it, and of its key
    uint64_t pause_ms; // after a failure, doubled up to a minute; 0 = a second
} MirrorOptions;

// Starts following, on a thread of its own.
Err mirror_open(Cx *cx, const MirrorOptions *options, Mirror **ret_mirror);
void mirror_stop(Mirror *mirror);  // ends the thread; before flow_close
void mirror_close(Mirror *mirror); // takes NULL
// Don't wait: ask now.
void mirror_nudge(Mirror *mirror);

typedef struct MirrorBrief {
    uint64_t size;                  // of the newest checkpoint that was taken in and checked
    uint64_t primary_size;          // of the newest that the primary has shown
    uint64_t ok_ms, tried_ms;       // last success, last try; 0 = never
    bool alarm;                     // the primary has gone back or forked
    char error[NODE_ERROR_MAX + 1]; // "" when it goes well
} MirrorBrief;
MirrorBrief mirror_brief(Mirror *mirror);
// Its verifier key, in the arena.
Err mirror_vkey(Cx *cx, Mirror *mirror, Slice *ret_vkey);
