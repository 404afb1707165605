// fapiao key rotate       --data DIR [--key-file FILE]   a new key file, beside a running server
// fapiao key rotate-pages --data DIR [--key-file FILE]   a new key of the database, server stopped
//
// What is on disk at each step: store/rotate.h. Exit: 0 done, 1 failed (the folder opens as
// before), 2 wrong usage.
#pragma once

int cli_key(int argc, char **argv);
