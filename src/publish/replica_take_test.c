#include "publish/replica_take.h"

#include <stdio.h>

#include "publish/random_fixture.h"
#include "publish/replica_pack.h"
#include "publish/replica_row.h"

#define ARRIVALS 120

// A second folder under the same keys.
static Store *second_store(Cx *cx, Store *first, const char *name)
{
    const char *from = store_folder(first);
    const char *folder = cx_printf(cx, "%s/%s", test_folder(), name).data;
    const char *copy = cx_printf(cx, "mkdir -m 700 %s && cp %s/keys %s/keys && cp %s.key %s.key",
                                 folder, from, folder, from, folder)
                           .data;
    EXPECT(system(copy) == 0);
    const StoreOptions options = {.folder = folder,
                                  .key_file = cx_printf(cx, "%s.key", folder).data,
                                  .create = true,
                                  .write = true};
    Store *store = NULL;
    EXPECT_OK(store_open(cx, &options, &store));
    return store;
}

typedef struct Take {
    Wait wait; // first: wait_worked takes the same pointer
    Store *store;
    ReplicaLeaves leaves;
    Slice bytes;
    uint64_t next;
    char err_text[512];
} Take;

static Err take_work(Cx *cx, Db *db, void *self)
{
    Take *take = self;
    Err err = replica_take(cx, take->store, db, take->bytes, &take->leaves, &take->next);
    if (err != ERR_OK) memcpy(take->err_text, cx->err_text, sizeof take->err_text);
    return err;
}

// What the log has, as its events say.
static ReplicaLeaves leaves_of(Cx *cx, Store *store)
{
    int64_t count = fixture_count(cx, store, "SELECT COUNT(*) FROM event");
    Digest *hashes = arena_alloc(&cx->arena, (size_t)count * sizeof *hashes);
    Db *db = NULL;
    DbRows *rows = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query_text(cx, db, SLICE("SELECT leaf_hash FROM event ORDER BY sequence"), NULL, 0,
                            &rows));
    for (int64_t i = 0; i < count; i++) {
        bool row = false;
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && db_col_blob(rows, 0).size == DIGEST_SIZE);
        memcpy(hashes[i].bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
    }
    db_rows_close(rows);
    store_give(store, db);
    return (ReplicaLeaves){.first = 1, .hashes = hashes, .count = (size_t)count};
}

static Err take(Cx *cx, Store *store, Committer *committer, Slice bytes, ReplicaLeaves leaves,
                uint64_t *ret_next)
{
    Take work = {.wait = WAIT_INIT, .store = store, .leaves = leaves, .bytes = bytes};
    EXPECT_OK(commit_work(cx, committer, take_work, wait_worked, &work));
    wait_for(&work.wait);
    *ret_next = work.next;
    if (work.wait.err == ERR_OK) return ERR_OK;
    return err_set(cx, work.wait.err, "%s", work.err_text);
}

static Slice pack(Cx *cx, Store *store, uint64_t first, size_t bytes_max, uint64_t *ret_next)
{
    Db *db = NULL;
    Slice bytes;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(replica_pack(cx, store, db, first, INT64_MAX, bytes_max, ret_next, &bytes));
    store_give(store, db);
    return bytes;
}

static void fill(Store *store, Committer *committer, uint64_t seed)
{
    WorldFake fake;
    world_fake_init(&fake, seed, 0);
    (void)store;
    for (int i = 0; i < ARRIVALS; i++) {
        Cx own;
        cx_init(&own, world_real(), LIMIT_JOB_ARENA);
        random_fixture_arrival(&own, &fake, committer, i);
        if (i % 25 == 0) random_fixture_zip(&own, committer, i);
        // The audit log goes along, an organisation's and the platform's.
        const AuditNote note = {.tenant = i % 2 == 0 ? SLICE("local") : SLICE(""),
                                .actor = SLICE("u-01"),
                                .source = SLICE("test"),
                                .act = SLICE("node.add")};
        if (i % 10 < 2) EXPECT(commit_audit(&own, committer, &note) == ERR_OK);
        cx_done(&own);
    }
}

static void expect_same(Cx *cx, Store *one, Store *two)
{
    static const char *const counts[] = {
        "SELECT COUNT(*) FROM event",
        "SELECT COUNT(*) FROM document",
        "SELECT COUNT(*) FROM reading",
        "SELECT COUNT(*) FROM identity",
        "SELECT COUNT(*) FROM content_key",
        "SELECT next_sequence FROM head",
        "SELECT SUM(next_value) FROM counter",
        "SELECT SUM(length(content) + sequence * type) FROM event"};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (fixture_count(cx, one, counts[i]) != fixture_count(cx, two, counts[i]))
            test_fail(__FILE__, __LINE__, counts[i]);
    FixtureDump a = fixture_dump(cx, one), b = fixture_dump(cx, two);
    EXPECT(a.rows == b.rows && a.rows > 0);
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++)
        if (!digest_equal(&a.tables[i], &b.tables[i]))
            test_fail(__FILE__, __LINE__, SCHEMA_PROJECTIONS[i]);
}

// Every document's bytes, from both.
static void expect_same_bytes(Cx *cx, Store *one, Store *two)
{
    Db *db = NULL, *other = NULL;
    EXPECT_OK(store_take(cx, one, &db));
    EXPECT_OK(store_take(cx, two, &other));
    DbRows *rows = NULL;
    EXPECT_OK(db_query_text(cx, db, SLICE("SELECT id FROM document"), NULL, 0, &rows));
    for (bool row = true;;) {
        EXPECT_OK(db_next(cx, rows, &row));
        if (!row) break;
        Slice a, b;
        EXPECT_OK(commit_original(cx, two, other, SLICE("local"), db_col_blob(rows, 0), &b));
        Db *third = NULL;
        EXPECT_OK(store_take(cx, one, &third));
        EXPECT_OK(commit_original(cx, one, third, SLICE("local"), db_col_blob(rows, 0), &a));
        store_give(one, third);
        EXPECT(slice_equal(a, b));
    }
    db_rows_close(rows);
    store_give(one, db);
    store_give(two, other);
}

TEST("replica: what another node takes in is what is here, in batches of any size")
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        Store *store = fixture_store(cx, cx_printf(cx, "primary-%d", (int)seed).data);
        Committer *committer = fixture_committer(cx, store);
        fill(store, committer, seed);
        Store *second = second_store(cx, store, cx_printf(cx, "mirror-%d", (int)seed).data);
        Committer *other = fixture_committer(cx, second);
        uint64_t next = 1, packed = 0, batches = 0;
        const ReplicaLeaves leaves = leaves_of(cx, store);
        for (size_t size = 1;; size = size * 7 % 9973, batches++) {
            Slice bytes = pack(cx, store, next, size, &packed);
            if (packed == next) break;
            EXPECT_OK(take(cx, second, other, bytes, leaves, &next));
            EXPECT(next == packed);
        }
        EXPECT(batches > 3);
        expect_same(cx, store, second);
        expect_same_bytes(cx, store, second);
        // A batch that came before, or leaves a gap, changes nothing.
        Slice again = pack(cx, store, next - 5, 1, &packed);
        EXPECT(take(cx, second, other, again, leaves, &packed) == ERR_CONFLICT);
        expect_same(cx, store, second);
        fixture_expect_rebuilt(cx, second, other);
        commit_close(other);
        commit_close(committer);
        store_close(second);
        store_close(store);
    }
}

// Where in a batch a byte stands: table and column.
static Slice place_of(Cx *cx, Slice whole, size_t at)
{
    const char *byte = whole.data + at;
    Slice left = slice_sub(whole, REPLICA_HEAD.size, whole.size);
    while (left.size > 0) {
        const char *begin = left.data + 1; // of the first column, with its type
        ReplicaRow row;
        EXPECT_OK(replica_row_parse(cx, &left, &row));
        if (byte >= left.data) continue;
        for (size_t i = 0; i < row.count; i++) {
            DbType type = row.values[i].type;
            begin += 1 + (type == DB_INT ? 8 : type == DB_NULL ? 0 : 4 + row.values[i].bytes.size);
            if (byte < begin) return cx_printf(cx, "%d %zu", (int)row.table, i);
        }
    }
    return SLICE("head");
}

// Two columns say nothing that anybody relies on, so no leaf binds them: which idempotency key a
// document came with, and the version of the reader.
static bool is_unbound(Cx *cx, Slice place)
{
    return slice_equal(place, cx_printf(cx, "%d 9", (int)REPLICA_DOCUMENT)) ||
           slice_equal(place, cx_printf(cx, "%d 4", (int)REPLICA_READING));
}

TEST("replica: a batch with any one byte changed is refused, and nothing of it stays")
{
    Store *store = fixture_store(cx, "honest");
    Committer *committer = fixture_committer(cx, store);
    Receipt receipt = fixture_receive(cx, committer, SLICE("some bytes"), SLICE("key"));
    Reading reading = {.media = MEDIA_XML};
    fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"}));
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    free(outcome.invoices);
    EXPECT(fixture_receive(cx, committer, SLICE("some bytes"), SLICE("")).err == ERR_OK);
    Store *second = second_store(cx, store, "doubting");
    Committer *other = fixture_committer(cx, second);
    uint64_t next = 0;
    Slice bytes = pack(cx, store, 1, LIMIT_MIB, &next);
    EXPECT(next == 4);
    const ReplicaLeaves leaves = leaves_of(cx, store);
    ReplicaLeaves fewer = leaves;
    fewer.count--;
    EXPECT(take(cx, second, other, bytes, fewer, &next) == ERR_CORRUPT);
    char *copy = arena_alloc(&cx->arena, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        Cx own;
        cx_init(&own, world_real(), LIMIT_JOB_ARENA);
        Slice place = place_of(&own, bytes, i);
        memcpy(copy, bytes.data, bytes.size);
        copy[i] = (char)(copy[i] ^ (1 << i % 8));
        if (!is_unbound(&own, place) &&
            take(&own, second, other, (Slice){copy, bytes.size}, leaves, &next) == ERR_OK)
            test_fail(__FILE__, __LINE__,
                      cx_printf(cx, "byte %zu, " SLICE_FMT, i, SLICE_ARG(place)).data);
        cx_done(&own);
    }
    EXPECT(fixture_count(cx, second, "SELECT COUNT(*) FROM event") == 0);
    EXPECT_OK(take(cx, second, other, bytes, leaves, &next));
    expect_same(cx, store, second);
    commit_close(other);
    commit_close(committer);
    store_close(second);
    store_close(store);
}

// The rows of a batch, each with its bytes.
typedef struct Rows {
    ReplicaRow rows[32];
    Slice bytes[32];
    size_t count;
} Rows;

static Rows *rows_of(Cx *cx, Slice batch)
{
    Rows *rows = arena_alloc(&cx->arena, sizeof *rows);
    Slice left = slice_sub(batch, REPLICA_HEAD.size, batch.size);
    while (left.size > 0) {
        Slice before = left;
        EXPECT(rows->count < sizeof rows->rows / sizeof rows->rows[0]);
        EXPECT_OK(replica_row_parse(cx, &left, &rows->rows[rows->count]));
        rows->bytes[rows->count++] = slice_sub(before, 0, before.size - left.size);
    }
    return rows;
}

// The batch with `count` rows from `at` on replaced by `instead`.
static Slice with(Cx *cx, const Rows *rows, size_t at, size_t count, Slice instead)
{
    Text text = text_open(cx, LIMIT_MIB);
    text_add(&text, REPLICA_HEAD);
    for (size_t i = 0; i <= rows->count; i++) {
        if (i == at) text_add(&text, instead);
        if (i < rows->count && (i < at || i >= at + count)) text_add(&text, rows->bytes[i]);
    }
    return text_so_far(&text);
}

// As if of another event: its id, and its reference, are others.
static Slice alien(Cx *cx, ReplicaRow row)
{
    static char id[COMMIT_ID_SIZE] = "another id here";
    row.values[1] = db_blob((Slice){id, sizeof id});
    if (row.table == REPLICA_DOCUMENT)
        row.values[REPLICA_DOCUMENT_REFERENCE] = db_text(SLICE("R-2026-999999"));
    Text text = text_open(cx, LIMIT_MIB);
    replica_row_print(&text, &row);
    return text_so_far(&text);
}

TEST("replica: a row too many, too few, or in another place is refused, and nothing of it stays")
{
    Store *store = fixture_store(cx, "orderly");
    Committer *committer = fixture_committer(cx, store);
    Receipt receipt = fixture_receive(cx, committer, SLICE("some bytes"), SLICE("key"));
    Reading reading = {.media = MEDIA_XML};
    fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"}));
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    free(outcome.invoices);
    EXPECT(fixture_receive(cx, committer, SLICE("some bytes"), SLICE("")).err == ERR_OK);
    Store *second = second_store(cx, store, "strict");
    Committer *other = fixture_committer(cx, second);
    uint64_t next = 0;
    Slice bytes = pack(cx, store, 1, LIMIT_MIB, &next);
    const ReplicaLeaves leaves = leaves_of(cx, store);
    const Rows *rows = rows_of(cx, bytes);
    EXPECT(rows->count >= 9);
    for (size_t i = 0; i < rows->count; i++) {
        const Slice cases[] = {with(cx, rows, i, 1, SLICE("")),
                               with(cx, rows, i, 0, rows->bytes[i]),
                               with(cx, rows, rows->count, 0, rows->bytes[i])};
        for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
            if (take(cx, second, other, cases[k], leaves, &next) == ERR_OK)
                test_fail(__FILE__, __LINE__, cx_printf(cx, "row %zu, case %zu", i, k).data);
        for (size_t k = 0; k <= rows->count && rows->rows[i].table != REPLICA_EVENT &&
                           rows->rows[i].table != REPLICA_SEALED;
             k++)
            if (take(cx, second, other, with(cx, rows, k, 0, alien(cx, rows->rows[i])), leaves,
                     &next) == ERR_OK)
                test_fail(__FILE__, __LINE__, cx_printf(cx, "alien %zu at %zu", i, k).data);
    }
    EXPECT(fixture_count(cx, second, "SELECT COUNT(*) FROM event") == 0);
    EXPECT(fixture_count(cx, second, "SELECT COUNT(*) FROM content_key") == 0);
    EXPECT_OK(take(cx, second, other, bytes, leaves, &next));
    expect_same(cx, store, second);
    commit_close(other);
    commit_close(committer);
    store_close(second);
    store_close(store);
}

TEST("replica: what is erased here is erased there, whether it went there before or never")
{
    Store *store = fixture_store(cx, "less");
    Committer *committer = fixture_committer(cx, store);
    Receipt receipt = fixture_receive(cx, committer, SLICE("some bytes"), SLICE(""));
    Reading reading = {.media = MEDIA_XML};
    fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"}));
    free(fixture_decide(cx, committer, receipt.document, &reading).invoices);
    EXPECT(fixture_receive(cx, committer, SLICE("other bytes"), SLICE("")).err == ERR_OK);
    Store *early = second_store(cx, store, "early"), *late = second_store(cx, store, "late");
    Committer *one = fixture_committer(cx, early), *two = fixture_committer(cx, late);
    uint64_t next = 0;
    EXPECT_OK(
        take(cx, early, one, pack(cx, store, 1, LIMIT_MIB, &next), leaves_of(cx, store), &next));
    EXPECT(fixture_count(cx, early, "SELECT COUNT(*) FROM content_key") == 3);
    Slice id = {(const char *)receipt.document, COMMIT_ID_SIZE};
    FixtureErase erase = fixture_erase(cx, committer, id, SLICE("wrong_upload"));
    EXPECT(erase.wait.err == ERR_OK && erase.erasure.documents == 1 && erase.erasure.invoices == 1);
    EXPECT_OK(
        take(cx, early, one, pack(cx, store, next, LIMIT_MIB, &next), leaves_of(cx, store), &next));
    EXPECT_OK(
        take(cx, late, two, pack(cx, store, 1, LIMIT_MIB, &next), leaves_of(cx, store), &next));
    Store *const stores[] = {store, early, late};
    for (size_t i = 0; i < 3; i++) {
        EXPECT(fixture_count(cx, stores[i],
                             "SELECT COUNT(*) FROM content_key k JOIN event e ON e.tenant = "
                             "k.tenant AND e.subject = k.subject WHERE e.type = 8") == 0);
        EXPECT(fixture_count(cx, stores[i], "SELECT COUNT(*) FROM event WHERE type = 8") == 2);
        EXPECT(fixture_count(cx, stores[i], "SELECT COUNT(*) FROM invoice") == 0);
        EXPECT(fixture_count(cx, stores[i],
                             "SELECT COUNT(*) FROM document_state WHERE state = 'erased'") == 1);
    }
    fixture_expect_rebuilt(cx, early, one);
    fixture_expect_rebuilt(cx, late, two);
    commit_close(two);
    commit_close(one);
    commit_close(committer);
    store_close(late);
    store_close(early);
    store_close(store);
}
