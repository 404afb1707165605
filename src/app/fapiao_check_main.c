// fapiao-check: does this receipt hold, and is this file the one it was given for? Offline; links
// base, crypto and ledger alone.
#include <stdio.h>

#include "base/limits.h"
#include "check/check.h"

int main(int argc, char **argv)
{
    Cx cx;
    Slice line = {"", 0};
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    int code = check_run(&cx, argc, argv, &line);
    if (code == CHECK_USAGE)
        fprintf(stderr, SLICE_FMT "\n用法 usage: " CHECK_SYNOPSIS, SLICE_ARG(line));
    else
        printf(SLICE_FMT "\n", SLICE_ARG(line));
    // What was not said was not checked.
    if (fflush(stdout) != 0) code = CHECK_REFUSED;
    cx_done(&cx);
    return code;
}
