// Check: whether a receipt holds, and whether a file is the one it was given for: `fapiao-check`.
// Needs no data folder, no server and no network: base, crypto and ledger alone, so that the
// program is small enough to be read before it is trusted.
#pragma once
#include "base/cx.h"

#define CHECK_HOLDS   0 // exit codes of the program
#define CHECK_REFUSED 1
#define CHECK_USAGE   2

#define CHECK_KEYS_MAX 64

#define CHECK_SYNOPSIS                                                                             \
    "fapiao-check --vkey VKEY [--vkey WITNESS]… [--allow-unknown] PROOF [FILE]\n"                \
    "  VKEY: name+id+base64, or @PATH of a file with one a line; the log's own is among them\n"

// argv[0] is the program. *ret_line: one line without LF, Chinese and English, for the user; with
// CHECK_USAGE, what is wrong with the arguments.
int check_run(Cx *cx, int argc, char *const *argv, Slice *ret_line);
