// Disk: the few file operations of a data folder, each durable when it returns.
#pragma once
#include "base/cx.h"

// The whole file. ERR_MISSING; ERR_LIMIT over size_max; ERR_STORE.
Err disk_read(Cx *cx, const char *path, size_t size_max, Slice *ret_bytes);
// A new file, mode 0600, complete or not there: written beside, synced, linked in, folder synced.
// ERR_CONFLICT when it exists; ERR_LIMIT when the disk is full.
Err disk_write_new(Cx *cx, const char *path, Slice bytes);
// The same for a file that may be there: written beside, synced, renamed over, folder synced. Who
// reads sees the old bytes or the new ones. After an Err either may be what lies on the disk.
Err disk_replace(Cx *cx, const char *path, Slice bytes);
// What a killed process had written beside and not yet placed: NAME.<16 hex>; NULL: of any name.
bool disk_is_torn(const char *file, const char *name);
// Takes all of these away. Nobody else may be writing them; a folder that is not there is clean.
Err disk_sweep(Cx *cx, const char *folder, const char *name);
// ERR_STORE, ERR_LIMIT when the disk is full. All of it at that position.
Err disk_write_at(Cx *cx, int fd, Slice bytes, uint64_t position);
Err disk_read_at(Cx *cx, int fd, uint64_t position, size_t size, Slice *ret_bytes);
// Writes a file's bytes over themselves and syncs it: after an fsync that failed the system may
// take pages for written that are in memory alone, and only what is written again reaches the disk.
// Fine when there is no such file.
Err disk_rewrite(Cx *cx, const char *path);
// Writes zeros over all of a file, as long as it is, and syncs it. Fine when there is no such file.
Err disk_wipe(Cx *cx, const char *path);
// Makes the names in a folder durable.
Err disk_sync_folder(Cx *cx, const char *path);
// 0700; fine when it is there. Its parent is synced in any case.
Err disk_folder(Cx *cx, const char *path);
// Whether anything can be written there, and if not why, for whoever can mend it: ERR_STORE on a
// disk that is read-only, ERR_DENIED for this user, ERR_MISSING. Fine where only a try would tell.
Err disk_writable(Cx *cx, const char *folder);
// Whether this user may open a file that is there; the same kinds.
Err disk_reachable(Cx *cx, const char *path, bool write);
// "a" + "/" + "b" with a NUL, in the arena.
const char *disk_path(Cx *cx, const char *folder, const char *name);
