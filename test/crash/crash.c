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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "crypto/keyfile.h"
#include "flow/flow.h"

#define IN_FLIGHT     256
#define CONTENT_BYTES 1024
#define FILES_MAX     100'000

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

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(1);
}

static void must(const Cx *cx, Err err, const char *what)
{
    if (err != ERR_OK) die("crash: %s: %s", what, cx->err_text);
}

// The same index gives the same bytes, in every process.
static Slice content_of(char *buffer, uint64_t seed, unsigned index)
{
    int size = snprintf(buffer, CONTENT_BYTES, "file %u of %llu ", index, (unsigned long long)seed);
    memset(buffer + size, 'a' + (int)(index % 26), (size_t)(CONTENT_BYTES - size));
    return (Slice){buffer, CONTENT_BYTES - index % 100};
}

// Every third file is no invoice.
static Err stand_in(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    (void)self;
    *ret_reading = (Reading){.media = MEDIA_XML};
    Slice rest = slice_sub(bytes, 5, 8), index;
    bool done = false;
    (void)slice_cut(&rest, ' ', &done, &index);
    uint64_t number = 0;
    if (!slice_u64(index, &number) || number % 3 == 0) {
        ret_reading->reason = REASON_NOT_INVOICE;
        return ERR_OK;
    }
    Draft *draft = NULL;
    TRY(reading_add_draft(cx, ret_reading, &draft));
    Slice text = cx_printf(cx, "2411200000%010llu", (unsigned long long)number / 2);
    TRY(draft_set(cx, draft, DRAFT_KIND, SLICE("32"), SOURCE_XML, 1000));
    TRY(draft_set(cx, draft, DRAFT_NUMBER, text, SOURCE_XML, 1000));
    return draft_set(cx, draft, DRAFT_TOTAL, SLICE("1.00"), SOURCE_XML, 1000);
}

static Flow *open_folder(Cx *cx, const Plan *plan)
{
    const FlowOptions options = {.store = {.folder = plan->folder,
                                           .create = true,
                                           .write = true,
                                           .segment_max = 2 * LIMIT_MIB},
                                 .workers = 2,
                                 .read = stand_in};
    Flow *flow = NULL;
    must(cx, flow_open(cx, &options, &flow), "opening the folder");
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
        die("crash: a receipt failed: %s", progress->receipt.err_text);
    char line[64];
    int size =
        snprintf(line, sizeof line, "%u %s\n", ask->index, progress->receipt.first_reference);
    if (write(ask->child->pipe, line, (size_t)size) != size) die("crash: the pipe is broken");
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
    if (asks == NULL) die("crash: out of memory");
    for (unsigned i = 0; i < plan->files; i++) {
        char buffer[CONTENT_BYTES];
        asks[i] = (Ask){&child, i};
        const Arrival arrival = {.tenant = SLICE("local"),
                                 .actor = SLICE("local"),
                                 .source = SLICE("crash"),
                                 .bytes = content_of(buffer, plan->seed, i)};
        wait_until(&child, IN_FLIGHT - 1);
        (void)pthread_mutex_lock(&child.mutex);
        child.in_flight++;
        (void)pthread_mutex_unlock(&child.mutex);
        must(&cx, flow_receive(&cx, flow, &arrival, on_received, on_decided, &asks[i]),
             "handing in");
    }
    wait_until(&child, 0);
    flow_close(flow);
    cx_done(&cx);
    free(asks);
}

// ---- the process that checks ----

static int64_t number_of(Cx *cx, Db *db, const char *sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    must(cx, db_query_text(cx, db, slice_of(sql), NULL, 0, &rows), sql);
    must(cx, db_next(cx, rows, &row), sql);
    return row ? db_col_int(rows, 0) : -1;
}

static void check_told(Cx *cx, Store *store, Db *db, const Plan *plan, const Told *told)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    must(cx,
         db_query(cx, db, "SELECT id FROM document WHERE tenant = 'local' AND reference = $1",
                  DB_VALUES(db_text(slice_of(told->reference))), &rows),
         "looking for a reference");
    must(cx, db_next(cx, rows, &row), "looking for a reference");
    if (!row) die("crash: %s was told and is lost", told->reference);
    char buffer[CONTENT_BYTES];
    Slice bytes;
    must(cx, commit_original(cx, store, db, SLICE("local"), db_col_blob(rows, 0), &bytes),
         told->reference);
    if (!slice_equal(bytes, content_of(buffer, plan->seed, told->index)))
        die("crash: %s has other bytes", told->reference);
}

static void check_dense(Cx *cx, Db *db)
{
    // One snapshot: the flow is reading on meanwhile.
    must(cx, db_begin_read(cx, db), "a snapshot");
    int64_t documents = number_of(cx, db, "SELECT COUNT(*) FROM document");
    int64_t events = number_of(cx, db, "SELECT COUNT(*) FROM event");
    if (number_of(cx, db, "SELECT COUNT(*) FROM document WHERE same_as IS NULL") !=
        number_of(cx, db, "SELECT COUNT(DISTINCT sha256) FROM document"))
        die("crash: the same bytes lie there twice");
    if (events > 0 && (number_of(cx, db, "SELECT MAX(sequence) FROM event") != events ||
                       number_of(cx, db, "SELECT next_sequence FROM head") != events + 1 ||
                       number_of(cx, db, "SELECT next_value FROM counter") != documents + 1))
        die("crash: sequences are not dense");
    if (number_of(cx, db, "SELECT COUNT(*) FROM event WHERE type = 12") != documents)
        die("crash: documents and received facts differ");
    db_rollback(db);
}

static void wait_decided(Cx *cx, Db *db)
{
    for (int i = 0; i < 60'000; i++) {
        if (number_of(cx, db, "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL") == 0)
            return;
        (void)poll(NULL, 0, 1);
    }
    die("crash: a document never got its outcome");
}

// Every checkpoint that was ever signed is the tree over the first events of today, and the newest
// covers them all.
static void check_sealed(Cx *cx, Flow *flow, Db *db)
{
    if (!slice_empty(commit_halted(cx, flow_committer(flow))))
        die("crash: a kill is taken for a fork: " SLICE_FMT,
            SLICE_ARG(commit_halted(cx, flow_committer(flow))));
    must(cx, sealer_flush(cx, flow_sealer(flow)), "signing");
    DbRows *rows = NULL;
    must(cx,
         db_query(cx, db,
                  "SELECT e.leaf_hash, c.root FROM event e LEFT JOIN checkpoint c "
                  "ON c.tenant = '' AND c.size = e.sequence ORDER BY e.sequence",
                  NULL, 0, &rows),
         "the leaves");
    TreeEdge edge = {};
    bool covered = true;
    for (bool row = true;;) {
        must(cx, db_next(cx, rows, &row), "the leaves");
        if (!row) break;
        Digest leaf, stored[TREE_LEVELS];
        size_t count = 0;
        memcpy(leaf.bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
        tree_grow(&edge, &leaf, stored, &count);
        covered = !db_col_null(rows, 1);
        const Digest root = tree_root(&edge);
        if (covered && !slice_equal(db_col_blob(rows, 1), digest_slice(&root)))
            die("crash: the checkpoint of size %llu has another root",
                (unsigned long long)edge.size);
    }
    db_rows_close(rows);
    if (!covered || sealer_size(flow_sealer(flow)) != edge.size)
        die("crash: no checkpoint covers event %llu", (unsigned long long)edge.size);
}

static void check(const Plan *plan, bool whole)
{
    Cx cx;
    cx_init(&cx, world_real(), SIZE_MAX / 2);
    Flow *flow = open_folder(&cx, plan);
    Db *db = NULL;
    must(&cx, store_take(&cx, flow_store(flow), &db), "taking a connection");
    check_dense(&cx, db);
    for (size_t i = 0; i < plan->told_count; i++)
        check_told(&cx, flow_store(flow), db, plan, &plan->told[i]);
    wait_decided(&cx, db);
    check_dense(&cx, db);
    check_sealed(&cx, flow, db);
    if (whole) {
        int64_t files = number_of(&cx, db, "SELECT COUNT(*) FROM document WHERE same_as IS NULL");
        if (files != (int64_t)plan->files) die("crash: %lld files are there", (long long)files);
        static const char *const sum = "SELECT COUNT(*) * 1000003 + SUM(carriers) FROM invoice";
        int64_t live = number_of(&cx, db, sum);
        must(&cx, flow_rebuild(&cx, flow, NULL, NULL), "rebuilding");
        if (number_of(&cx, db, sum) != live) die("crash: rebuilt invoices are not the live ones");
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
    if (pid < 0) die("crash: fork: %s", strerror(errno));
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
            die("crash: a torn line in the pipe");
        Told *told = &plan->told[plan->told_count++];
        told->index = (unsigned)number;
        (void)snprintf(told->reference, sizeof told->reference, SLICE_FMT, SLICE_ARG(reference));
    }
}

// Answers how long the child ran.
static uint64_t run_child(Plan *plan, uint64_t kill_after_ms)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) die("crash: pipe: %s", strerror(errno));
    uint64_t begin = steady_ms();
    pid_t pid = fork();
    if (pid < 0) die("crash: fork: %s", strerror(errno));
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
    if (!killed && status != 0) die("crash: the child failed by itself");
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
    if (plan->told_count != plan->files) die("crash: %zu of the files were told", plan->told_count);
    if (run_process(plan, true) != 0)
        die("crash: seed %llu, undisturbed", (unsigned long long)plan->seed);
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
            die("crash: seed %llu, round %llu, folder %s", (unsigned long long)plan->seed,
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
    if (text == NULL || !slice_u64(slice_of(text), &value)) die("crash: '%s' wants a number", name);
    if (strcmp(name, "--rounds") == 0)
        plan->rounds = value;
    else if (strcmp(name, "--files") == 0)
        plan->files = value < FILES_MAX ? value : FILES_MAX;
    else if (strcmp(name, "--seed") == 0)
        plan->seed = value;
    else
        die("crash: no option '%s'", name);
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
    if (plan.told == NULL || mkdtemp(parent) == NULL) die("crash: no folder");
    // Quiet: each folder says that it made a key file.
    char key[64];
    (void)snprintf(key, sizeof key, "%s/key", parent);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    AeadKey kek;
    must(&cx, keyfile_create(&cx, key, &kek), "a key");
    if (setenv("FAPIAO_KEY_FILE", key, 1) != 0) die("crash: setenv");
    cx_done(&cx);
    run_rounds(&plan, parent);
    (void)remove(key);
    (void)rmdir(parent);
    free(plan.told);
    return 0;
}
