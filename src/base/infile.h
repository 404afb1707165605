// Infile: a file that a person names: a regular one, a pipe, or a device.
//
// No read waits for ever: a pipe that nobody writes and one that falls silent are given up. What
// never ends (/dev/zero) is the caller's to cut: it asks for as many bytes as it will take.
//
// Callers: cli/ and check/, over paths of a command line.
#pragma once
#include "base/cx.h"

typedef struct Infile {
    const char *path; // as it was given
    int fd;
    bool regular;
    bool begun;    // a byte came
    uint64_t size; // of a regular file when it was opened; else 0
} Infile;

// Errors are in Chinese and English and end with the path, which must live as long as the file.
// ERR_MISSING, with the system's reason: not there, not readable, a folder, a socket.
Err infile_open(Cx *cx, const char *path, Infile *ret_file);
// *ret_count: 1 to `room` bytes in `bytes`; 0 at the end. ERR_MISSING when it can't be read, and
// when nothing comes for LIMIT_INFILE_WRITER_MS (nobody writes) or LIMIT_INFILE_SILENCE_MS.
Err infile_read(Cx *cx, Infile *file, char *bytes, size_t room, size_t *ret_count);
void infile_close(Infile *file);
// ERR_MISSING, as above: `doing` a path ("cannot list") the system refused with this errno.
Err infile_fail(Cx *cx, int error, const char *doing, const char *path);
