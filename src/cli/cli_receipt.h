// fapiao receipt --data DIR [--key-file FILE] [--which received|outcome[:N]] [[--public] [--sm2] |
// --promise]
// [--wait SECONDS] REFERENCE: the receipt as a `.tlog-proof`, on standard output. Works beside a
// running server, and without one. Exit: 0; 1 when there is no such document, or no checkpoint
// covers it within SECONDS (2 when not said); 2 wrong usage.
#pragma once

int cli_receipt(int argc, char **argv);
