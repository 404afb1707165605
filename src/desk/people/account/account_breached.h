// Breached passwords: a local file, sorted, one a line, of any size; nothing is asked of anybody.
//
//   SHA-1 or SHA-256 of the password in hexadecimal, either case, perhaps ":" and a count behind
//   (as haveibeenpwned.com's lists are), sorted by their bytes; or the passwords themselves, sorted
//   by their bytes (LC_ALL=C sort).
//
// What it is, is seen from its first line. Looked for by halving: a few reads, whatever its size.
#pragma once
#include "base/cx.h"

// ERR_MISSING when there is no such file, ERR_STORE when it can't be read.
Err account_breached_find(Cx *cx, const char *path, Slice password, bool *ret_found);
