#include "flow/flow.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "flow/retry.h"

// A reader that reads "ok NUMBER TOTAL", says why not for "bad", and fails for "fail".
static Err fake_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    (void)self;
    *ret_reading = (Reading){.media = MEDIA_XML};
    if (slice_starts(bytes, SLICE("fail"))) return err_set(cx, ERR_STORE, "no reader");
    if (!slice_starts(bytes, SLICE("ok"))) {
        ret_reading->reason = REASON_DAMAGED;
        return ERR_OK;
    }
    fixture_draft(
        cx, ret_reading, SOURCE_XML, SEAL_ABSENT,
        FIXTURE_FIELDS({DRAFT_KIND, "32"},
                       {DRAFT_NUMBER, cx_printf(cx, "241120000000%.8s", bytes.data + 3).data}));
    return ERR_OK;
}

typedef struct Notes {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int received, decided;
    Receipt receipt;
    Outcome outcome;
} Notes;
#define NOTES_INIT                                                                                 \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                    \
    }

static void note_received(void *self, const Progress *progress)
{
    Notes *notes = self;
    (void)pthread_mutex_lock(&notes->mutex);
    notes->received++;
    notes->receipt = progress->receipt;
    (void)pthread_cond_signal(&notes->changed);
    (void)pthread_mutex_unlock(&notes->mutex);
}

static void note_decided(void *self, const Progress *progress)
{
    Notes *notes = self;
    (void)pthread_mutex_lock(&notes->mutex);
    notes->decided++;
    notes->outcome = progress->outcome;
    notes->outcome.invoices = NULL; // borrowed
    (void)pthread_cond_signal(&notes->changed);
    (void)pthread_mutex_unlock(&notes->mutex);
}

static void wait_decisions(Notes *notes, int count)
{
    (void)pthread_mutex_lock(&notes->mutex);
    while (notes->decided < count)
        (void)pthread_cond_wait(&notes->changed, &notes->mutex);
    (void)pthread_mutex_unlock(&notes->mutex);
}

static Flow *open_flow(Cx *cx, const char *name, int workers, bool create)
{
    static const char *parent; // of this run: test_folder() makes a new one each time
    if (parent == NULL) parent = test_folder();
    const char *folder = cx_printf(cx, "%s/%s", parent, name).data;
    const char *key_file = cx_printf(cx, "%s.key", folder).data;
    AeadKey key;
    if (create) EXPECT_OK(keyfile_create(cx, key_file, &key));
    const FlowOptions options = {
        .store = {.folder = folder, .key_file = key_file, .create = create, .write = workers > 0},
        .workers = workers,
        .read = fake_read};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    return flow;
}

static Err hand_in(Cx *cx, Flow *flow, Slice bytes, Slice key, Notes *notes)
{
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .idempotency = key,
                             .bytes = bytes};
    return flow_receive(cx, flow, &arrival, note_received, note_decided, notes);
}

TEST("flow: a document goes from receipt to outcome; a duplicate is decided at once")
{
    Flow *flow = open_flow(cx, "a", 2, true);
    Notes notes = NOTES_INIT;
    EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000001"), SLICE(""), &notes));
    wait_decisions(&notes, 1);
    EXPECT(notes.received == 1 && notes.outcome.state == DOC_ACCEPTED);
    EXPECT(notes.outcome.invoice_count == 1);
    EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000001"), SLICE(""), &notes));
    wait_decisions(&notes, 2);
    EXPECT(notes.received == 2 && notes.outcome.state == DOC_DUPLICATE);
    EXPECT_OK(hand_in(cx, flow, SLICE("bad"), SLICE("k"), &notes));
    wait_decisions(&notes, 3);
    EXPECT(notes.outcome.state == DOC_QUARANTINED && notes.outcome.reason == REASON_DAMAGED);
    EXPECT_OK(hand_in(cx, flow, SLICE("bad"), SLICE("k"), &notes));
    wait_decisions(&notes, 4);
    EXPECT(notes.receipt.repeated && notes.outcome.state == DOC_QUARANTINED);
    EXPECT(hand_in(cx, flow, SLICE(""), SLICE(""), &notes) == ERR_INPUT);

    EXPECT_OK(flow_retry(cx, flow, SLICE("local"), SLICE("local"),
                         slice_of(notes.receipt.reference), note_decided, &notes));
    wait_decisions(&notes, 5);
    EXPECT(notes.outcome.err == ERR_OK && notes.outcome.state == DOC_QUARANTINED);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM event WHERE type = 16") == 1);
    EXPECT(flow_retry(cx, flow, SLICE("local"), SLICE("local"), SLICE("R-1999-000001"), NULL,
                      NULL) == ERR_MISSING);
    Slice accepted = cx_printf(cx, "%.7s000001", notes.receipt.reference);
    EXPECT_OK(flow_retry(cx, flow, SLICE("local"), SLICE("local"), accepted, note_decided, &notes));
    wait_decisions(&notes, 6);
    EXPECT(notes.outcome.err == ERR_CONFLICT);
    EXPECT_OK(flow_rebuild(cx, flow, NULL, NULL, NULL));
    flow_close(flow);
    flow_close(NULL);
}

TEST("flow: what a failing reader left is read after the next opening")
{
    Flow *flow = open_flow(cx, "b", 1, true);
    Notes notes = NOTES_INIT;
    EXPECT_OK(hand_in(cx, flow, SLICE("fail"), SLICE(""), &notes));
    wait_decisions(&notes, 1);
    EXPECT(notes.outcome.err == ERR_STORE && strcmp(notes.outcome.err_text, "no reader") == 0);
    Store *store = flow_store(flow);
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    EXPECT(fixture_count(cx, store, open) == 1);
    // The committer alone, as if the crash came between the two commits.
    Receipt receipt = fixture_receive(cx, flow_committer(flow), SLICE("ok 00000002"), SLICE(""));
    promise_drop(receipt.promise);
    EXPECT(receipt.err == ERR_OK && fixture_count(cx, store, open) == 2);
    flow_close(flow);

    flow = open_flow(cx, "b", 1, false);
    store = flow_store(flow);
    for (int i = 0; i < 500 && fixture_count(cx, store, open) > 1; i++)
        usleep(10'000);
    EXPECT(fixture_count(cx, store, open) == 1);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 1);
    flow_close(flow);
    flow = open_flow(cx, "b", 0, false);
    EXPECT(hand_in(cx, flow, SLICE("x"), SLICE(""), &notes) == ERR_DENIED);
    flow_close(flow);
}

TEST("flow: many in flight from several threads: each gets its own answer once")
{
    Flow *flow = open_flow(cx, "c", 4, true);
    Notes notes[400];
    for (int i = 0; i < 400; i++) {
        notes[i] = (Notes)NOTES_INIT;
        EXPECT_OK(hand_in(cx, flow, cx_printf(cx, "ok %08d", i / 2), SLICE(""), &notes[i]));
    }
    int accepted = 0, duplicate = 0;
    for (int i = 0; i < 400; i++) {
        wait_decisions(&notes[i], 1);
        accepted += notes[i].outcome.state == DOC_ACCEPTED;
        duplicate += notes[i].outcome.state == DOC_DUPLICATE;
    }
    EXPECT(accepted == 200 && duplicate == 200);
    flow_close(flow);
}

TEST("flow: closed in a rush, all that was received is there, and read after the next opening")
{
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    Flow *flow = open_flow(cx, "rush", 2, true);
    Notes notes = NOTES_INIT;
    for (int i = 0; i < 100; i++)
        EXPECT_OK(hand_in(cx, flow, cx_printf(cx, "ok %08d", i), SLICE(""), &notes));
    flow_close(flow);
    EXPECT(notes.received == 100 && notes.decided == 100); // told, be it that it will be read later
    flow = open_flow(cx, "rush", 2, false);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM document_state") == 100);
    for (int i = 0; i < 1000 && fixture_count(cx, flow_store(flow), open) > 0; i++)
        usleep(10'000);
    EXPECT(fixture_count(cx, flow_store(flow), open) == 0);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM invoice") == 100);
    flow_close(flow);
}

static void count_sealed(void *self, uint64_t size)
{
    _Atomic uint64_t *sealed = self;
    *sealed = size;
}

TEST("flow: closing publishes a checkpoint over all that was committed; who reads beside sees it")
{
    const char *folder = cx_printf(cx, "%s/sealed", test_folder()).data;
    _Atomic uint64_t sealed = 0;
    const FlowOptions writing = {.store = {.folder = folder, .create = true, .write = true},
                                 .read = fake_read,
                                 .origin = SLICE("fapiao.example/a"),
                                 .sealed = count_sealed,
                                 .sealed_self = &sealed};
    const FlowOptions reading = {.store = {.folder = folder}};
    Flow *flow = NULL, *beside = NULL;
    EXPECT_OK(flow_open(cx, &writing, &flow));
    EXPECT(slice_equal(log_origin(flow_log(flow)), SLICE("fapiao.example/a")));
    Notes notes = NOTES_INIT;
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("a"),
                             .source = SLICE("s"),
                             .bytes = SLICE("ok 11111111")};
    EXPECT_OK(flow_receive(cx, flow, &arrival, note_received, note_decided, &notes));
    wait_decisions(&notes, 1);
    EXPECT(notes.receipt.sequence == 1 && notes.outcome.sequence == 2);
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow)));
    EXPECT(sealed == 2);
    flow_close(flow);
    EXPECT_OK(flow_open(cx, &reading, &beside));
    EXPECT(flow_sealer(beside) == NULL && flow_log(beside) != NULL);
    Db *db = NULL;
    LogHead head;
    EXPECT_OK(store_take(cx, flow_store(beside), &db));
    EXPECT_OK(log_head(cx, flow_log(beside), db, &head));
    EXPECT(head.size == 2 && head.witnesses == 0 && head.time_ms > 0);
    store_give(flow_store(beside), db);
    flow_close(beside);
    FlowOptions other = writing;
    other.origin = SLICE("fapiao.example/b");
    EXPECT(flow_open(cx, &other, &flow) == ERR_CONFLICT);
}

static Err halt_at_opening(Cx *cx, void *self, Flow *flow)
{
    (void)cx;
    commit_halt(flow_committer(flow), self);
    return ERR_OK;
}

TEST("flow: a folder that is halted at its opening writes nothing until it is resumed")
{
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    Flow *flow = open_flow(cx, "halted", 1, true);
    // By its outcome the opening has looked for what was left, and finds nothing that comes later.
    Notes notes = NOTES_INIT;
    EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000009"), SLICE(""), &notes));
    wait_decisions(&notes, 1);
    Receipt receipt = fixture_receive(cx, flow_committer(flow), SLICE("ok 00000003"), SLICE(""));
    EXPECT(receipt.err == ERR_OK);
    promise_drop(receipt.promise);
    const char *folder = cx_printf(cx, "%s", store_folder(flow_store(flow))).data;
    flow_close(flow);
    const FlowOptions options = {.store = {.folder = folder, .write = true},
                                 .read = fake_read,
                                 .opening = halt_at_opening,
                                 .opening_self = (char[]){"wait"}};
    EXPECT_OK(flow_open(cx, &options, &flow));
    EXPECT(hand_in(cx, flow, SLICE("ok 00000004"), SLICE(""), &notes) == ERR_DENIED);
    EXPECT(slice_equal(err_text(cx), SLICE("wait")));
    EXPECT(fixture_count(cx, flow_store(flow), open) == 1);
    commit_halt(flow_committer(flow), NULL);
    flow_resume(flow);
    flow_resume(flow); // it is on its way already, or decided
    for (int i = 0; i < 500 && fixture_count(cx, flow_store(flow), open) > 0; i++)
        usleep(10'000);
    EXPECT(fixture_count(cx, flow_store(flow), open) == 0);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM invoice") == 2);
    flow_close(flow);
}

// A reader that fails as often as it was told, and time that goes on when it is told.
typedef struct Reader {
    World world;
    atomic_ullong ms;
    atomic_int fails, reads; // to come; so far, of what fails
} Reader;

static uint64_t reader_steady(void *self)
{
    Reader *reader = self;
    return atomic_load(&reader->ms);
}

static uint64_t real_now(void *self)
{
    (void)self;
    return world_real()->now_ms(world_real()->self);
}

static void real_random(void *self, void *bytes, size_t size)
{
    (void)self;
    world_real()->random(world_real()->self, bytes, size);
}

static Err failing_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    Reader *reader = self;
    if (!slice_equal(bytes, SLICE("ok 00000007"))) return fake_read(cx, NULL, bytes, ret_reading);
    atomic_fetch_add(&reader->reads, 1);
    if (atomic_fetch_sub(&reader->fails, 1) > 0) return err_set(cx, ERR_STORE, "no memory");
    return fake_read(cx, NULL, bytes, ret_reading);
}

// Time goes on, and what comes then wakes the worker, of which there is one: it takes what is due
// behind this.
static void go_on(Cx *cx, Flow *flow, Reader *reader, uint64_t ms)
{
    static int count;
    Notes notes = NOTES_INIT;
    atomic_fetch_add(&reader->ms, ms);
    EXPECT_OK(hand_in(cx, flow, cx_printf(cx, "ok %08d", 100 + count++), SLICE(""), &notes));
    wait_decisions(&notes, 1);
    EXPECT(notes.outcome.state == DOC_ACCEPTED);
}

static void wait_reads(Reader *reader, int count)
{
    for (int i = 0; i < 500 && atomic_load(&reader->reads) < count; i++)
        usleep(10'000);
    EXPECT(atomic_load(&reader->reads) == count);
}

TEST("flow: what a reader failed at for a while is read again in its time, or when it is asked for")
{
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    Reader reader = {.world = {&reader, real_now, reader_steady, real_random}, .ms = 1, .fails = 2};
    Cx own;
    cx_init(&own, &reader.world, cx->arena.limit);
    const char *folder = cx_printf(cx, "%s/again", test_folder()).data;
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 1,
                                 .read = failing_read,
                                 .read_self = &reader};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(&own, &options, &flow));
    // What is handed in while the opening looks for what was left may be found, and read, twice.
    go_on(&own, flow, &reader, 0);
    Notes notes = NOTES_INIT;
    EXPECT_OK(hand_in(&own, flow, SLICE("ok 00000007"), SLICE(""), &notes));
    wait_decisions(&notes, 1);
    EXPECT(notes.outcome.err == ERR_STORE); // told at once
    go_on(&own, flow, &reader, RETRY_FIRST_MS - 1);
    go_on(&own, flow, &reader, 0);
    EXPECT(reader.reads == 1); // not due
    go_on(&own, flow, &reader, 1);
    wait_reads(&reader, 2);
    go_on(&own, flow, &reader, 4 * RETRY_FIRST_MS);
    wait_reads(&reader, 3);
    for (int i = 0; i < 500 && fixture_count(&own, flow_store(flow), open) > 0; i++)
        usleep(10'000);
    EXPECT(fixture_count(&own, flow_store(flow), open) == 0);
    // Nobody who asks for one waits until it is due.
    reader.fails = 1;
    const Arrival other = {.tenant = SLICE("east"),
                           .actor = SLICE("local"),
                           .source = SLICE("test"),
                           .bytes = SLICE("ok 00000007")};
    EXPECT_OK(flow_receive(&own, flow, &other, note_received, note_decided, &notes));
    wait_decisions(&notes, 2);
    EXPECT(notes.outcome.err == ERR_STORE && reader.reads == 4);
    EXPECT_OK(flow_retry(&own, flow, SLICE("east"), SLICE("local"),
                         slice_of(notes.receipt.reference), note_decided, &notes));
    wait_decisions(&notes, 3);
    EXPECT(notes.outcome.state == DOC_ACCEPTED && reader.reads == 5);
    flow_close(flow);
    cx_done(&own);
}

// Each is read as often as it was counted here.
static Err counted_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    atomic_int *reads = self;
    uint64_t number = 0;
    EXPECT(slice_u64(slice_sub(bytes, 3, bytes.size), &number));
    atomic_fetch_add(&reads[number], 1);
    return fake_read(cx, NULL, bytes, ret_reading);
}

TEST("flow: more than memory holds: each is read once, in life and after the next opening")
{
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    static atomic_int reads[400];
    const char *folder = cx_printf(cx, "%s/left", test_folder()).data;
    FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                           .workers = 2,
                           .jobs = 8,
                           .read = counted_read,
                           .read_self = reads};
    Flow *flow = NULL;
    for (int opening = 0; opening < 2; opening++) {
        EXPECT_OK(flow_open(cx, &options, &flow));
        for (int i = 200 * opening; i < 200 * (opening + 1); i++) {
            Arrival arrival = {.tenant = i % 3 == 0 ? SLICE("east") : SLICE("local"),
                               .actor = SLICE("local"),
                               .source = SLICE("test"),
                               .bytes = cx_printf(cx, "ok %08d", i)};
            EXPECT_OK(flow_receive(cx, flow, &arrival, NULL, NULL, NULL));
        }
        if (opening == 0) flow_close(flow); // in the midst of it
    }
    for (int i = 0; i < 3000 && fixture_count(cx, flow_store(flow), open) > 0; i++)
        usleep(10'000);
    EXPECT(fixture_count(cx, flow_store(flow), open) == 0);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM invoice") == 400);
    for (int i = 0; i < 400; i++)
        EXPECT(reads[i] == 1);
    flow_close(flow);
}

// Reads nothing before its door is opened.
static Err shut_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    pthread_mutex_t *door = self;
    (void)pthread_mutex_lock(door);
    (void)pthread_mutex_unlock(door);
    return fake_read(cx, NULL, bytes, ret_reading);
}

TEST("flow: who is one too many to wait is told so at once, and the document is read all the same")
{
    static const char *const open = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
    pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
    const char *folder = cx_printf(cx, "%s/waited", test_folder()).data;
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 1,
                                 .jobs = 8,
                                 .read = shut_read,
                                 .read_self = &door};
    Flow *flow = NULL;
    Notes first = NOTES_INIT, last = NOTES_INIT;
    EXPECT_OK(flow_open(cx, &options, &flow));
    (void)pthread_mutex_lock(&door);
    EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000001"), SLICE("k"), &first));
    // The same one over and over: each waits for it.
    for (size_t i = 1; i < LIMIT_JOBS_WAITED; i++)
        EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000001"), SLICE("k"), &first));
    EXPECT_OK(hand_in(cx, flow, SLICE("ok 00000002"), SLICE(""), &last));
    wait_decisions(&last, 1);
    EXPECT(last.received == 1 && last.outcome.err == ERR_LIMIT && first.decided == 0);
    (void)pthread_mutex_unlock(&door);
    wait_decisions(&first, (int)LIMIT_JOBS_WAITED);
    EXPECT(first.outcome.state == DOC_ACCEPTED);
    for (int i = 0; i < 3000 && fixture_count(cx, flow_store(flow), open) > 0; i++)
        usleep(10'000);
    EXPECT(fixture_count(cx, flow_store(flow), "SELECT COUNT(*) FROM invoice") == 2);
    flow_close(flow);
}
