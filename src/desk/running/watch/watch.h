// Watch: the log's side of its witnesses: every new checkpoint is shown to each of them, their
// cosignatures are kept, and a log that has gone back or forked stops.
//
//   newest checkpoint ─▶ a thread a witness ─┬─ cosigned ─▶ tables cosignature, watcher
//                                            └─ AHEAD, FORKED ─▶ commit_halt
//
// Writing is halted in two cases, reading never:
//   alarm    a witness has shown, under our own log's signature, that the log has gone back or
//            forked. It outlives a restart (meta 'witness_alarm'). The right backup ends it.
//   waiting  this folder is not the one that last ran here (watch_here.h): a restored or promoted
//            one. As many witnesses as are needed must first find it consistent.
// A folder that is the one starts at once: witnesses that are away stop nothing, they lag.
//
// An https address is trusted through the system's certificates, or, where that file is, through
// those in DIR/ledger/witnesses.pem alone.
//
//   FlowOptions.opening = watch_opening ─▶ flow_open ─▶ watch_open … watch_stop ─▶ flow_close ─▶
//   watch_close
#pragma once
#include "desk/running/watch/watch_list.h"
#include "desk/running/watch/watch_opening.h"
#include "desk/running/watch/watch_queue.h"

typedef struct Watch Watch;

typedef struct WatchOptions {
    Flow *flow;
    size_t quorum;   // 0 = as the folder says, or two thirds
    bool without;    // nothing is halted, whatever they say; it is kept in meta 'without_witnesses'
    uint64_t try_ms; // one question; 0 = LIMIT_FETCH_MS
    uint64_t idle_ms;  // from one cosignature to the next when nothing is new; 0 = a minute
    uint64_t pause_ms; // after a failure, doubled up to a minute; 0 = a second
} WatchOptions;

// Starts a thread a witness. Without a log (flow_log) there is nobody to watch: *ret_watch is NULL,
// which all below take. Also after an Err *ret_watch is to be stopped and closed.
Err watch_open(Cx *cx, const WatchOptions *options, Watch **ret_watch);
#define WATCH_SETTLE_MS 1'500 // what a program that ends spends on it
// Waits until each witness has been asked about the newest checkpoint, or was found away, at most
// `ms`: for commands that end. Signs it first.
void watch_settle(Watch *watch, uint64_t ms);
// Ends the threads, within a second. Before flow_close.
void watch_stop(Watch *watch);
bool watch_stopped(Watch *watch); // nobody is asked any more; of NULL: true
void watch_close(Watch *watch);   // after flow_close

// The table of witnesses has changed.
void watch_reload(Watch *watch);

// Calls `then` once when as many witnesses as are needed have signed one checkpoint over leaf
// `index` (on a witness's thread, or at once on the caller's; without witnesses at once), or with
// false after watch_let_go. Looks into the database. Of NULL: at once, as without witnesses.
void watch_when(Watch *watch, uint64_t index, WatchWitnessed *then, void *self);
// Whoever waits for witnesses waits no longer, and nobody does from now on: at the end.
void watch_let_go(Watch *watch);

// As it stands now; from memory, never waits for a disk. Of NULL: no witnesses.
typedef struct WatchBrief {
    size_t witnesses, need;
    size_t cosigned; // of them have cosigned the newest checkpoint
    bool waiting, alarm, without;
} WatchBrief;
WatchBrief watch_brief(Watch *watch);
