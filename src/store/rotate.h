// Rotate: new keys for an old folder. A crash at any step leaves a folder that opens with the key
// file that lies in its place, and the next writer clears up.
//
// The key-encryption key, beside a running server (it has what it needs in memory):
//   1 new key file beside the old one        KEY.new        old opens
//   2 DIR/keys wrapped by both               replaced whole both open
//   3 KEY.new in the place of KEY            renamed        both open
//   4 DIR/keys wrapped by the new one        replaced whole new opens
//   5 the old file's bytes written over
//
// The page key, while nobody else has the folder open:
//   1 DIR/keys says both page keys           replaced whole
//   2 DIR/fapiao.db.next: a copy without free space, under the new key; checked, synced
//   3 fapiao.db.next in the place of fapiao.db, which has no WAL by then
//   4 DIR/keys says the new page key         replaced whole
//
// Content keys, fields, tags, segments and the log keep their keys: changing those is sealing
// everything anew, or another log.
#pragma once
#include "store/keys.h"

// The key file is that of key_path_find; *ret_path = where it lies. ERR_CONFLICT when another
// process is at it; ERR_DENIED when key file or DIR/keys belong to another user.
Err rotate_key(Cx *cx, const char *folder, const char *key_file, const char **ret_path);
// ERR_CONFLICT when a server or command has the folder open. *ret_bytes = of the database.
Err rotate_pages(Cx *cx, const char *folder, const char *key_file, uint64_t *ret_bytes);

// On opening: which page key it is, where DIR/keys says two; with `write`, clears away what a
// rotation left that was interrupted, unless one is under way. For the store alone. `keys` are what
// was just read, and stay it where nothing was left.
Err rotate_settle(Cx *cx, const char *folder, const char *key_file, bool write, Keys *keys);
