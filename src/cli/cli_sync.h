// fapiao sync: reconcile now, and say how every source and node stands.
//
//   fapiao sync --data DIR [--key-file FILE] [--json]
//
// Through a running server, or without one. Exit: 0 all is well, 1 something is not, 2 wrong usage.
#pragma once

int cli_sync(int argc, char **argv);
