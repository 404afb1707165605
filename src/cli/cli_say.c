#include "cli/cli_say.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROOM (2 * PATH_MAX) // a path and what there is to say of it

void cli_say_clean(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7F) *at = '?';
        // U+0080 to U+009F: 0x9B alone begins a sequence as ESC [ does.
        if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) memset(at, '?', 2);
    }
}

void cli_say(const char *format, ...)
{
    char text[ROOM];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    cli_say_clean(text);
    (void)fprintf(stderr, "fapiao: %s\n", text);
}
