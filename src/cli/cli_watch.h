// fapiao ledger witness list   --data DIR [--key-file FILE]
// fapiao ledger witness add    --data DIR [--key-file FILE] VKEY URL
// fapiao ledger witness remove --data DIR [--key-file FILE] NAME
//
// Who is asked to cosign this folder's log; through a running server, or without one. list prints
// the Witnesses of the API, one JSON line. Exit: 0; 1 when something failed; 2 wrong usage.
#pragma once

int cli_watch(int argc, char **argv); // argv[0] is "witness"
