// Folder lock: who writes in a data folder holds DIR/lock (flock, not inherited), which has its
// pid.
#pragma once
#include "base/cx.h"

// ERR_INPUT on a network file system, where it would not hold.
Err folder_lock_possible(Cx *cx, const char *folder);
// Held until *ret_fd is closed. ERR_CONFLICT when another process has it.
Err folder_lock_take(Cx *cx, const char *folder, int *ret_fd);
