// Signals of a command that serves: SIGTERM and SIGINT end it in order, a second one at once.
#pragma once

// From now on a first signal is remembered, a second one ends the process with 128 + its number.
void cli_signal_catch(void);
// Until the first one has come. Once per cli_signal_catch.
void cli_signal_wait(void);
