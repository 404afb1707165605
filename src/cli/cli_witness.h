// fapiao witness --dir DIR [--listen ADDR:PORT] [--name NAME] [--log VKEY]…
//                [--tls-cert FILE --tls-key FILE]
// fapiao witness vkey --dir DIR
//
// Serves a witness (desk/running/witness) until SIGTERM or SIGINT; address and verifier key are
// said on standard error. It may listen anywhere: it serves nothing private. vkey: prints the
// verifier key of a folder. Exit: 0 after a signal, 1 when folder or port can't be had, 2 usage.
#pragma once

int cli_witness(int argc, char **argv);
