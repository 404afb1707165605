// Flow: moves a document from stage to stage. The only module that sees two of them.
//
//   flow_receive ─▶ commit (received) ─▶ reference ─▶ queue ─▶ worker: sandbox, validate ─▶ commit
//   (decided)
//
// A zip that is no document itself is unpacked (flow/unpack.h): each file in it is received as a
// document of its own. Whoever waits for the zip waits for them all.
//
// After a crash flow_open finds the documents that are received and not decided, and goes on.
#pragma once
#include "commit/commit.h"
#include "flow/flow_reader.h"
#include "flow/progress.h"
#include "publish/sealer.h"

typedef struct Flow Flow;

typedef struct FlowOptions {
    StoreOptions store; // without .write: no workers, no sandbox, no committer
    SandboxOptions sandbox;
    int workers;        // 0 = 1
    size_t jobs;        // in memory at once (flow/jobs.h); 0 = LIMIT_JOBS
    FlowRead *read;     // NULL = the sandbox
    FlowUnpack *unpack; // beside `read`; NULL = containers are not unpacked
    void *read_self;    // for both
    bool no_reading;    // neither workers nor a sandbox: what is received waits (rebuild)
    bool per_command;   // bench only: a transaction for each command
    bool no_leaves;     // bench only: nothing is provable, and there is no log
    bool follow;   // a mirror: nothing is written but what it takes over, and nothing is signed
    bool promotes; // a folder that was a mirror's is one of its own from now on (flow/mirrored.h)
    Slice origin;  // of the log, when the folder has none yet (publish/log.h); "" = one is made
    // After each new checkpoint, on the sealer's thread; must not block. May be NULL.
    void (*sealed)(void *self, uint64_t size);
    void *sealed_self;
    // When store, committer, log and sealer are there and nothing is read yet: who knows why this
    // folder may not be written in halts the committer here. May be NULL.
    Err (*opening)(Cx *cx, void *self, Flow *flow);
    void *opening_self;
} FlowOptions;

Err flow_open(Cx *cx, const FlowOptions *options, Flow **ret_flow);
// Finishes what is being read. What still waits stays durable and is read after the next opening;
// whoever waits for it is told so (outcome.err ERR_STORE).
void flow_close(Flow *flow);
Store *flow_store(Flow *flow);
Committer *flow_committer(Flow *flow);
// The record as a log, and who signs its head; NULL when the folder has no log yet, or was opened
// for reading and there is nobody to sign.
Log *flow_log(Flow *flow);
Sealer *flow_sealer(Flow *flow);
// Takes up what was received and not decided, after the committer was halted and is no more.
void flow_resume(Flow *flow);

// The notices are as progress.h says. ERR_INPUT (empty, too large, key too long), ERR_LIMIT (too
// much in flight: try again), ERR_STORE.
Err flow_receive(Cx *cx, Flow *flow, const Arrival *arrival, FlowNotice *received,
                 FlowNotice *decided, void *self);

// Read and validate bytes without keeping anything: `fapiao read`.
Err flow_read(Cx *cx, Sandbox *sandbox, Slice bytes, Reading *ret_reading);
// Read a quarantined document again; the outcome is committed under its reference (event released).
// ERR_MISSING when there is no such reference. Not in quarantine: `decided` gets ERR_CONFLICT.
// `actor`: who asks for it, as the fact records it.
Err flow_retry(Cx *cx, Flow *flow, Slice tenant, Slice actor, Slice reference, FlowNotice *decided,
               void *self);
// Drops and remakes the projections. `progress` may be NULL, and `note`: its entry in the audit
// log, in the same transaction; none is written while the log is halted.
Err flow_rebuild(Cx *cx, Flow *flow, AuditNote *note,
                 void (*progress)(void *self, uint64_t done, uint64_t all), void *self);
