#include "sandbox/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/sanitized.h"
#include "sandbox/job.h"

struct Jail {
    int rulesets[JAIL_KIND_COUNT]; // Landlock; -1 when the kernel has none
    struct sock_fprog filters[JAIL_KIND_COUNT];
    char report[JOB_REPORT_SIZE];
};

// Everything a reading child may open, and all beneath it.
static const char *const readable[] = {
    "/usr/share/poppler",    "/usr/share/fonts", "/usr/local/share/fonts",
    "/usr/share/fontconfig", "/etc/fonts",       "/var/cache/fontconfig",
};

// Landlock's structures by hand: the header of Debian 12 knows ABI 2 only.
// Source: kernel Documentation/userspace-api/landlock.rst.
typedef struct LandlockRuleset {
    uint64_t fs, net, scoped;
} LandlockRuleset;
typedef struct __attribute__((packed)) LandlockPath {
    uint64_t allowed;
    int32_t parent_fd;
} LandlockPath;
#define LANDLOCK_READ_FILE (UINT64_C(1) << 2)
#define LANDLOCK_READ_DIR  (UINT64_C(1) << 3)
#define LANDLOCK_PATH_RULE 1
#define LANDLOCK_VERSION   1

// 0 when the kernel has no Landlock.
static int landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
    return abi > 0 ? (int)abi : 0;
}

// Everything that this ABI can forbid is forbidden.
static int landlock_ruleset(int abi)
{
    static const int fs_bits[] = {0, 13, 14, 15, 15, 16}; // by ABI: + refer, truncate, device ioctl
    size_t known = sizeof fs_bits / sizeof fs_bits[0] - 1;
    int bits = fs_bits[(size_t)abi < known ? (size_t)abi : known];
    LandlockRuleset rules = {.fs = (UINT64_C(1) << bits) - 1};
    size_t size = sizeof rules.fs;
    if (abi >= 4) { // bind and connect TCP
        rules.net = 3;
        size = 2 * sizeof rules.fs;
    }
    if (abi >= 6) { // abstract sockets and signals stay inside
        rules.scoped = 3;
        size = sizeof rules;
    }
    return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

static bool landlock_allow(int ruleset, const char *path)
{
    AUTO_CLOSE int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT; // a machine without that folder
    LandlockPath rule = {.allowed = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR, .parent_fd = fd};
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_RULE, &rule, 0) == 0;
}

static bool landlock_prepare(Jail *jail, int abi)
{
    for (int kind = 0; kind < JAIL_KIND_COUNT && abi > 0; kind++) {
        jail->rulesets[kind] = landlock_ruleset(abi);
        if (jail->rulesets[kind] < 0) return false;
        for (size_t i = 0; kind == JAIL_READ && i < sizeof readable / sizeof readable[0]; i++)
            if (!landlock_allow(jail->rulesets[kind], readable[i])) return false;
    }
    return true;
}

// What any parser needs: memory, time, and to end.
static const int calls_allowed[] = {
    SCMP_SYS(read),           SCMP_SYS(exit_group),
    SCMP_SYS(exit),           SCMP_SYS(brk),
    SCMP_SYS(munmap),         SCMP_SYS(mremap),
    SCMP_SYS(madvise),        SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),  SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),   SCMP_SYS(time),
    SCMP_SYS(getrandom),      SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack),    SCMP_SYS(getpid),
    SCMP_SYS(gettid),         SCMP_SYS(getuid),
    SCMP_SYS(geteuid),        SCMP_SYS(getgid),
    SCMP_SYS(getegid),        SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),        SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrusage),      SCMP_SYS(uname),
    SCMP_SYS(close),          SCMP_SYS(restart_syscall),
};

// Reading files; which ones is Landlock's business.
static const int calls_of_files[] = {
    SCMP_SYS(lseek),      SCMP_SYS(pread64),   SCMP_SYS(readv),      SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(stat),      SCMP_SYS(lstat),      SCMP_SYS(statx),
    SCMP_SYS(getdents64), SCMP_SYS(statfs),    SCMP_SYS(fstatfs),    SCMP_SYS(fadvise64),
    SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(getcwd),
};

// Asked for by libraries in passing, and well able to hear no.
static const struct {
    int call;
    uint16_t error;
} calls_refused[] = {
    {SCMP_SYS(readlink), ENOENT}, {SCMP_SYS(readlinkat), ENOENT}, {SCMP_SYS(ioctl), ENOTTY},
    {SCMP_SYS(prctl), EPERM},     {SCMP_SYS(writev), EBADF},      {SCMP_SYS(mkdir), EROFS},
    {SCMP_SYS(unlink), EROFS},
};

// Conditions on one argument of a call: equal to a value, or equal where the mask has bits.
static struct scmp_arg_cmp argument_is(unsigned argument, uint64_t value)
{
    return (struct scmp_arg_cmp){.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value};
}
static struct scmp_arg_cmp argument_bits(unsigned argument, uint64_t mask, uint64_t value)
{
    return (struct scmp_arg_cmp){
        .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

#define OPEN_WRITES (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY))

static int filter_files(scmp_filter_ctx filter)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof calls_of_files / sizeof calls_of_files[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls_of_files[i], 0);
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              argument_bits(2, OPEN_WRITES, O_RDONLY));
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                              argument_bits(1, OPEN_WRITES, O_RDONLY));
    // Fonts are mapped; shared or writable mappings of files are not for us.
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, argument_is(2, PROT_READ),
                              argument_bits(3, MAP_SHARED | MAP_PRIVATE, MAP_PRIVATE));
    // One bit that makes it a write is enough, and each needs its own rule: equality is all that a
    // filter can ask.
    static const uint64_t writes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EROFS), SCMP_SYS(openat), 1,
                                  argument_bits(2, writes[i], writes[i]));
    return wrong;
}

// Where no file may be had at all, looking for one is answered, not punished: libraries look.
static int filter_no_files(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(openat), SCMP_SYS(open),   SCMP_SYS(newfstatat),
                                SCMP_SYS(stat),   SCMP_SYS(access), SCMP_SYS(statx)};
    int wrong = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), calls[i], 0);
    return wrong;
}

static int filter_rules(scmp_filter_ctx filter, JailKind kind)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof calls_allowed / sizeof calls_allowed[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls_allowed[i], 0);
    for (size_t i = 0; i < sizeof calls_refused / sizeof calls_refused[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(calls_refused[i].error),
                                  calls_refused[i].call, 0);
    wrong |= seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, argument_bits(2, PROT_EXEC, 0),
        argument_bits(3, MAP_ANONYMOUS | MAP_SHARED | MAP_PRIVATE, MAP_ANONYMOUS | MAP_PRIVATE));
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                              argument_bits(2, PROT_EXEC, 0));
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                              argument_is(2, 0)); // asking, not setting
    wrong |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, argument_is(0, JOB_ANSWER_FD));
    static const int fcntls[] = {F_GETFD, F_SETFD, F_GETFL};
    for (size_t i = 0; i < sizeof fcntls / sizeof fcntls[0]; i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                                  argument_is(1, (uint64_t)fcntls[i]));
    // stderr is /dev/null, except under sanitizers, whose reports we want to see.
    wrong |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, argument_is(0, STDERR_FILENO));
    return wrong | (kind == JAIL_READ ? filter_files(filter) : filter_no_files(filter));
}

// The filter as the kernel wants it, so that a child loads it with a single call.
static bool filter_export(scmp_filter_ctx filter, struct sock_fprog *program)
{
    AUTO_CLOSE int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat info;
    if (fd < 0 || seccomp_export_bpf(filter, fd) != 0 || fstat(fd, &info) != 0) return false;
    size_t size = (size_t)info.st_size;
    program->len = (unsigned short)(size / sizeof *program->filter);
    program->filter = malloc(size); // owned: by the Jail
    return program->filter != NULL && pread(fd, program->filter, size, 0) == (ssize_t)size;
}

static bool filter_prepare(Jail *jail, JailKind kind)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) return false;
    bool done = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
                seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
                filter_rules(filter, kind) == 0 && filter_export(filter, &jail->filters[kind]);
    seccomp_release(filter);
    return done;
}

Err jail_open(Cx *cx, Jail **ret_jail)
{
    Jail *jail = calloc(1, sizeof *jail); // owned: jail_close
    if (jail == NULL) return err_set(cx, ERR_STORE, "no memory for the jail");
    for (int kind = 0; kind < JAIL_KIND_COUNT; kind++)
        jail->rulesets[kind] = -1;
    int abi = landlock_abi();
    bool done = landlock_prepare(jail, abi);
    for (int kind = 0; kind < JAIL_KIND_COUNT && done; kind++)
        done = filter_prepare(jail, (JailKind)kind);
    if (!done) {
        jail_close(jail);
        return err_set(cx, ERR_STORE, "the kernel refuses the reader's jail: %s", strerror(errno));
    }
    if (abi > 0)
        (void)snprintf(jail->report, sizeof jail->report, "landlock ABI %d, seccomp", abi);
    else
        (void)snprintf(jail->report, sizeof jail->report,
                       "NO LANDLOCK in this kernel: readers open no files, so that fonts that are "
                       "not embedded stay unread; seccomp");
    *ret_jail = jail;
    return ERR_OK;
}

void jail_close(Jail *jail)
{
    if (jail == NULL) return;
    for (int kind = 0; kind < JAIL_KIND_COUNT; kind++) {
        if (jail->rulesets[kind] >= 0) (void)close(jail->rulesets[kind]);
        free(jail->filters[kind].filter);
    }
    free(jail);
}

const char *jail_report(const Jail *jail)
{
    return jail->report;
}

static bool limit_pair(int what, uint64_t soft, uint64_t hard)
{
    struct rlimit rlimit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit((__rlimit_resource_t)what, &rlimit) == 0;
}

static bool limit(int what, uint64_t value)
{
    return limit_pair(what, value, value);
}

bool jail_harden(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {};
    bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0) &&
                limit(RLIMIT_FSIZE, 0) && syscall(SYS_capset, &header, none) == 0;
    // A sanitizer's shadow memory alone is many TiB of address space.
    return done && (SANITIZED || limit(RLIMIT_AS, LIMIT_READER_MEMORY));
}

bool jail_enter(const Jail *jail, JailKind kind, uint32_t cpu_seconds)
{
    // Without Landlock nothing would tell one file from another: then none may be opened.
    JailKind filter = jail->rulesets[kind] >= 0 ? kind : JAIL_BARE;
    // A second between the two: at the first SIGXCPU says why, at the second SIGKILL says nothing.
    bool done = limit_pair(RLIMIT_CPU, cpu_seconds, cpu_seconds + UINT64_C(1)) &&
                limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, LIMIT_READER_FILES);
    if (jail->rulesets[kind] >= 0)
        done = done && syscall(SYS_landlock_restrict_self, jail->rulesets[kind], 0) == 0;
    done = done && syscall(SYS_close_range, JOB_ANSWER_FD + 1, ~0U, 0) == 0;
    return done && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &jail->filters[filter]) == 0;
}
