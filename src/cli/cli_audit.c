#include "cli/cli_audit.h"

#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/running/audit/audit.h"

#define EXIT_FOUND  1
#define EXIT_FAILED 3 // not 1: that says that something was found
#define BAR_MS      200
#define LINE_MS     10'000
#define BAR_WIDTH   24

typedef struct Bar {
    bool terminal;
    const char *check;          // that is shown
    uint64_t begun_ms, last_ms; // of the check, of the last line
} Bar;

static uint64_t steady_ms(void)
{
    return world_real()->steady_ms(world_real()->self);
}

static void draw(const AuditProgress *progress, uint64_t took_ms)
{
    char bar[BAR_WIDTH + 1];
    uint64_t rate = took_ms == 0 ? 0 : progress->done * 1000 / took_ms;
    uint64_t part = progress->all == 0 ? 0 : progress->done * BAR_WIDTH / progress->all;
    uint64_t left =
        rate == 0 || progress->done > progress->all ? 0 : (progress->all - progress->done) / rate;
    for (uint64_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < part ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    (void)fprintf(stderr, "\r\033[K[%s] %s %s %llu/%llu  %llu/s  剩 left %llu s", bar, progress->zh,
                  progress->en, (unsigned long long)progress->done,
                  (unsigned long long)progress->all, (unsigned long long)rate,
                  (unsigned long long)left);
}

static void show(void *self, const AuditProgress *progress)
{
    Bar *bar = self;
    uint64_t now = steady_ms();
    if (bar->check != progress->en) {
        bar->check = progress->en;
        bar->begun_ms = now;
        bar->last_ms = bar->terminal ? 0 : now;
    }
    if (now - bar->last_ms < (bar->terminal ? BAR_MS : LINE_MS)) return;
    bar->last_ms = now;
    if (bar->terminal)
        draw(progress, now - bar->begun_ms);
    else
        (void)fprintf(stderr, "fapiao: %s %s %llu / %llu\n", progress->zh, progress->en,
                      (unsigned long long)progress->done, (unsigned long long)progress->all);
}

static void print_text(const AuditReport *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const AuditFinding *finding = &report->findings[i];
        printf("✗ %s  " SLICE_FMT "\n    " SLICE_FMT "\n    " SLICE_FMT "\n", finding->kind,
               SLICE_ARG(finding->where), SLICE_ARG(finding->text), SLICE_ARG(finding->text_en));
    }
    if (report->more > 0)
        printf("另有 %llu 处  %llu more\n", (unsigned long long)report->more,
               (unsigned long long)report->more);
    if (report->seed != 0)
        printf("抽样种子 seed of the sample: %llu\n", (unsigned long long)report->seed);
    if (report->from > 1)
        printf("内容自事件 %llu 起  contents from event %llu on\n",
               (unsigned long long)report->from, (unsigned long long)report->from);
    unsigned long long events = (unsigned long long)report->events;
    if (report->ok) printf("✓ %llu 个事件，一切相符  %llu events, all is well\n", events, events);
}

static int run(const AuditOptions *options, bool json)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    AuditReport report = {};
    Slice text;
    Err err = audit_run(&cx, options, &report);
    if (isatty(STDERR_FILENO) != 0) (void)fputs("\r\033[K", stderr);
    if (err == ERR_OK && json) err = audit_print(&cx, &report, &text);
    if (err != ERR_OK)
        cli_say_error(&cx);
    else if (json)
        printf(SLICE_FMT "\n", SLICE_ARG(text));
    else
        print_text(&report);
    int code = err != ERR_OK ? EXIT_FAILED : report.ok ? CLI_EXIT_OK : EXIT_FOUND;
    cx_done(&cx);
    return code;
}

static bool number_of(const char *text, uint64_t *ret_number)
{
    return text == NULL || slice_u64(slice_of(text), ret_number);
}

int cli_audit(int argc, char **argv)
{
    const char *from = NULL, *seed = NULL;
    bool json = false;
    Bar bar = {.terminal = isatty(STDERR_FILENO) != 0};
    AuditOptions options = {.progress = show, .self = &bar};
    const CliFlag flags[] = {{"--data", &options.folder, NULL},
                             {"--key-file", &options.key_file, NULL},
                             {"--from", &from, NULL},
                             {"--seed", &seed, NULL},
                             {"--state", &options.state, NULL},
                             {"--scratch", &options.scratch, NULL},
                             {"--no-content", NULL, &options.no_content},
                             {"--quick", NULL, &options.quick},
                             {"--resume", NULL, &options.resume},
                             {"--json", NULL, &json}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) ||
        options.folder == NULL || argc != 1 || !number_of(from, &options.from) ||
        !number_of(seed, &options.seed) || (options.resume && from != NULL))
        return cli_flags_usage("fapiao audit --data DIR [--quick [--seed N]] [--no-content] "
                               "[--resume | --from SEQUENCE] [--state FILE] [--scratch DIR] "
                               "[--json] [--key-file FILE]");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    Slice folder = slice_of(options.folder);
    while (folder.size > 1 && folder.data[folder.size - 1] == '/')
        folder.size--;
    if (options.state == NULL)
        options.state = cx_printf(&cx, SLICE_FMT ".audit", SLICE_ARG(folder)).data;
    int code = run(&options, json);
    cx_done(&cx);
    return code;
}
