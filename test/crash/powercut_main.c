// powercut [--cuts N] [--control N] [--seed N]: see powercut.h. --control: rounds of each; 0 =
// none.
#include "powercut.h"

typedef struct Options {
    uint64_t cuts, control, seed;
} Options;

static void take_option(Options *options, const char *name, const char *text)
{
    const struct {
        const char *name;
        uint64_t *value;
    } all[] = {
        {"--cuts", &options->cuts}, {"--control", &options->control}, {"--seed", &options->seed}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(name, all[i].name) == 0 && text != NULL &&
            slice_u64(slice_of(text), all[i].value))
            return;
    scene_die("powercut [--cuts N] [--control N] [--seed N]: not '%s'", name);
}

int main(int argc, char **argv)
{
    Options options = {.cuts = 200, .control = 20};
    world_real()->random(NULL, &options.seed, 4);
    for (int i = 1; i < argc; i += 2)
        take_option(&options, argv[i], argv[i + 1]);
    static Trial trial;
    trial_open(&trial, "powercut", options.seed);
    powercut_names(&trial);
    powercut_run(&trial, options.cuts);
    powercut_rush(&trial, options.cuts / 4);
    unsigned count = 0, failed = 0;
    if (options.control > 0) failed = powercut_control(&trial, options.control, &count);
    trial_close(&trial);
    unsigned passed = 3 + count - failed;
    printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
