#include "base/test.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sanitized.h"

#define TEST_COUNT_MAX   4096
#define TEST_ARENA_BYTES ((size_t)256 << 20)

static struct {
    const char *file, *name;
    TestFn *fn;
} tests[TEST_COUNT_MAX];
static int test_count;

static jmp_buf test_exit;
static enum { PASSED, FAILED, SKIPPED } outcome;
static char folder[256];

void test_register(const char *file, const char *name, TestFn *fn)
{
    if (test_count == TEST_COUNT_MAX) abort();
    tests[test_count].file = file;
    tests[test_count].name = name;
    tests[test_count++].fn = fn;
}

void test_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: expected %s\n", file, line, what);
    outcome = FAILED;
    longjmp(test_exit, 1);
}

void test_skip(const char *why)
{
    fprintf(stderr, "skipped: %s\n", why);
    outcome = SKIPPED;
    longjmp(test_exit, 1);
}

const char *test_samples(void)
{
    static char path[4096];
    const char *set = getenv("FAPIAO_SAMPLES");
    const char *root = getenv("FAPIAO_ROOT");
    if (set != NULL)
        (void)snprintf(path, sizeof path, "%s", set);
    else
        (void)snprintf(path, sizeof path, "%s/../shared/samples", root == NULL ? "." : root);
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? path : NULL;
}

uint64_t test_fewer(uint64_t cases)
{
    return SANITIZED ? (cases + 3) / 4 : cases;
}

const char *test_folder(void)
{
    static int number;
    static char path[512];
    if (folder[0] == '\0') {
        const char *temporary = getenv("TMPDIR");
        (void)snprintf(folder, sizeof folder, "%s/fapiao-test-XXXXXX",
                       temporary == NULL ? "/tmp" : temporary);
        if (mkdtemp(folder) == NULL) abort();
    }
    (void)snprintf(path, sizeof path, "%s/%d", folder, number++);
    if (mkdir(path, 0700) != 0) abort();
    return path;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info, (void)type, (void)at;
    return remove(path);
}

static int64_t cpu_ms_of(int who)
{
    struct rusage used;
    if (getrusage(who, &used) != 0) return 0;
    return (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

static int64_t cpu_ms(void)
{
    return cpu_ms_of(RUSAGE_SELF) + cpu_ms_of(RUSAGE_CHILDREN);
}

static void run_one(int i)
{
    Cx cx;
    cx_init(&cx, world_real(), TEST_ARENA_BYTES);
    outcome = PASSED;
    if (setjmp(test_exit) == 0) tests[i].fn(&cx);
    if (outcome == FAILED) fprintf(stderr, "FAILED  %s (%s)\n", tests[i].name, tests[i].file);
    if (outcome == SKIPPED) fprintf(stderr, "skipped %s\n", tests[i].name);
    cx_done(&cx);
}

// FAPIAO_TEST_PART=K/N: each Nth test from the Kth, K from 0. Whole programs otherwise.
static void choose_part(int *ret_part, int *ret_parts)
{
    const char *text = getenv("FAPIAO_TEST_PART");
    *ret_part = 0;
    *ret_parts = 1;
    if (text == NULL) return;
    Slice left = slice_of(text), part;
    bool done = false;
    uint64_t k = 0, n = 0;
    if (!slice_cut(&left, '/', &done, &part) || !slice_u64(part, &k) || !slice_u64(left, &n) ||
        k >= n || n > TEST_COUNT_MAX)
        abort();
    *ret_part = (int)k;
    *ret_parts = (int)n;
}

int main(int argc, char **argv)
{
    int count[3] = {}, part = 0, parts = 1;
    const bool timed = getenv("FAPIAO_TEST_TIMES") != NULL;
    choose_part(&part, &parts);
    for (int i = part; i < test_count; i += parts) {
        if (argc > 1 && !strstr(tests[i].file, argv[1]) && !strstr(tests[i].name, argv[1]))
            continue;
        int64_t begun = timed ? cpu_ms() : 0;
        run_one(i);
        if (timed)
            fprintf(stderr, "%6lld ms of CPU: %s (%s)\n", (long long)(cpu_ms() - begun),
                    tests[i].name, tests[i].file);
        count[outcome]++;
    }
    if (folder[0] != '\0' && count[FAILED] == 0)
        (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("%d passed, %d failed, %d skipped\n", count[PASSED], count[FAILED], count[SKIPPED]);
    // A filter that matches nothing is a mistake; that there are more parts than tests is none.
    const bool any = count[PASSED] + count[SKIPPED] > 0 || (parts > 1 && argc == 1);
    return any && count[FAILED] == 0 ? 0 : 1;
}
