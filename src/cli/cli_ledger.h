// fapiao ledger vkey   --data DIR [--key-file FILE]: verifier keys, one a line, Ed25519 first.
// fapiao ledger head   --data DIR [--key-file FILE]: the newest checkpoint, as it was signed.
// fapiao ledger export --data DIR [--key-file FILE] --out OUT: the log as a folder of C2SP's static
// layout; asked again it adds what is new.
// fapiao ledger witness …: who is asked to cosign it (cli/cli_watch.h).
// All but the last work beside a running server, and without one. Exit: 0; 1 when something failed;
// 2 wrong usage.
#pragma once

int cli_ledger(int argc, char **argv);
