// Whether this folder is the one that last ran here, or a copy, a restored backup, another machine.
//
//   DIR/ledger/here   "fapiao-here-1" LF machine id LF, then for itself and for fapiao.db:
//                     device SP inode SP birth in ns LF
//
// Copying or restoring gives files other inodes and births; moving the folder within its file
// system doesn't. Files that were overwritten in place look the same: what a witness answers shows
// those, a moment later.
#pragma once
#include "base/cx.h"

// false, too, when nothing was kept yet or it can't be read.
bool watch_here_same(Cx *cx, const char *folder);
// From now on it is the one. Durable.
Err watch_here_keep(Cx *cx, const char *folder);
