#include "cli/cli_flags.h"

#include <stdio.h>
#include <string.h>

static bool help_wanted; // the command line is one, and so is this

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

// The row that `argument` names, and what stands after "=" (NULL when there is none).
static const CliFlag *flag_of(const char *argument, const CliFlag *flags, size_t count,
                              const char **ret_value)
{
    size_t size = strcspn(argument, "=");
    *ret_value = argument[size] == '=' ? argument + size + 1 : NULL;
    for (size_t i = 0; i < count; i++)
        if (strlen(flags[i].name) == size && strncmp(flags[i].name, argument, size) == 0)
            return &flags[i];
    return NULL;
}

static bool wrong(const char *zh, const char *en, const char *argument)
{
    fprintf(stderr, "%s %s: %s\n", zh, en, argument);
    return false;
}

bool cli_flags_take(int *argc, char **argv, const CliFlag *flags, size_t count)
{
    int kept = *argc > 0 ? 1 : 0;
    bool options = true;
    help_wanted = false;
    for (int i = kept; i < *argc; i++) {
        char *argument = argv[i];
        if (!options || argument[0] != '-' || argument[1] == '\0') {
            argv[kept++] = argument;
            continue;
        }
        if (strcmp(argument, "--") == 0) {
            options = false;
            continue;
        }
        const char *value = NULL;
        const CliFlag *flag = flag_of(argument, flags, count, &value);
        if (flag == NULL && is_help(argument)) {
            help_wanted = true;
            return false;
        }
        if (flag == NULL) return wrong("没有这个选项", "no such option", argument);
        if (flag->set != NULL) {
            if (value != NULL) return wrong("此选项不带值", "takes no value", argument);
            *flag->set = true;
            continue;
        }
        if (value == NULL) {
            if (i + 1 >= *argc) return wrong("选项缺少值", "wants a value", argument);
            value = argv[++i];
        }
        *flag->value = value;
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}

int cli_flags_usage(const char *usage)
{
    fprintf(help_wanted ? stdout : stderr, "用法 usage: %s\n", usage);
    return help_wanted ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}
