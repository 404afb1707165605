// The attack table: this very test program serves as reader, with a work that attacks.
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sanitized.h"
#include "base/test.h"
#include "model/wire.h"
#include "sandbox/zygote.h"

// ---- the reader's side ----

static int zygote_pid, zygote_files;

static int open_files(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void warm(void)
{
    zygote_pid = getpid();
    zygote_files = open_files();
}

static Media sniff(Slice document)
{
    return slice_starts(document, SLICE("PK")) ? MEDIA_OFD : MEDIA_XML;
}

static int attack_passwd(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}
static int attack_fonts(void)
{
    return open("/etc/fonts", O_RDONLY | O_DIRECTORY) < 0 ? errno : 0;
}
static int attack_create(void)
{
    return open("/tmp/fapiao-escaped", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0;
}
static int attack_proc(void)
{
    return open("/proc/self/mem", O_RDWR) < 0 ? errno : 0;
}
static int attack_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}
static int attack_exec(void)
{
    return execl("/bin/sh", "sh", "-c", "true", NULL);
}
static int attack_fork(void)
{
    return (int)syscall(SYS_fork);
}
static int attack_clone(void)
{
    return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}
static int attack_kill(void)
{
    return kill(zygote_pid, SIGKILL);
}
static int attack_ptrace(void)
{
    return (int)ptrace(PTRACE_ATTACH, zygote_pid, NULL, NULL);
}
static int attack_stdout(void)
{
    return (int)write(STDOUT_FILENO, "escaped\n", 8);
}
static int attack_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != NULL;
}
static int attack_limits(void)
{
    struct {
        uint64_t now, max;
    } more = {UINT64_MAX, UINT64_MAX};
    return (int)syscall(SYS_prlimit64, 0, 9, &more, NULL);
}
static int attack_memory(void)
{
    char *bytes = malloc((size_t)2 << 30); // owned: by a process about to end
    if (bytes == NULL) return ENOMEM;
    bytes[12345] = 1;
    return bytes[12345];
}
static volatile bool on = true; // so that loops have an end that the compiler believes in
static int attack_loop(void)
{
    while (on)
        continue;
    return 0;
}
static int attack_sleep(void)
{
    uint32_t word = 0;
    while (on)
        (void)syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
    return 0;
}
static int attack_null(void)
{
    int *volatile nowhere = NULL;
    return *nowhere;
}
static volatile int depth;
static int attack_deep(void)
{
    volatile char room[4096];
    room[0] = (char)depth++;
    return (depth < 0 ? 0 : attack_deep()) + room[0];
}
static int attack_endless(void)
{
    static const char block[4096];
    while (on)
        (void)!write(JOB_ANSWER_FD, block, sizeof block);
    return 0;
}
static int attack_exit(void)
{
    _exit(0);
}
static int attack_files(void)
{
    return open_files() * 100 + zygote_files;
}
static int attack_who(void)
{
    return zygote_pid;
}

typedef struct Attack {
    const char *name;
    int (*run)(void);
    Reason reason;
    const char *detail; // or a part of it
} Attack;

#define FORBIDDEN REASON_HOSTILE, "tried what readers may not"
static const Attack attacks[] = {
    {"passwd", attack_passwd, REASON_NOT_INVOICE, "answer 13"}, // EACCES
    {"fonts", attack_fonts, REASON_NOT_INVOICE, "answer 0"},
    {"create", attack_create, REASON_NOT_INVOICE, "answer 30"}, // EROFS
    {"proc", attack_proc, REASON_NOT_INVOICE, "answer 30"},
    {"socket", attack_socket, FORBIDDEN},
    {"exec", attack_exec, FORBIDDEN},
    {"fork", attack_fork, FORBIDDEN},
    {"clone", attack_clone, FORBIDDEN},
    {"kill", attack_kill, FORBIDDEN},
    {"ptrace", attack_ptrace, FORBIDDEN},
    {"stdout", attack_stdout, FORBIDDEN},
    {"code", attack_code, FORBIDDEN},
    {"limits", attack_limits, FORBIDDEN},
    {"memory", attack_memory, REASON_NOT_INVOICE, SANITIZED ? "answer" : "answer 12"}, // ENOMEM
    {"loop", attack_loop, REASON_HOSTILE, "took over 1 s of CPU time"},
    // Its own test, with little patience.
    {"sleep", attack_sleep, REASON_HOSTILE, NULL},
    {"null", attack_null, REASON_HOSTILE, SANITIZED ? "" : "signal 11"},
    {"deep", attack_deep, REASON_HOSTILE, SANITIZED ? "" : "signal 11"},
    {"endless", attack_endless, REASON_HOSTILE, ""},
    {"exit", attack_exit, REASON_HOSTILE, "not whole"},
    // 0, 1, 2 and the answer; the zygote has its socket, the signals and two rulesets besides.
    {"files", attack_files, REASON_NOT_INVOICE, "answer 407"},
    {"who", attack_who, REASON_NOT_INVOICE, "answer"},
};

static Err say_seal(Cx *cx, Slice document)
{
    Seal seal = {.state = SEAL_ABSENT};
    Slice said = {};
    if (slice_equal(document, SLICE("PK seal crash"))) abort();
    if (slice_starts(document, SLICE("PK")))
        seal = (Seal){.state = SEAL_VALID, .signer = SLICE("某公司")};
    TRY(wire_encode_seal(cx, &seal, &said));
    if (slice_equal(document, SLICE("PK seal garbage"))) said = SLICE("FPS2 no");
    if (slice_equal(document, SLICE("PK seal huge")))
        said = (Slice){arena_alloc(&cx->arena, LIMIT_READING_BYTES + 1), LIMIT_READING_BYTES + 1};
    if (slice_equal(document, SLICE("PK no seal"))) return ERR_OK;
    TRY(zygote_say(cx, said));
    // Who has taken over the reader afterwards can say more, but not take anything back.
    return slice_equal(document, SLICE("PK seal twice")) ? zygote_say(cx, said) : ERR_OK;
}

// Of a container "crash", "huge" or other text; entry 1 is its text, 2 what its child
// may not do.
static Err run_unpack(Cx *cx, const ZygoteJob *job, Slice *ret_answer)
{
    *ret_answer = job->document;
    if (slice_equal(job->document, SLICE("crash"))) abort();
    if (slice_equal(job->document, SLICE("huge"))) {
        char *bytes = arena_alloc(&cx->arena, LIMIT_ZIP_ENTRY_BYTES + 1);
        *ret_answer = (Slice){bytes, LIMIT_ZIP_ENTRY_BYTES + 1};
    }
    if (job->entry == 2) *ret_answer = cx_printf(cx, "%d", attack_fonts());
    return ERR_OK;
}

static Err run(Cx *cx, const ZygoteJob *job, Slice *ret_answer)
{
    Slice document = job->document;
    if (job->mode == JOB_UNPACK) return run_unpack(cx, job, ret_answer);
    TRY(say_seal(cx, document));
    if (slice_equal(document, SLICE("garbage"))) {
        *ret_answer = SLICE("\xff\xff\xff\xff");
        return ERR_OK;
    }
    if (slice_equal(document, SLICE("huge"))) {
        char *bytes = arena_alloc(&cx->arena, LIMIT_READING_BYTES + 1);
        *ret_answer = (Slice){bytes, LIMIT_READING_BYTES + 1};
        return ERR_OK;
    }
    Reading reading = {.media = MEDIA_XML, .reason = REASON_NOT_INVOICE};
    reading.detail = document;
    if (slice_starts(document, SLICE("<"))) document = slice_sub(document, 1, document.size);
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        if (slice_equal(document, slice_of(attacks[i].name)))
            reading.detail = cx_printf(cx, "answer %d", attacks[i].run());
    if (slice_starts(document, SLICE("PK"))) {
        Draft *draft = NULL;
        reading.media = MEDIA_OFD;
        reading.reason = REASON_NONE;
        reading.detail = SLICE("");
        TRY(reading_add_draft(cx, &reading, &draft));
        draft->seal = (Seal){.state = SEAL_VALID, .issuer_trusted = true, .signer = SLICE("别人")};
    }
    return wire_encode(cx, &reading, ret_answer);
}

// A reader that is another build, as it would say so itself.
typedef struct FirstHello {
    uint32_t magic;
    char report[JOB_REPORT_SIZE];
} FirstHello; // of the builds that named no version

__attribute__((noreturn)) static void fake_main(const char *version)
{
    if (strcmp(version, "first") == 0) {
        FirstHello hello = {JOB_MAGIC_FIRST, "landlock 7, seccomp"};
        _exit(send(JOB_CONTROL_FD, &hello, sizeof hello, 0) == sizeof hello ? 0 : 1);
    }
    struct {
        JobHello hello;
        char more[40]; // a later build says more
    } said = {.hello.magic = strcmp(version, "later") == 0 ? JOB_MAGIC + 1 : JOB_MAGIC};
    (void)snprintf(said.hello.version, sizeof said.hello.version, "%s", version);
    size_t size = said.hello.magic == JOB_MAGIC ? sizeof(JobHello) : sizeof said;
    _exit(send(JOB_CONTROL_FD, &said, size, 0) == (ssize_t)size ? 0 : 1);
}

__attribute__((constructor)) static void reader_main(int argc, char **argv)
{
    static const ZygoteWork pages = {.warm = warm, .sniff = sniff, .run = run, .opens_files = true};
    static const ZygoteWork plain = {.warm = warm, .sniff = sniff, .run = run};
    bool small = argc > 1 && strcmp(argv[1], "--small") == 0;
    argc -= small;
    argv += small;
    if (argc > 2 && strcmp(argv[1], "--fake") == 0) fake_main(argv[2]);
    if (argc > 1 && strcmp(argv[1], "--hello") == 0) _exit(zygote_hello());
    if (argc > 1 && strcmp(argv[1], "--zygote") == 0)
        _exit(zygote_run(small ? &plain : &pages, NULL));
}

// ---- the parent's side ----

// Short of CPU time, long on patience: this machine may be busy.
static Sandbox *start(Cx *cx)
{
    Sandbox *sandbox = NULL;
    SandboxOptions options = {.reader = "/proc/self/exe", .cpu_seconds = 1};
    EXPECT_OK(sandbox_open(cx, &options, &sandbox));
    return sandbox;
}

static Reading ask(Cx *cx, Sandbox *sandbox, const char *document)
{
    Reading reading = {};
    EXPECT_OK(sandbox_read(cx, sandbox, slice_of(document), &reading));
    return reading;
}

TEST("sandbox: every attack ends as it must, and the parent goes on")
{
    // Not close-on-exec: the reader must not have it all the same.
    int leak = open("/dev/null", O_RDONLY); // NOLINT
    EXPECT(leak >= 0);
    Sandbox *sandbox = start(cx);
    Slice report = {};
    EXPECT_OK(sandbox_report(cx, sandbox, &report));
    if (slice_find(report, SLICE("NO LANDLOCK")) != SLICE_NONE)
        test_skip("this kernel has no Landlock");
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        if (attacks[i].detail == NULL) continue;
        Reading reading = ask(cx, sandbox, attacks[i].name);
        bool as_expected = reading.reason == attacks[i].reason &&
                           slice_find(reading.detail, slice_of(attacks[i].detail)) != SLICE_NONE;
        if (!as_expected)
            fprintf(stderr, "attack %s: %s, " SLICE_FMT "\n", attacks[i].name,
                    reason_row(reading.reason)->code, SLICE_ARG(reading.detail));
        EXPECT(as_expected);
        EXPECT(reading.media == MEDIA_XML); // said before the attack began
        EXPECT(reading.draft_count == 0);
    }
    EXPECT(access("/tmp/fapiao-escaped", F_OK) != 0);
    sandbox_close(sandbox);
    (void)close(leak);
}

TEST("sandbox: a child that only waits is killed at its deadline")
{
    Sandbox *sandbox = NULL;
    SandboxOptions options = {.reader = "/proc/self/exe", .wall_ms = 700};
    EXPECT_OK(sandbox_open(cx, &options, &sandbox));
    Reading reading = ask(cx, sandbox, "sleep");
    EXPECT(reading.reason == REASON_HOSTILE);
    EXPECT(slice_equal(reading.detail, SLICE("took over 1 s")));
    sandbox_close(sandbox);
}

TEST("sandbox: garbled and oversized answers are hostile, an honest one is not")
{
    Sandbox *sandbox = start(cx);
    static const struct {
        const char *document;
        Reason reason;
    } cases[] = {{"garbage", REASON_HOSTILE},
                 {"huge", REASON_HOSTILE},
                 {"PK seal crash", REASON_HOSTILE},
                 {"PK seal garbage", REASON_HOSTILE},
                 {"PK seal huge", REASON_HOSTILE},
                 {"PK seal twice", REASON_HOSTILE},
                 {"PK no seal", REASON_HOSTILE},
                 {"an honest one", REASON_NOT_INVOICE},
                 {"", REASON_EMPTY}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(ask(cx, sandbox, cases[i].document).reason == cases[i].reason);
    EXPECT(sandbox_cpu_us(sandbox) > 0);
    Slice too_large = {"", LIMIT_DOCUMENT_BYTES + 1};
    Reading reading = {};
    EXPECT_OK(sandbox_read(cx, sandbox, too_large, &reading));
    EXPECT(reading.reason == REASON_TOO_LARGE);
    sandbox_close(sandbox);
}

TEST("sandbox: an entry of a container comes from a child of its own, just as large as was told")
{
    Sandbox *sandbox = start(cx);
    static const struct {
        const char *container;
        ReadingEntry entry;
        Err err;
    } cases[] = {{"the text", {1, 8, {"", 0}}, ERR_OK},
                 {"the text", {1, 7, {"", 0}}, ERR_CORRUPT},
                 {"the text", {2, 8, {"", 0}}, ERR_CORRUPT}, // no files there: killed
                 {"huge", {1, 4, {"", 0}}, ERR_CORRUPT},
                 {"crash", {1, 5, {"", 0}}, ERR_CORRUPT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SandboxArchive archive;
        Slice bytes = {};
        EXPECT_OK(sandbox_archive_open(cx, sandbox, slice_of(cases[i].container), &archive));
        EXPECT(sandbox_archive_entry(cx, &archive, &cases[i].entry, &bytes) == cases[i].err);
        if (cases[i].err == ERR_OK) EXPECT(slice_equal(bytes, slice_of(cases[i].container)));
        sandbox_archive_close(&archive);
    }
    sandbox_close(sandbox);
}

TEST("sandbox: the draft's seal is what was said before it was read, whatever the reader says")
{
    Sandbox *sandbox = start(cx);
    Reading reading = ask(cx, sandbox, "PK sealed");
    EXPECT(reading.reason == REASON_NONE && reading.media == MEDIA_OFD);
    EXPECT(reading.draft_count == 1 && reading.drafts[0].seal.state == SEAL_VALID);
    EXPECT(slice_equal(reading.drafts[0].seal.signer, SLICE("某公司")));
    EXPECT(!reading.drafts[0].seal.issuer_trusted);
    sandbox_close(sandbox);
}

TEST("sandbox: a zygote that dies is started again; a reader that can't start is an Err")
{
    Sandbox *sandbox = start(cx);
    Slice who = ask(cx, sandbox, "who").detail;
    uint64_t pid = 0;
    EXPECT(slice_u64(slice_sub(who, sizeof "answer " - 1, who.size), &pid));
    EXPECT(kill((pid_t)pid, SIGKILL) == 0);
    EXPECT(slice_equal(ask(cx, sandbox, "still here").detail, SLICE("still here")));
    sandbox_close(sandbox);
    SandboxOptions nowhere = {.reader = "/nonexistent/fapiao-read"};
    EXPECT(sandbox_open(cx, &nowhere, &sandbox) == ERR_STORE);
    SandboxOptions not_one = {.reader = "/bin/true"};
    EXPECT(sandbox_open(cx, &not_one, &sandbox) == ERR_STORE);
}

// A program that runs this one with `first` before what it was given.
static void script(Cx *cx, const char *path, const char *first)
{
    char self[4096] = "";
    EXPECT(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    Slice text = cx_printf(cx, "#!/bin/sh\nexec '%s' %s \"$@\"\n", self, first);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    EXPECT(fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size);
    EXPECT(close(fd) == 0);
}

TEST("sandbox: the small reader's children open no file, whatever they read")
{
    const char *folder = test_folder();
    const char *reader = cx_printf(cx, "%s/fapiao-read", folder).data;
    script(cx, reader, "");
    script(cx, cx_printf(cx, "%s-xml", reader).data, "--small");
    Sandbox *sandbox = NULL;
    SandboxOptions options = {.reader = reader};
    EXPECT_OK(sandbox_open(cx, &options, &sandbox));
    EXPECT(slice_equal(ask(cx, sandbox, "<fonts").detail, SLICE("answer 2"))); // ENOENT
    EXPECT(slice_equal(ask(cx, sandbox, "<passwd").detail, SLICE("answer 2")));
    Slice report = {};
    EXPECT_OK(sandbox_report(cx, sandbox, &report));
    if (slice_find(report, SLICE("NO LANDLOCK")) == SLICE_NONE)
        EXPECT(slice_equal(ask(cx, sandbox, "fonts").detail, SLICE("answer 0")));
    sandbox_close(sandbox);
}

TEST("sandbox: a reader of another build is refused at the start, by what it says itself")
{
    static const struct {
        const char *pages, *plain, *said; // NULL = refused by no one
    } cases[] = {
        {"", "", NULL},
        {"--fake '0.1.0 FPR2 0011223344556677'", "", "'0.1.0 FPR2 0011223344556677'"},
        {"", "--fake '0.1.0 FPR2 0011223344556677'", "'0.1.0 FPR2 0011223344556677'"},
        {"--fake first", "", "older, names no version"},
        {"", "--fake first", "older, names no version"},
        {"--fake later", "", "'later'"},
        {"--fake \"$(printf 'a\\033b')\"", "", "'a?b'"}, // nothing for a terminal to obey
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *pages = cx_printf(cx, "%s/fapiao-read", test_folder()).data;
        const char *plain = cx_printf(cx, "%s-xml", pages).data;
        script(cx, pages, cases[i].pages);
        script(cx, plain, cases[i].plain);
        SandboxOptions options = {.reader = pages};
        Sandbox *sandbox = NULL;
        Err err = sandbox_open(cx, &options, &sandbox);
        EXPECT((err == ERR_OK) == (cases[i].said == NULL));
        if (err == ERR_OK) sandbox_close(sandbox);
        if (err == ERR_OK) continue;
        Slice why = err_text(cx);
        const char *path = cases[i].plain[0] != '\0' ? plain : pages;
        EXPECT(err == ERR_STORE);
        EXPECT(slice_find(why, slice_of(cases[i].said)) != SLICE_NONE);
        EXPECT(slice_find(why, cx_printf(cx, "读取程序 '%s'", path)) != SLICE_NONE);
        EXPECT(slice_find(why, cx_printf(cx, "this program is '%s'", JOB_VERSION)) != SLICE_NONE);
    }
}

TEST("sandbox: a reader exchanged for another build after the start is refused at its first fork")
{
    const char *pages = cx_printf(cx, "%s/fapiao-read", test_folder()).data;
    script(cx, pages, "");
    script(cx, cx_printf(cx, "%s-xml", pages).data, "");
    SandboxOptions options = {.reader = pages};
    Sandbox *sandbox = NULL;
    Reading reading = {.reason = REASON_NONE, .media = MEDIA_ZIP};
    EXPECT_OK(sandbox_open(cx, &options, &sandbox));
    script(cx, pages, "--fake '0.0.9 FPR2 0011223344556677'");
    EXPECT(sandbox_read(cx, sandbox, SLICE("%PDF-1.4"), &reading) == ERR_STORE);
    EXPECT(slice_find(err_text(cx), SLICE("'0.0.9 FPR2 0011223344556677'")) != SLICE_NONE);
    EXPECT(reading.reason == REASON_NONE && reading.media == MEDIA_ZIP); // no word on the document
    EXPECT_OK(sandbox_read(cx, sandbox, SLICE("<xml/>"), &reading));     // the other one goes on
    sandbox_close(sandbox);
}

TEST("sandbox: an OFD needs the reader with pictures only where its QR code is wanted")
{
    const char *pages = cx_printf(cx, "%s/fapiao-read", test_folder()).data;
    script(cx, cx_printf(cx, "%s-xml", pages).data, "");
    for (int skip = 0; skip < 2; skip++) {
        script(cx, pages, "");
        SandboxOptions options = {.reader = pages, .skip_qr = skip == 1};
        Sandbox *sandbox = NULL;
        Reading reading = {};
        EXPECT_OK(sandbox_open(cx, &options, &sandbox));
        script(cx, pages, "--fake first"); // what reads without it is the other one
        Err err = sandbox_read(cx, sandbox, SLICE("PK\3\4 sealed"), &reading);
        EXPECT(err == (skip == 1 ? ERR_OK : ERR_STORE));
        EXPECT(skip == 0 || reading.draft_count == 1);
        // Not every "PK" begins a zip: this one may be a PDF all the same.
        EXPECT(sandbox_read(cx, sandbox, SLICE("PK %PDF-1.4"), &reading) == ERR_STORE);
        sandbox_close(sandbox);
    }
}

#define THREADS   8
#define DOCUMENTS 50
static void *many(void *sandbox)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    uintptr_t right = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        Slice document = cx_printf(&cx, "document %p %d", (void *)&cx, i);
        Reading reading = {};
        if (sandbox_read(&cx, sandbox, document, &reading) == ERR_OK)
            right += slice_equal(reading.detail, document);
    }
    cx_done(&cx);
    return (void *)right;
}

TEST("sandbox: eight threads get their own answers")
{
    Sandbox *sandbox = start(cx);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], NULL, many, sandbox) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *right = NULL;
        EXPECT(pthread_join(threads[i], &right) == 0 && (uintptr_t)right == DOCUMENTS);
    }
    sandbox_close(sandbox);
}

TEST("sandbox: zygote and children die with the parent")
{
    // Orphans become ours, so that we see them end.
    EXPECT(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        SandboxOptions options = {.reader = "/proc/self/exe"}; // a minute of patience
        Sandbox *sandbox = NULL;
        Reading reading = {};
        if (sandbox_open(cx, &options, &sandbox) == ERR_OK)
            (void)!sandbox_read(cx, sandbox, SLICE("sleep"), &reading);
        _exit(0);
    }
    (void)usleep(300'000); // until the child sleeps; sooner only makes the test easier
    EXPECT(kill(parent, SIGKILL) == 0);
    int ended = 0;
    for (int i = 0; i < 500; i++) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0) break;
        if (pid > 0) ended++;
        if (pid == 0) (void)usleep(10'000);
    }
    EXPECT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    EXPECT(ended >= 2);
    EXPECT(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0);
}
