// Warden: the parent's end of one zygote: starts it, hands jobs over, starts another when it died.
//
// Threads: all functions but open and close may be called from several at once.
#pragma once
#include <sys/types.h>

#include "base/err.h"
#include "sandbox/job.h"

typedef struct Warden Warden;

// `program` and `trust_dir` (may be NULL) must outlive it. Starts nothing yet.
Err warden_open(Cx *cx, const char *program, const char *trust_dir, Warden **ret_warden);
// Orders the zygote to end, and kills it when it does not. Takes NULL.
void warden_close(Warden *warden);

// Starts a zygote when there is none and waits until it has said hello. ERR_STORE when it can't be
// started, says nothing, or is another build than this program: then nothing is given to it, for
// what it answered would be taken for the doing of the document.
Err warden_start(Cx *cx, Warden *warden);
// Runs `program` once and hears which build it is, so that one that is started later is known to
// fit now. ERR_STORE as warden_start.
typedef struct WardenAsk {
    const char *program; // outlives it
    int fd;              // our end of its socket
    pid_t pid;
} WardenAsk;
Err warden_ask_begin(Cx *cx, const char *program, WardenAsk *ret_ask);
Err warden_ask_end(Cx *cx, const WardenAsk *ask); // once, after each begin that went well
// Hands one job over, `fds` in the order of JobFd. *generation tells which zygote took it; when it
// names the one that is running, that one has failed its job: it is ended and another started.
// Start with 0. ERR_CONFLICT when the zygote is gone, ERR_STORE when none can be started.
Err warden_send(Cx *cx, Warden *warden, const JobHeader *header, const int *fds,
                uint64_t *generation);
// What the zygote said of this machine's walls. ERR_STORE when none is there.
Err warden_report(Cx *cx, Warden *warden, Slice *ret_line);
