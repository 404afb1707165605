// faults [--every N] [--all 1] [--only CALL] [--seed N]: see faults.h.
#include "faults.h"

typedef struct Options {
    FaultsOptions faults;
    uint64_t seed;
} Options;

static void take_option(Options *options, const char *name, const char *text)
{
    uint64_t *value = strcmp(name, "--every") == 0  ? &options->faults.every
                      : strcmp(name, "--seed") == 0 ? &options->seed
                      : strcmp(name, "--all") == 0  ? &options->faults.all
                                                    : NULL;
    bool good = text != NULL &&
                (value != NULL ? slice_u64(slice_of(text), value) : strcmp(name, "--only") == 0);
    if (good && value == NULL) options->faults.only = text;
    if (!good || options->faults.every == 0)
        scene_die("faults [--every N] [--all 1] [--only CALL] [--seed N]: not '%s'", name);
}

int main(int argc, char **argv)
{
    Options options = {.faults = {.every = 1}, .seed = 1};
    for (int i = 1; i < argc; i += 2)
        take_option(&options, argv[i], argv[i + 1]);
    static Trial trial;
    trial_open(&trial, "faults", options.seed);
    faults_run(&trial, &options.faults);
    trial_close(&trial);
    printf("%d passed, 0 failed, 0 skipped\n", options.faults.only == NULL ? 2 : 1);
    return 0;
}
