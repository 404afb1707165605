// Zygote: the process that forks one child a document and never looks at one itself.
//
//   start: warm, load trusted certificates, harden, say hello (which build, which walls)
//   loop:  job message -> fork -> jail -> work -> answer      child ended -> JobEnd
//          over its deadline -> SIGKILL                       control socket closed -> kill all,
//          exit
//
// What the work is comes from the program (app/fapiao_read_main.c), so that this module knows no
// document format. Single-threaded.
#pragma once
#include "model/reading.h"
#include "sandbox/job.h"

typedef struct ZygoteJob {
    JobMode mode;
    Slice document;
    Slice trust_pem; // certificates, concatenated
    bool skip_qr;
    uint32_t entry; // JOB_UNPACK: its index
} ZygoteJob;

typedef struct ZygoteWork {
    void (*warm)(void); // in the zygote, once
    // In the child, inside the jail. What `sniff` says is sent before `run` begins, so that it
    // stands even when the child is killed. `run` answers the last answer, those before by
    // zygote_say.
    Media (*sniff)(Slice document);
    Err (*run)(Cx *cx, const ZygoteJob *job, Slice *ret_answer);
    bool opens_files; // fonts and poppler's data, to read a document; without it a child may none
} ZygoteWork;

// In the child, from `run`: an answer that is sent at once. Nothing that the child does afterwards
// can take it back. ERR_STORE when nobody listens.
Err zygote_say(Cx *cx, Slice answer);

// Serves JOB_CONTROL_FD until it closes; answers the exit code. `trust_dir` may be NULL.
int zygote_run(const ZygoteWork *work, const char *trust_dir);
// For --hello: says over JOB_CONTROL_FD who this program is, without warming. The exit code.
int zygote_hello(void);
