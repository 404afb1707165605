// Group: many commands, one durable transaction.
//
//   begin ─▶ place bytes*─▶ run each ─▶ store_sync (segments) ─▶ commit ─▶ answer all
//               │    │ a command fails          │ fails             │ fails: unknown
//               │    ▼                          ▼                   ▼
//               │  rollback, each alone     stop for good       reopen, look what is there
//               └─▶ their fdatasync begins, on a thread of its own
//   * of a large group, and those that are certainly new; the others when they are run
//
// What turns out to be durable is promised: one signature over all events of the transaction.
//
// All on the committer's thread.
#pragma once
#include "commit/decide.h"
#include "commit/receive.h"

typedef enum CommandKind {
    COMMAND_RECEIVE,
    COMMAND_DECIDE,
    COMMAND_WORK,
    COMMAND_AUDITED
} CommandKind;

typedef struct Command {
    struct Command *next;
    CommandKind kind;
    Cx cx;        // everything of this command lives in its arena
    size_t bytes; // counted against LIMIT_IN_FLIGHT_BYTES
    Err err;      // of the database or the disk
    void *self;
    CommitReceived *received; // COMMAND_RECEIVE
    Receiving receiving;
    CommitDecided *decided; // COMMAND_DECIDE
    Deciding deciding;
    CommitWork *work; // COMMAND_WORK, COMMAND_AUDITED (may be NULL)
    void (*worked)(void *self, Err err);
    Erasure *erasure;  // COMMAND_AUDITED: what is erased behind the work; may be NULL
    AuditNote *note;   // COMMAND_AUDITED
    AuditNote came;    // as it was before the work saw it
    EventMark audited; // of its entry
    Promise *promise;  // held: of the transaction that this command's events were written in
} Command;

typedef struct Group {
    Store *store;
    EventLog log;
    Known known;
    const CommitOptions *options; // of its promises; may be NULL
    _Atomic uint64_t commits;     // transactions made durable
    uint64_t next_sequence;       // behind the newest event that is durable; 0 = not known yet
    bool bound;                   // what stood before the program began is bound (row_bind.h)
    bool closed;                  // no event may be written: halted, or a mirror
    bool stopped;                 // what lies on disk is unknown: nothing is written any more
} Group;

// Runs the list and sets each command's err, receipt or outcome; the answers are the caller's, and
// the promises are his to drop.
void group_run(Group *group, Command *commands);
