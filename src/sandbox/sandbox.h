// Sandbox: untrusted bytes are parsed in a child process of their own (invariant I5).
//
// There are two zygotes: fapiao-read-xml for XML, and for OFD or zip where QR codes are left out,
// which knows no pictures and is small; fapiao-read for all the rest, started when it is first
// needed.
//
//   parent ──job + document (memfd)──▶ zygote (fapiao-read, has parsed nothing) ──fork──▶ child
//      ◀── length-checked answers over the child's own pipe: the seal, then the reading ──┘
//
// The seal's answer is in the pipe before anything but zip, Signature.xml and DER (or a PDF's
// signature dictionary) was parsed: what reads the document afterwards can't change it.
//
// The zygote is started once, warm: libraries loaded, fonts known, iconv open. Each child locks
// itself in (no_new_privs, not dumpable, rlimits, Landlock, seccomp) before it looks at a byte.
// A child that crashes, loops or grows over its limits is REASON_HOSTILE, never an Err: the caller
// always gets a Reading. Children die with the zygote, the zygote with the parent (its socket
// closes); they inherit neither stdout nor the lock.
//
// Threads: sandbox_read may be called from several at once.
#pragma once
#include "model/reading.h"

typedef struct Sandbox Sandbox;

typedef struct SandboxOptions {
    const char *reader;    // path of fapiao-read, fapiao-read-xml lies beside; NULL =
                           // beside the running program
    const char *trust_dir; // certificates (PEM) that seals may chain to; NULL = none
    bool skip_qr;          // leave the QR pass over pages and pictures out (bulk, benchmarks)
    uint32_t wall_ms;      // of one child; 0 = LIMIT_READER_WALL_MS
    uint32_t cpu_seconds;  // of one child; 0 = LIMIT_READER_CPU_SECONDS
} SandboxOptions;

// ERR_STORE when a reader can't be started or is another build than this program, in Chinese and
// English.
Err sandbox_open(Cx *cx, const SandboxOptions *options, Sandbox **ret_sandbox);
void sandbox_close(Sandbox *sandbox);

// Check the seal, then read, in one child; the draft's seal is what was said first.
// `bytes` is at most LIMIT_DOCUMENT_BYTES (more is REASON_TOO_LARGE). ERR_STORE only when the
// zygote is gone and can't be started again; ERR_LIMIT when the answer does not fit in the arena.
Err sandbox_read(Cx *cx, Sandbox *sandbox, Slice bytes, Reading *ret_reading);

// A container whose files are taken out one by one, each by a child of its own: no more than one of
// them is in memory at a time.
typedef struct SandboxArchive {
    Sandbox *sandbox;
    int fd; // its bytes, unchangeable
    size_t size;
} SandboxArchive;
// ERR_STORE when there is no memory for it.
Err sandbox_archive_open(Cx *cx, Sandbox *sandbox, Slice bytes, SandboxArchive *ret_archive);
void sandbox_archive_close(SandboxArchive *archive);
// The bytes of an entry that sandbox_read told of. ERR_CORRUPT when they can't be had, or are not
// as many as was told; ERR_LIMIT, ERR_STORE as sandbox_read.
Err sandbox_archive_entry(Cx *cx, SandboxArchive *archive, const ReadingEntry *entry,
                          Slice *ret_bytes);

// What this machine's walls are, one line for `fapiao doctor`: "landlock 7, seccomp, …".
Err sandbox_report(Cx *cx, Sandbox *sandbox, Slice *ret_line);
// CPU time that children have used so far, for benchmarks.
uint64_t sandbox_cpu_us(const Sandbox *sandbox);
