// Say: one line to people on standard error, whatever a file is called: what steers a terminal
// (control characters, C1 among them) becomes '?'.
#pragma once
#include "base/cx.h"

// "fapiao: ", the text, an end of line.
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
// What an Err left in `cx`: in Chinese first, where somebody has said it in Chinese.
void cli_say_error(Cx *cx);
// The same as a text, for who prints it elsewhere (cli_say_clean).
Slice cli_say_both(Cx *cx);
// The same of a text that is printed elsewhere: in place.
void cli_say_clean(char *text);
