#include "scene.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "ledger/leaf.h"

#define IN_FLIGHT_MAX  64
#define LINE_MAX_BYTES 160
#define DECIDE_MS      20'000 // without any outcome
#define RUSH_FROM      16     // in flight: then the first of a process come all at once
#define FIRST_DAY_MS   UINT64_C(1'793'491'200'000) // 2026-11-01
#define SAME_EVERY     7                           // documents: the last has the bytes of …
#define SAME_BACK      3                           // … one before
#define SEGMENT_BYTES  (16 * (uint64_t)1024)       // so small that new ones are made often

void scene_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    (void)fflush(NULL); // a file that stands in for stderr is buffered
    _exit(1);           // other threads may be at work: nothing is taken down under them
}

void scene_must(const Cx *cx, Err err, const char *what)
{
    if (err != ERR_OK) scene_die("%s: %s", what, cx->err_text);
}

Slice scene_content(char *buffer, uint64_t seed, unsigned index)
{
    int size =
        snprintf(buffer, SCENE_CONTENT_BYTES, "file %u of %llu ", index, (unsigned long long)seed);
    memset(buffer + size, 'a' + (int)(index % 26), (size_t)(SCENE_CONTENT_BYTES - size));
    return (Slice){buffer, SCENE_CONTENT_BYTES - index % 100};
}

Err scene_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
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

// ---- checks ----

int64_t scene_number(Cx *cx, Db *db, const char *sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    scene_must(cx, db_query_text(cx, db, slice_of(sql), NULL, 0, &rows), sql);
    scene_must(cx, db_next(cx, rows, &row), sql);
    return row ? db_col_int(rows, 0) : -1;
}

static void check_leaf(Store *store, const DbRows *rows)
{
    Leaf leaf = {.type = (LeafType)db_col_int(rows, 0),
                 .subject = leaf_subject(store_log_key(store), db_col_blob(rows, 1)),
                 .time_ms = (uint64_t)db_col_int(rows, 6)};
    Slice previous = db_col_blob(rows, 2), hash = db_col_blob(rows, 3);
    Slice sha256 = db_col_blob(rows, 4), sm3 = db_col_blob(rows, 5);
    if (previous.size != DIGEST_SIZE || hash.size != DIGEST_SIZE || sha256.size != DIGEST_SIZE ||
        sm3.size != DIGEST_SIZE)
        scene_die("an event is damaged");
    leaf_tenant_tag(store_log_key(store), SLICE("local"), leaf.tenant_tag);
    memcpy(leaf.previous.bytes, previous.data, DIGEST_SIZE);
    memcpy(leaf.commitment.sha256.bytes, sha256.data, DIGEST_SIZE);
    memcpy(leaf.commitment.sm3.bytes, sm3.data, DIGEST_SIZE);
    LeafBytes packed = leaf_pack(&leaf);
    Digest digest = leaf_hash(&packed);
    if (!slice_equal(hash, digest_slice(&digest)))
        scene_die("event %lld is not what its hash says", (long long)db_col_int(rows, 7));
}

// Each event names the one before of its subject, and its hash is that of what it says.
static void check_chains(Cx *cx, Store *store, Db *db)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = true;
    scene_must(cx,
               db_query(cx, db,
                        "SELECT type, subject, previous, leaf_hash, commit_sha256, commit_sm3, "
                        "time_ms, sequence FROM event ORDER BY subject, sequence",
                        NULL, 0, &rows),
               "the chains");
    uint8_t subject[COMMIT_ID_SIZE] = {};
    Digest last = {};
    for (;;) {
        scene_must(cx, db_next(cx, rows, &row), "the chains");
        if (!row) break;
        Slice id = db_col_blob(rows, 1);
        if (id.size != sizeof subject) scene_die("an event has no subject");
        if (memcmp(id.data, subject, sizeof subject) != 0) last = (Digest){};
        if (!slice_equal(db_col_blob(rows, 2), digest_slice(&last)))
            scene_die("event %lld does not follow the one before it",
                      (long long)db_col_int(rows, 7));
        check_leaf(store, rows);
        memcpy(subject, id.data, sizeof subject);
        memcpy(last.bytes, db_col_blob(rows, 3).data, DIGEST_SIZE);
    }
}

void scene_check_facts(Cx *cx, Store *store, Db *db)
{
    // One snapshot: the flow is reading on meanwhile.
    scene_must(cx, db_begin_read(cx, db), "a snapshot");
    int64_t documents = scene_number(cx, db, "SELECT COUNT(*) FROM document");
    int64_t events = scene_number(cx, db, "SELECT COUNT(*) FROM event");
    if (scene_number(cx, db, "SELECT COUNT(*) FROM document WHERE same_as IS NULL") !=
        scene_number(cx, db, "SELECT COUNT(DISTINCT sha256) FROM document"))
        scene_die("the same bytes lie there twice");
    if (events > 0 && (scene_number(cx, db, "SELECT MAX(sequence) FROM event") != events ||
                       scene_number(cx, db, "SELECT next_sequence FROM head") != events + 1 ||
                       scene_number(cx, db, "SELECT next_value FROM counter") != documents + 1))
        scene_die("sequences are not dense");
    if (scene_number(cx, db, "SELECT COUNT(*) FROM event WHERE type = 12") != documents ||
        scene_number(cx, db, "SELECT COUNT(DISTINCT subject) FROM event WHERE type = 12") !=
            documents)
        scene_die("documents and received facts differ");
    if (scene_number(cx, db, "SELECT COUNT(*) FROM event WHERE type = 1") !=
        scene_number(cx, db, "SELECT COUNT(DISTINCT subject) FROM event WHERE type = 1"))
        scene_die("an invoice was accepted twice");
    check_chains(cx, store, db);
    db_rollback(db);
}

void scene_check_told(Cx *cx, Store *store, Db *db, uint64_t seed, unsigned index,
                      const char *reference)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    scene_must(cx,
               db_query(cx, db, "SELECT id FROM document WHERE tenant = 'local' AND reference = $1",
                        DB_VALUES(db_text(slice_of(reference))), &rows),
               "looking for a reference");
    scene_must(cx, db_next(cx, rows, &row), "looking for a reference");
    if (!row) scene_die("%s was told and is lost", reference);
    char buffer[SCENE_CONTENT_BYTES];
    Slice bytes;
    scene_must(cx, commit_original(cx, store, db, SLICE("local"), db_col_blob(rows, 0), &bytes),
               reference);
    if (!slice_equal(bytes, scene_content(buffer, seed, index)))
        scene_die("%s has other bytes", reference);
}

void scene_wait_decided(Cx *cx, Db *db)
{
    int64_t last = -1;
    for (int i = 0; i < DECIDE_MS; i++) {
        static const char *const sql = "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL";
        int64_t waiting = scene_number(cx, db, sql);
        if (waiting == 0) return;
        if (waiting != last) i = 0;
        last = waiting;
        (void)poll(NULL, 0, 1);
    }
    scene_die("a document never got its outcome");
}

void scene_check_sealed(Cx *cx, Flow *flow, Db *db)
{
    scene_must(cx, sealer_flush(cx, flow_sealer(flow)), "signing");
    AUTO_ROWS DbRows *rows = NULL;
    scene_must(cx,
               db_query(cx, db,
                        "SELECT e.leaf_hash, c.root FROM event e LEFT JOIN checkpoint c "
                        "ON c.tenant = '' AND c.size = e.sequence ORDER BY e.sequence",
                        NULL, 0, &rows),
               "the leaves");
    TreeEdge edge = {};
    bool covered = true;
    for (bool row = true;;) {
        scene_must(cx, db_next(cx, rows, &row), "the leaves");
        if (!row) break;
        Digest leaf, stored[TREE_LEVELS];
        size_t count = 0;
        memcpy(leaf.bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
        tree_grow(&edge, &leaf, stored, &count);
        covered = !db_col_null(rows, 1);
        const Digest root = tree_root(&edge);
        if (covered && !slice_equal(db_col_blob(rows, 1), digest_slice(&root)))
            scene_die("the checkpoint of size %llu has another root",
                      (unsigned long long)edge.size);
    }
    if (!covered || sealer_size(flow_sealer(flow)) != edge.size)
        scene_die("no checkpoint covers event %llu", (unsigned long long)edge.size);
}

void scene_check_rebuild(Cx *cx, Flow *flow, Db *db)
{
    static const char *const sum = "SELECT COUNT(*) * 1000003 + SUM(carriers) FROM invoice";
    int64_t live = scene_number(cx, db, sum);
    scene_must(cx, flow_rebuild(cx, flow, NULL, NULL, NULL), "rebuilding");
    if (scene_number(cx, db, sum) != live) scene_die("rebuilt invoices are not the live ones");
}

// ---- a life ----

void scene_begin(Scene *scene, const char *folder, uint64_t seed)
{
    *scene = (Scene){.seed = seed, .in_flight = 1, .workers = 1};
    (void)snprintf(scene->folder, sizeof scene->folder, "%s", folder);
}

void scene_done(Scene *scene)
{
    free(scene->documents);
    free(scene->roots);
    *scene = (Scene){};
}

static unsigned content_index(unsigned index)
{
    return index % SAME_EVERY == SAME_EVERY - 1 ? index - SAME_BACK : index;
}

// "origin LF size LF base64(root) LF …": read here without the ledger's own parser.
void scene_published(void *self, const char *note, size_t size)
{
    Scene *scene = self;
    Slice rest = {note, size}, line, root;
    bool done = false;
    SceneRoot seen = {};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    if (!slice_cut(&rest, '\n', &done, &line) || !slice_cut(&rest, '\n', &done, &line) ||
        !slice_u64(line, &seen.size) || !slice_cut(&rest, '\n', &done, &root))
        scene_die("what was put in place as a checkpoint is none");
    Slice bytes = {};
    scene_must(&cx, base64_decode(&cx, root, true, &bytes), "a checkpoint's root");
    if (bytes.size != DIGEST_SIZE) scene_die("a checkpoint's root has %zu bytes", bytes.size);
    memcpy(seen.root.bytes, bytes.data, DIGEST_SIZE);
    cx_done(&cx);
    for (size_t i = 0; i < scene->root_count; i++) {
        if (scene->roots[i].size != seen.size) continue;
        if (memcmp(scene->roots[i].root.bytes, seen.root.bytes, DIGEST_SIZE) != 0)
            scene_die("two roots were published for size %llu", (unsigned long long)seen.size);
        return;
    }
    if (scene->root_count == scene->root_room) {
        scene->root_room = scene->root_room * 2 + 64;
        scene->roots = realloc(scene->roots, scene->root_room * sizeof *scene->roots);
        if (scene->roots == NULL) scene_die("out of memory");
    }
    scene->roots[scene->root_count++] = seen;
}

// The clock and the randomness of one process: from the seed, for several threads.
typedef struct Dice {
    WorldFake fake;
    pthread_mutex_t mutex;
} Dice;
static Dice dice = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void dice_random(void *self, void *bytes, size_t size)
{
    (void)self;
    (void)pthread_mutex_lock(&dice.mutex);
    dice.fake.world.random(&dice.fake, bytes, size);
    (void)pthread_mutex_unlock(&dice.mutex);
}

static uint64_t dice_now(void *self)
{
    (void)self;
    (void)pthread_mutex_lock(&dice.mutex);
    uint64_t now = dice.fake.ms++;
    (void)pthread_mutex_unlock(&dice.mutex);
    return now;
}

static uint64_t real_steady(void *self)
{
    return world_real()->steady_ms(self);
}

static const World *world_of(const Scene *scene)
{
    static const World world = {
        .now_ms = dice_now, .steady_ms = real_steady, .random = dice_random};
    world_fake_init(&dice.fake, scene->seed * 1'000'003 + scene->process,
                    FIRST_DAY_MS + scene->process * UINT64_C(60'000));
    return &world;
}

static Err open_flow(Cx *cx, const Scene *scene, Flow **ret_flow)
{
    const FlowOptions options = {.store = {.folder = scene->folder,
                                           .create = true,
                                           .write = true,
                                           .segment_max = SEGMENT_BYTES},
                                 .workers = (int)scene->workers,
                                 .read = scene_read};
    return flow_open(cx, &options, ret_flow);
}

// ---- the process that hands in ----

typedef struct Hands {
    pthread_mutex_t mutex;
    pthread_cond_t answered, let_go;
    unsigned in_flight, stop_told;
    bool full; // as many are in flight as may be, or nothing more comes
    int pipe;
} Hands;
typedef struct Ask {
    Hands *hands;
    unsigned index;
    bool failed;
} Ask;

// Told is what is in the pipe: written in one piece, or not at all.
__attribute__((format(printf, 2, 3))) static void tell(const Hands *hands, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (write(hands->pipe, line, (size_t)size) != size) scene_die("the pipe is broken");
}

static void answered(Hands *hands)
{
    (void)pthread_mutex_lock(&hands->mutex);
    hands->in_flight--;
    (void)pthread_cond_signal(&hands->answered);
    (void)pthread_mutex_unlock(&hands->mutex);
}

static void failed(Ask *ask, Err err)
{
    tell(ask->hands, "e %u %d\n", ask->index, (int)err);
    ask->failed = true;
    answered(ask->hands);
}

static void on_received(void *self, const Progress *progress)
{
    Ask *ask = self;
    const Receipt *receipt = &progress->receipt;
    if (receipt->err != ERR_OK) {
        failed(ask, receipt->err);
        return;
    }
    char hex[2 * DIGEST_SIZE + 1];
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", receipt->leaf_hash.bytes[i]);
    tell(ask->hands, "r %u %s %llu %s\n", ask->index, receipt->reference,
         (unsigned long long)receipt->sequence, hex);
    // Receipts are told one after the other.
    if (ask->hands->stop_told > 0 && --ask->hands->stop_told == 0) (void)raise(SIGKILL);
}

static void on_decided(void *self, const Progress *progress)
{
    Ask *ask = self;
    const Outcome *outcome = &progress->outcome;
    if (outcome->err != ERR_OK) {
        failed(ask, outcome->err);
        return;
    }
    tell(ask->hands, "d %u %s\n", ask->index, commit_state_name(outcome->state));
    answered(ask->hands);
}

static void let_go(Hands *hands)
{
    hands->full = true;
    (void)pthread_cond_signal(&hands->let_go);
}

static void wait_until(Hands *hands, unsigned in_flight)
{
    (void)pthread_mutex_lock(&hands->mutex);
    if (hands->in_flight > in_flight || in_flight == 0) let_go(hands);
    while (hands->in_flight > in_flight)
        (void)pthread_cond_wait(&hands->answered, &hands->mutex);
    (void)pthread_mutex_unlock(&hands->mutex);
}

// Holds the committer up until those that come first have all come: they are one group, a rush.
static Err gather(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db;
    Hands *hands = self;
    (void)pthread_mutex_lock(&hands->mutex);
    while (!hands->full)
        (void)pthread_cond_wait(&hands->let_go, &hands->mutex);
    (void)pthread_mutex_unlock(&hands->mutex);
    return ERR_OK;
}

static void hand_in(Cx *cx, Flow *flow, const Scene *scene, Ask *ask)
{
    char buffer[SCENE_CONTENT_BYTES];
    Hands *hands = ask->hands;
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("crash"),
                             .file_name = SLICE("a.xml"),
                             .idempotency = cx_printf(cx, "key-%u", ask->index),
                             .bytes =
                                 scene_content(buffer, scene->seed, content_index(ask->index))};
    wait_until(hands, scene->in_flight - 1);
    (void)pthread_mutex_lock(&hands->mutex);
    hands->in_flight++;
    (void)pthread_mutex_unlock(&hands->mutex);
    ask->failed = false;
    Err err = flow_receive(cx, flow, &arrival, on_received, on_decided, ask);
    if (err != ERR_OK) failed(ask, err);
}

static Err set_wal_pages(Cx *cx, Db *db, void *self)
{
    const Scene *scene = self;
    Slice sql = cx_printf(cx, "PRAGMA wal_autocheckpoint=%u", scene->wal_pages);
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query_text(cx, db, sql, NULL, 0, &rows));
    return db_next(cx, rows, &row);
}

void scene_take(const Scene *scene, unsigned fresh, int pipe)
{
    Cx cx;
    cx_init(&cx, world_of(scene), LIMIT_JOB_ARENA);
    Flow *flow = NULL;
    if (open_flow(&cx, scene, &flow) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", cx.err_text);
        exit(SCENE_REFUSED);
    }
    if (scene->wal_pages != 0 && commit_work(&cx, flow_committer(flow), set_wal_pages, NULL,
                                             (void *)(uintptr_t)scene) != ERR_OK)
        scene_die("no pragma: %s", cx.err_text);
    Hands hands = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                   .answered = PTHREAD_COND_INITIALIZER,
                   .let_go = PTHREAD_COND_INITIALIZER,
                   .stop_told = scene->stop_told,
                   .pipe = pipe};
    if (scene->in_flight >= RUSH_FROM &&
        commit_work(&cx, flow_committer(flow), gather, NULL, &hands) != ERR_OK)
        scene_die("no rush: %s", cx.err_text);
    size_t count = scene->document_count + fresh;
    Ask *asks = calloc(count + 1, sizeof *asks);
    if (asks == NULL) scene_die("out of memory");
    for (unsigned i = 0; i < count; i++) {
        asks[i] = (Ask){.hands = &hands, .index = i};
        if (i >= scene->document_count || scene->documents[i].state[0] == '\0')
            hand_in(&cx, flow, scene, &asks[i]);
    }
    wait_until(&hands, 0);
    if (scene->again != NULL) {
        scene->again();
        for (unsigned i = 0; i < count; i++)
            if (asks[i].failed) hand_in(&cx, flow, scene, &asks[i]);
        wait_until(&hands, 0);
    }
    flow_close(flow);
    cx_done(&cx);
    free(asks);
    exit(0);
}

// ---- who listens to it ----

// "sequence leaf-hash": the same ones whenever the same document is handed in again.
static void take_leaf(SceneDocument *document, Slice text)
{
    Slice number;
    bool done = false;
    uint64_t sequence = 0;
    Digest leaf = {};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    (void)slice_cut(&text, ' ', &done, &number);
    if (!slice_u64(number, &sequence) || sequence == 0 ||
        base64_unhex(&cx, text, leaf.bytes, sizeof leaf.bytes) != ERR_OK)
        scene_die("no leaf was told with a reference");
    cx_done(&cx);
    if (document->sequence != 0 &&
        (document->sequence != sequence || memcmp(&document->leaf_hash, &leaf, sizeof leaf) != 0))
        scene_die("%s was leaf %llu, and now is %llu", document->reference,
                  (unsigned long long)document->sequence, (unsigned long long)sequence);
    document->sequence = sequence;
    document->leaf_hash = leaf;
}

static void take_line(Scene *scene, Slice line)
{
    Slice rest = line, kind, number, text;
    bool done = false;
    uint64_t index = 0;
    (void)slice_cut(&rest, ' ', &done, &kind);
    (void)slice_cut(&rest, ' ', &done, &number);
    (void)slice_cut(&rest, ' ', &done, &text);
    uint64_t err = 0;
    if (slice_equal(kind, SLICE("e"))) {
        scene->unknown++;
        scene->full += slice_u64(text, &err) && err == ERR_LIMIT;
        return;
    }
    if (!slice_u64(number, &index) || index >= scene->document_count)
        scene_die("a torn line in the pipe: '" SLICE_FMT "'", SLICE_ARG(line));
    SceneDocument *document = &scene->documents[index];
    bool reference = slice_equal(kind, SLICE("r"));
    char *had = reference ? document->reference : document->state;
    size_t room = reference ? sizeof document->reference : sizeof document->state;
    if (had[0] != '\0' && !slice_equal(slice_of(had), text))
        scene_die("document %llu was %s, and now is " SLICE_FMT, (unsigned long long)index, had,
                  SLICE_ARG(text));
    if (reference) take_leaf(document, rest);
    (void)snprintf(had, room, SLICE_FMT, SLICE_ARG(text));
    scene->told++;
}

void scene_listen(Scene *scene, unsigned fresh, int pipe)
{
    size_t count = scene->document_count + fresh;
    if (count > scene->document_room) {
        scene->document_room = count * 2;
        scene->documents =
            realloc(scene->documents, scene->document_room * sizeof *scene->documents);
        if (scene->documents == NULL) scene_die("out of memory");
    }
    memset(scene->documents + scene->document_count, 0, fresh * sizeof *scene->documents);
    scene->document_count = count;
    char text[4096];
    size_t size = 0;
    for (;;) {
        ssize_t n = read(pipe, text + size, sizeof text - size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        size += (size_t)n;
        size_t from = 0;
        for (size_t at = 0; at < size; at++)
            if (text[at] == '\n') {
                take_line(scene, (Slice){text + from, at - from});
                from = at + 1;
            }
        size -= from;
        memmove(text, text + from, size);
    }
}

// ---- who checks ----

static Digest node(const Digest *left, const Digest *right)
{
    char bytes[1 + 2 * DIGEST_SIZE] = {1};
    memcpy(bytes + 1, left->bytes, DIGEST_SIZE);
    memcpy(bytes + 1 + DIGEST_SIZE, right->bytes, DIGEST_SIZE);
    return digest_of(DIGEST_SHA256, (Slice){bytes, sizeof bytes});
}

// RFC 6962 §2.1, once more and on its own: what the ledger computes is what is checked.
static Digest root_of(const Digest *leaves, uint64_t size)
{
    if (size == 1) return leaves[0];
    uint64_t left = 1;
    while (left * 2 < size)
        left *= 2;
    Digest a = root_of(leaves, left), b = root_of(leaves + left, size - left);
    return node(&a, &b);
}

static void check_roots(Cx *cx, Db *db, const Scene *scene)
{
    if (scene->root_count == 0) return;
    uint64_t count = (uint64_t)scene_number(cx, db, "SELECT COUNT(*) FROM event");
    Digest *leaves = calloc(count + 1, sizeof *leaves);
    AUTO_ROWS DbRows *rows = NULL;
    bool row = true;
    scene_must(cx,
               db_query(cx, db, "SELECT leaf_hash FROM event ORDER BY sequence", NULL, 0, &rows),
               "the leaves");
    for (uint64_t i = 0; i < count; i++) {
        scene_must(cx, db_next(cx, rows, &row), "the leaves");
        memcpy(leaves[i].bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
    }
    for (size_t i = 0; i < scene->root_count; i++) {
        const SceneRoot *seen = &scene->roots[i];
        if (seen->size > count)
            scene_die("a checkpoint over %llu events was published, and there are %llu",
                      (unsigned long long)seen->size, (unsigned long long)count);
        if (seen->size == 0) continue;
        Digest root = root_of(leaves, seen->size);
        if (memcmp(root.bytes, seen->root.bytes, DIGEST_SIZE) != 0)
            scene_die("the published root of size %llu is not that of the events",
                      (unsigned long long)seen->size);
    }
    free(leaves);
}

// Told or not: a row that names bytes finds them.
static void check_originals(Cx *cx, Store *store, Db *db)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = true;
    scene_must(
        cx,
        db_query(cx, db, "SELECT id, reference FROM document ORDER BY reference", NULL, 0, &rows),
        "the documents");
    for (;;) {
        scene_must(cx, db_next(cx, rows, &row), "the documents");
        if (!row) return;
        Slice bytes;
        if (commit_original(cx, store, db, SLICE("local"), db_col_blob(rows, 0), &bytes) != ERR_OK)
            scene_die("a row of a document without its bytes: " SLICE_FMT ": %s",
                      SLICE_ARG(db_col_text(rows, 1)), cx->err_text);
    }
}

static void check_leaf_told(Cx *cx, Db *db, const SceneDocument *document)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    scene_must(cx,
               db_query(cx, db,
                        "SELECT 1 FROM event WHERE tenant = 'local' AND sequence = $1 AND "
                        "leaf_hash = $2",
                        DB_VALUES(db_int((int64_t)document->sequence),
                                  db_blob(digest_slice(&document->leaf_hash))),
                        &rows),
               "looking for a leaf");
    scene_must(cx, db_next(cx, rows, &row), "looking for a leaf");
    if (!row) scene_die("%s was promised as another leaf", document->reference);
}

static void check_state(Cx *cx, Db *db, const SceneDocument *document)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    scene_must(cx,
               db_query(cx, db,
                        "SELECT state FROM document_state WHERE tenant = 'local' AND "
                        "reference = $1",
                        DB_VALUES(db_text(slice_of(document->reference))), &rows),
               "looking for a state");
    scene_must(cx, db_next(cx, rows, &row), "looking for a state");
    if (!row || !slice_equal(db_col_text(rows, 0), slice_of(document->state)))
        scene_die("%s was told to be %s and is not", document->reference, document->state);
}

void scene_check(const Scene *scene, bool whole, bool leave)
{
    Cx cx;
    cx_init(&cx, world_of(scene), SIZE_MAX / 2);
    Flow *flow = NULL;
    Db *db = NULL;
    scene_must(&cx, open_flow(&cx, scene, &flow), "opening the folder");
    Store *store = flow_store(flow);
    scene_must(&cx, store_take(&cx, store, &db), "taking a connection");
    Slice halted = commit_halted(&cx, flow_committer(flow));
    if (!slice_empty(halted)) scene_die("a false alarm: " SLICE_FMT, SLICE_ARG(halted));
    scene_check_facts(&cx, store, db);
    check_roots(&cx, db, scene);
    check_originals(&cx, store, db);
    for (unsigned i = 0; i < scene->document_count; i++) {
        const SceneDocument *document = &scene->documents[i];
        if (document->reference[0] == '\0') continue;
        scene_check_told(&cx, store, db, scene->seed, content_index(i), document->reference);
        check_leaf_told(&cx, db, document);
        if (document->state[0] != '\0') check_state(&cx, db, document);
    }
    scene_wait_decided(&cx, db);
    scene_check_facts(&cx, store, db);
    scene_check_sealed(&cx, flow, db);
    int64_t there = scene_number(&cx, db, "SELECT COUNT(*) FROM document");
    if (there > (int64_t)scene->document_count) scene_die("a document is there twice");
    if (whole && there != (int64_t)scene->document_count)
        scene_die("%lld documents are there, not %zu", (long long)there, scene->document_count);
    if (whole) scene_check_rebuild(&cx, flow, db);
    if (leave) return;
    store_give(store, db);
    flow_close(flow);
    cx_done(&cx);
}
