// fapiao retry --data DIR [--key-file FILE] [--trust DIR] REFERENCE…
//
// Reads quarantined documents again; a running server does it when it holds the folder. One line a
// document, as `fapiao import` prints. Exit: 0 all committed, 3 one is in quarantine still, 1
// failed, 2 wrong usage.
#pragma once

int cli_retry(int argc, char **argv);
