// Standard input and output as every command needs them.
#pragma once
#include <stdbool.h>

// Call first: opens /dev/null where a descriptor of 0, 1, 2 is closed. Otherwise the next file that
// is opened (the lock, a segment) would be what the command prints into. False: it can't be opened.
bool cli_stdio_open(void);
// Call last: what was printed is handed on. Answers `code`, or CLI_EXIT_FAIL where `code` is
// CLI_EXIT_OK and something could not be written (said on stderr).
int cli_stdio_close(int code);
