// Where the key file of a data folder lies: what was said, else the environment's FAPIAO_KEY_FILE,
// else systemd's credential "fapiao.key", else <DIR>.key. The first that is named, there or not.
#pragma once
#include "base/cx.h"

// `key_file` may be NULL. *ret_beside = it is <DIR>.key, the only one that is ever made for
// somebody.
const char *key_path_find(Cx *cx, const char *folder, const char *key_file, bool *ret_beside);
