// fapiao serve --data DIR [--listen ADDR:PORT] [--key-file FILE] [--trust DIR] [--demo]
//              [--threads N] [--witness-quorum K] [--without-witnesses]
//
// Serves the page and the interface until SIGTERM or SIGINT; a second one ends it at once. Listens
// on loopback alone for as long as there are no accounts, and on DIR/fapiao.sock. The address is
// said on standard error. Exit: 0 after a signal, 1 when folder or port can't be had, 2 usage.
#pragma once

int cli_serve(int argc, char **argv);
