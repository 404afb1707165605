// Writes that follow each other go to the kernel together. SQLite writes each page of its log in
// two pieces, a head of 24 bytes and the page; gathered, some fifteen pages are one call. For logs
// alone: a database's own file must not wait, because a checkpoint that a reader cuts short says
// that its pages lie there without any sync, and other connections look for them there.
//
// Nothing is held back across a sync, a read, a question about the size, or a close. So only
// connections that sync what they commit may use it: others look for a page in the log after that
// sync. A write that fails is said by the call that flushes it, the sync at the latest: COMMIT
// fails as it would have done.
#pragma once

// A VFS for sqlite3_open_v2, made by the first call: encryption over this over the system's files.
// NULL when it can't be made.
const char *sqlite_gather_vfs(void);
// sqlite3_file_control: whether a sync of the database's own file has failed (a bool). None after
// it succeeds: the log must not be begun anew when pages of it are in memory alone.
#define SQLITE_GATHER_FAILED 0x66617069
