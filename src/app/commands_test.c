#include "app/commands.h"

#include <string.h>

#include "base/test.h"

TEST("commands: each verb stands once, with help in both languages")
{
    size_t count = 0;
    const CommandRow *rows = commands_rows(&count);
    EXPECT(count >= 3);
    for (size_t i = 0; i < count; i++) {
        EXPECT(commands_find(rows[i].verb) == &rows[i]);
        EXPECT(rows[i].run != NULL && rows[i].zh[0] != '\0' && rows[i].en[0] != '\0');
    }
    char verb[] = "help", read[] = "read", nothing[] = "reader";
    char *of_read[] = {verb, read, NULL}, *of_nothing[] = {verb, nothing, NULL};
    EXPECT(commands_find("help")->run(2, of_read) == 0);
    EXPECT(commands_find("help")->run(2, of_nothing) == 2);
    EXPECT(commands_find("") == NULL && commands_find("reader") == NULL);
}
