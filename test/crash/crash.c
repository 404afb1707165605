// Crash: kill -9 at random moments while files are being taken in; nothing that got a reference may
// be lost, nothing may be there twice.
//
//   crash [--rounds N] [--files N] [--seed N]
//
// Each round: a fresh folder, a child that takes in --files small files (a stand-in reader, so that
// it is fast) and tells each reference through a pipe, SIGKILL at a random moment of its run. Then
// another process opens the folder and checks: each reference that was told gives back its bytes,
// no document is there twice, references and events are dense, and every document gets its outcome.
// Every tenth round the rest is taken in as well, and the projections are rebuilt.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "crypto/keyfile.h"
#include "scene.h"

#define IN_FLIGHT 256
#define FILES_MAX 100'000

#define WHOLE_EVERY 10 // rounds

typedef struct Told {
    unsigned index;
    char reference[COMMIT_REFERENCE_SIZE];
} Told;

typedef struct Plan {
    uint64_t rounds, files, seed;
    char folder[512];
    Told *told;
    size_t told_count;
} Plan;

static Flow *open_folder(Cx *cx, const Plan *plan)
{
    const FlowOptions options = {.store = {.folder = plan->folder,
                                           .create = true,
                                           .write = true,
                                           .segment_max = 2 * LIMIT_MIB},
                                 .workers = 2,
                                 .jobs = 64, // so that what a kill leaves is found in the store
                                 .read = scene_read};
    Flow *flow = NULL;
    scene_must(cx, flow_open(cx, &options, &flow), "opening the folder");
    return flow;
}

// ---- the child that takes in ----

typedef struct Child {
    pthread_mutex_t mutex;
    pthread_cond_t answered;
    unsigned in_flight;
    int pipe;
} Child;

typedef struct Ask {
    Child *child;
    unsigned index;
} Ask;

// A reference counts as told when it is in the pipe: written in one piece, or not at all.
static void on_received(void *self, const Progress *progress)
{
    const Ask *ask = self;
    if (progress->receipt.err != ERR_OK)
        scene_die("crash: a receipt failed: %s", progress->receipt.err_text);
    char line[64];
    int size =
        snprintf(line, sizeof line, "%u %s\n", ask->index, progress->receipt.first_reference);
    if (write(ask->child->pipe, line, (size_t)size) != size) scene_die("crash: the pipe is broken");
}

static void on_decided(void *self, const Progress *progress)
{
    (void)progress;
    Child *child = ((const Ask *)self)->child;
    (void)pthread_mutex_lock(&child->mutex);
    child->in_flight--;
    (void)pthread_cond_signal(&child->answered);
    (void)pthread_mutex_unlock(&child->mutex);
}

static void wait_until(Child *child, unsigned in_flight)
{
    (void)pthread_mutex_lock(&child->mutex);
    while (child->in_flight > in_flight)
        (void)pthread_cond_wait(&child->answered, &child->mutex);
    (void)pthread_mutex_unlock(&child->mutex);
}

static void take_in(const Plan *plan, int pipe_fd)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Flow *flow = open_folder(&cx, plan);
    static Child child = {.mutex = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER};
    child.pipe = pipe_fd;
    Ask *asks = calloc(plan->files, sizeof *asks);
    if (asks == NULL) scene_die("crash: out of memory");
    for (unsigned i = 0; i < plan->files; i++) {
        char buffer[SCENE_CONTENT_BYTES];
        asks[i] = (Ask){&child, i};
        const Arrival arrival = {.tenant = SLICE("local"),
                                 .actor = SLICE("local"),
                                 .source = SLICE("crash"),
                                 .bytes = scene_content(buffer, plan->seed, i)};
        wait_until(&child, IN_FLIGHT - 1);
        (void)pthread_mutex_lock(&child.mutex);
        child.in_flight++;
        (void)pthread_mutex_unlock(&child.mutex);
        scene_must(&cx, flow_receive(&cx, flow, &arrival, on_received, on_decided, &asks[i]),
                   "handing in");
    }
    wait_until(&child, 0);
    flow_close(flow);
    cx_done(&cx);
    free(asks);
}

// ---- the process that checks ----

static void check(const Plan *plan, bool whole)
{
    Cx cx;
    cx_init(&cx, world_real(), SIZE_MAX / 2);
    Flow *flow = open_folder(&cx, plan);
    Db *db = NULL;
    scene_must(&cx, store_take(&cx, flow_store(flow), &db), "taking a connection");
    Store *store = flow_store(flow);
    scene_check_facts(&cx, store, db);
    for (size_t i = 0; i < plan->told_count; i++)
        scene_check_told(&cx, store, db, plan->seed, plan->told[i].index, plan->told[i].reference);
    scene_wait_decided(&cx, db);
    scene_check_facts(&cx, store, db);
    scene_check_sealed(&cx, flow, db);
    if (whole) {
        static const char *const sql = "SELECT COUNT(*) FROM document WHERE same_as IS NULL";
        int64_t files = scene_number(&cx, db, sql);
        if (files != (int64_t)plan->files)
            scene_die("crash: %lld files are there", (long long)files);
        scene_check_rebuild(&cx, flow, db);
    }
    store_give(flow_store(flow), db);
    flow_close(flow);
    cx_done(&cx);
}

// ---- rounds ----

static uint64_t steady_ms(void)
{
    return world_real()->steady_ms(world_real()->self);
}

static int run_process(const Plan *plan, bool whole)
{
    pid_t pid = fork();
    if (pid < 0) scene_die("crash: fork: %s", strerror(errno));
    if (pid == 0) {
        check(plan, whole);
        exit(0);
    }
    int status = 0;
    (void)waitpid(pid, &status, 0);
    return status;
}

// References are told until the pipe ends: killed or done.
static void read_told(Plan *plan, int fd, pid_t pid, uint64_t kill_ms)
{
    static char text[(size_t)FILES_MAX * 40];
    size_t size = 0;
    bool killed = false;
    for (;;) {
        uint64_t now = steady_ms();
        if (!killed && now >= kill_ms) {
            (void)kill(pid, SIGKILL);
            killed = true;
        }
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        bool forever = killed || kill_ms - now > INT_MAX;
        (void)poll(&wait, 1, forever ? -1 : (int)(kill_ms - now));
        if (wait.revents == 0) continue;
        ssize_t n = read(fd, text + size, sizeof text - 1 - size);
        if (n <= 0) break;
        size += (size_t)n;
    }
    Slice rest = {text, size}, line;
    plan->told_count = 0;
    for (bool done = false; slice_cut(&rest, '\n', &done, &line) && line.size > 0;) {
        Slice reference = line, index;
        bool cut = false;
        uint64_t number = 0;
        (void)slice_cut(&reference, ' ', &cut, &index);
        if (!slice_u64(index, &number) || number >= plan->files)
            scene_die("crash: a torn line in the pipe");
        Told *told = &plan->told[plan->told_count++];
        told->index = (unsigned)number;
        (void)snprintf(told->reference, sizeof told->reference, SLICE_FMT, SLICE_ARG(reference));
    }
}

// Answers how long the child ran.
static uint64_t run_child(Plan *plan, uint64_t kill_after_ms)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) scene_die("crash: pipe: %s", strerror(errno));
    uint64_t begin = steady_ms();
    pid_t pid = fork();
    if (pid < 0) scene_die("crash: fork: %s", strerror(errno));
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(ends[0]);
        take_in(plan, ends[1]);
        exit(0);
    }
    (void)close(ends[1]);
    read_told(plan, ends[0], pid, kill_after_ms == UINT64_MAX ? UINT64_MAX : begin + kill_after_ms);
    (void)close(ends[0]);
    int status = 0;
    (void)waitpid(pid, &status, 0);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (!killed && status != 0) scene_die("crash: the child failed by itself");
    return steady_ms() - begin;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static void new_folder(Plan *plan, const char *parent, uint64_t round)
{
    (void)snprintf(plan->folder, sizeof plan->folder, "%s/%llu", parent, (unsigned long long)round);
}

static void remove_folder(const Plan *plan)
{
    char key[sizeof plan->folder + 8];
    (void)snprintf(key, sizeof key, "%s.key", plan->folder);
    (void)nftw(plan->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    (void)remove(key);
}

static void run_rounds(Plan *plan, const char *parent)
{
    WorldFake dice;
    world_fake_init(&dice, plan->seed, 0);
    new_folder(plan, parent, 0);
    uint64_t whole_ms = run_child(plan, UINT64_MAX), told = 0;
    if (plan->told_count != plan->files)
        scene_die("crash: %zu of the files were told", plan->told_count);
    if (run_process(plan, true) != 0)
        scene_die("crash: seed %llu, undisturbed", (unsigned long long)plan->seed);
    remove_folder(plan);
    for (uint64_t round = 1; round <= plan->rounds; round++) {
        uint64_t random = 0;
        dice.world.random(&dice, &random, sizeof random);
        new_folder(plan, parent, round);
        (void)run_child(plan, random % (whole_ms + 1));
        told += plan->told_count;
        bool whole = round % WHOLE_EVERY == 0;
        int status = run_process(plan, false);
        if (status == 0 && whole) {
            (void)run_child(plan, UINT64_MAX);
            status = run_process(plan, true);
        }
        if (status != 0)
            scene_die("crash: seed %llu, round %llu, folder %s", (unsigned long long)plan->seed,
                      (unsigned long long)round, plan->folder);
        remove_folder(plan);
    }
    printf("crash: %llu kills within %llu ms, %llu references told, none lost, none twice\n",
           (unsigned long long)plan->rounds, (unsigned long long)whole_ms,
           (unsigned long long)told);
    printf("1 passed, 0 failed, 0 skipped\n");
}

static void take_option(Plan *plan, const char *name, const char *text)
{
    uint64_t value = 0;
    if (text == NULL || !slice_u64(slice_of(text), &value))
        scene_die("crash: '%s' wants a number", name);
    if (strcmp(name, "--rounds") == 0)
        plan->rounds = value;
    else if (strcmp(name, "--files") == 0)
        plan->files = value < FILES_MAX ? value : FILES_MAX;
    else if (strcmp(name, "--seed") == 0)
        plan->seed = value;
    else
        scene_die("crash: no option '%s'", name);
}

int main(int argc, char **argv)
{
    Plan plan = {.rounds = 200, .files = 5000};
    world_real()->random(NULL, &plan.seed, 4);
    for (int i = 1; i < argc; i += 2)
        take_option(&plan, argv[i], argv[i + 1]);
    printf("crash: seed %llu\n", (unsigned long long)plan.seed);
    (void)fflush(stdout);
    plan.told = calloc(FILES_MAX, sizeof *plan.told);
    char parent[] = "/tmp/fapiao-crash-XXXXXX";
    if (plan.told == NULL || mkdtemp(parent) == NULL) scene_die("crash: no folder");
    // Quiet: each folder says that it made a key file.
    char key[64];
    (void)snprintf(key, sizeof key, "%s/key", parent);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    AeadKey kek;
    scene_must(&cx, keyfile_create(&cx, key, &kek), "a key");
    if (setenv("FAPIAO_KEY_FILE", key, 1) != 0) scene_die("crash: setenv");
    cx_done(&cx);
    run_rounds(&plan, parent);
    (void)remove(key);
    (void)rmdir(parent);
    free(plan.told);
    return 0;
}
