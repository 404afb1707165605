// Warden: the parent's end of one zygote: starts it, hands jobs over, starts another when it died.
//
// Threads: all functions but open and close may be called from several at once.
#pragma once
#include "base/err.h"
#include "sandbox/job.h"

typedef struct Warden Warden;

// `program` and `trust_dir` (may be NULL) must outlive it. Starts nothing yet.
Err warden_open(Cx *cx, const char *program, const char *trust_dir, Warden **ret_warden);
// Orders the zygote to end, and kills it when it does not. Takes NULL.
void warden_close(Warden *warden);

// Starts a zygote when there is none; ERR_STORE when that fails.
Err warden_start(Cx *cx, Warden *warden);
// Hands one job over, `fds` in the order of JobFd. *generation tells which zygote took it; when it
// names the one that is running, that one has failed its job: it is ended and another started.
// Start with 0. ERR_CONFLICT when the zygote is gone, ERR_STORE when none can be started.
Err warden_send(Cx *cx, Warden *warden, const JobHeader *header, const int *fds,
                uint64_t *generation);
// What the zygote said when it was warm. ERR_STORE when it says nothing.
Err warden_report(Cx *cx, Warden *warden, Slice *ret_line);
