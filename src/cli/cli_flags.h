// Flags: how every command takes its options out of argv. argv[0] is the verb.
//
//   const char *data = NULL;
//   bool json = false;
//   const CliFlag flags[] = {{"--data", &data, NULL}, {"--json", NULL, &json}};
//   if (!cli_flags_take(&argc, argv, flags, 2) || data == NULL || argc < 2)
//       return cli_flags_usage("fapiao import --data DIR PATH…");
//   for (int i = 1; i < argc; i++) … argv[i]
#pragma once
#include "base/slice.h"

// Exactly one of `value` and `set` is not NULL.
typedef struct CliFlag {
    const char *name;   // "--data"
    const char **value; // becomes the argument after it, or what follows "="
    bool *set;          // becomes true
} CliFlag;

#define CLI_EXIT_OK    0
#define CLI_EXIT_FAIL  1 // something of ours failed: disk, lock, server gone
#define CLI_EXIT_USAGE 2

// Takes options out, wherever they stand, until "--"; the rest keeps its order in argv[1..argc-1].
// False, said on stderr, when an option is unknown or its value is missing, and in silence for
// "--help" and "-h". "-" alone is no option.
bool cli_flags_take(int *argc, char **argv, const CliFlag *flags, size_t count);
// Prints how the command is called to stderr; answers CLI_EXIT_USAGE. To stdout, and CLI_EXIT_OK,
// when that was asked for (cli_flags_take came upon "--help").
int cli_flags_usage(const char *usage);
