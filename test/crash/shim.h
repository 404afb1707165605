// Shim: stands in for the calls by which this program touches files. Linked into a test program it
// takes the place of libc's, does the same by the bare system call, and
//   - writes down in shared memory what each call changed, for platter.h, which knows what a disk
//     would still hold after a power cut;
//   - stops the process (SIGKILL) after the n-th change;
//   - lets the n-th call of a kind fail, or the disk run full.
// Only files below one folder count. A call that goes round the shim shows: platter_matches.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ShimCall {
    SHIM_OPEN,
    SHIM_READ,
    SHIM_WRITE,
    SHIM_SYNC,
    SHIM_TRUNCATE,
    SHIM_LINK,
    SHIM_UNLINK,
    SHIM_RENAME,
    SHIM_MKDIR,
    SHIM_MMAP,
    SHIM_LOCK,
    SHIM_STAT,
    SHIM_CLOSE,
    SHIM_CALL_COUNT
} ShimCall;
const char *shim_call_name(ShimCall call);

typedef enum ShimDid {
    SHIM_DID_CREATE,   // file, text: path
    SHIM_DID_MKDIR,    // file, text: path
    SHIM_DID_LINK,     // text: from NUL to
    SHIM_DID_RENAME,   // text: from NUL to
    SHIM_DID_UNLINK,   // text: path
    SHIM_DID_WRITE,    // file, at: offset, bytes
    SHIM_DID_TRUNCATE, // file, at: size
    SHIM_DID_SYNC,     // file or folder
    SHIM_DID_NOT_SYNC, // file: the sync failed, and the kernel has forgotten what was dirty
    SHIM_DID_MAP,      // file: written through memory from now on, past the shim
} ShimDid;

typedef struct ShimEvent { // followed by `size` bytes, padded to 8
    uint32_t did, size;
    uint64_t file, at; // inode number; see ShimDid
} ShimEvent;

#define SHIM_SHORT (-1) // a "code": half of what was asked for is done
typedef struct ShimFault {
    ShimCall call;
    uint64_t nth; // counted from 1; 0 = none
    int code;     // errno, or SHIM_SHORT
    bool on;      // and every one after it
} ShimFault;

typedef struct ShimShared {
    char root[256]; // absolute, without a slash at its end
    size_t root_size;
    uint64_t stop_after; // changes; 0 = never
    bool stop_at_name;   // count those of names alone: made, linked, renamed, gone
    uint64_t changes, names;
    ShimFault fault;
    uint64_t calls[SHIM_CALL_COUNT];
    uint64_t failed; // faults that struck
    int64_t room;    // bytes that files may still grow by; < 0 = endless
    uint64_t size;   // of the events
    char events[];
} ShimShared;

// Once, before any fork: the shared memory.
ShimShared *shim_open(const char *root);
// In the process to be watched, and in it alone.
void shim_watch(void);
// Forgets faults, stops and counts, keeps the events.
void shim_calm(ShimShared *shared);
