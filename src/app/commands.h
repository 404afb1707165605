// Commands: every verb of `fapiao`, in one table.
#pragma once
#include <stddef.h>

typedef struct CommandRow {
    const char *verb;
    int (*run)(int argc, char **argv); // argv[0] is the verb; answers the exit code
    const char *zh, *en;               // one line of help
} CommandRow;

// The ordered table.
const CommandRow *commands_rows(size_t *ret_count);
// NULL when there is no such verb.
const CommandRow *commands_find(const char *verb);
