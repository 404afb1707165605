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
    Slice document, extra; // bytes of the document; the encoded SealAnswer, may be empty
    Slice trust_pem;       // certificates, concatenated
    bool skip_qr;
    uint32_t entry; // JOB_UNPACK: its index
} ZygoteJob;

typedef struct ZygoteWork {
    void (*warm)(void); // in the zygote, once
    // In the child, inside the jail. What `sniff` says is sent before `run` begins, so that it
    // stands even when the child is killed.
    Media (*sniff)(Slice document);
    Err (*run)(Cx *cx, const ZygoteJob *job, Slice *ret_answer);
    bool opens_files; // fonts and poppler's data, to read a document; without it a child may none
} ZygoteWork;

// Serves JOB_CONTROL_FD until it closes; answers the exit code. `trust_dir` may be NULL.
int zygote_run(const ZygoteWork *work, const char *trust_dir);
// For --hello: says over JOB_CONTROL_FD who this program is, without warming. The exit code.
int zygote_hello(void);
