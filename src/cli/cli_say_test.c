#include "cli/cli_say.h"

#include <string.h>

#include "base/test.h"

TEST("cli_say: what steers a terminal is told as '?', in one line; all else as it is")
{
    char text[] = "a\nb\x1b[31m\x7f\t发票 é \xc2\x9b"
                  "2J \xc2\xa0 \xff \xc2";
    cli_say_clean(text);
    EXPECT(strcmp(text, "a?b?[31m??发票 é ??2J \xc2\xa0 \xff \xc2") == 0);
    char nothing[] = "";
    cli_say_clean(nothing);
    EXPECT(nothing[0] == '\0');
}
