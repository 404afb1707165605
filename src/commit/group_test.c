#include "commit/group.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "commit/uuid7.h"
#include "store/db_engine.h"

static Command *command_of(Cx *cx, Store *store, Slice bytes)
{
    Command *command = arena_alloc(&cx->arena, sizeof *command);
    command->kind = COMMAND_RECEIVE;
    cx_init(&command->cx, cx->world, LIMIT_JOB_ARENA);
    const Arrival arrival = {
        .tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s"), .bytes = bytes};
    EXPECT_OK(receive_prepare(&command->cx, store, &arrival, &command->receiving));
    return command;
}

static Err bad_fold(Cx *cx, Db *db, const Fact *fact)
{
    (void)db, (void)fact;
    return err_set(cx, ERR_CORRUPT, "bad");
}

TEST("group: a stopped group answers everyone, and a lone failing command is tried once")
{
    Store *store = fixture_store(cx, "stop");
    Group group = {.store = store, .log = {.store = store, .fold = bad_fold}};
    Command *one = command_of(cx, store, SLICE("one")), *two = command_of(cx, store, SLICE("two"));
    group_run(&group, one);
    EXPECT(one->err == ERR_CORRUPT && !group.stopped);
    group.stopped = true;
    one->next = two;
    group_run(&group, one);
    EXPECT(one->err == ERR_STORE && two->err == ERR_STORE);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 0);
    cx_done(&one->cx);
    cx_done(&two->cx);
    known_done(&group.known);
    known_done(&group.known);
    store_close(store);
}

static Err sabotage(Cx *cx, Db *db, void *self)
{
    (void)self;
    // A deferred foreign key that is not met: COMMIT itself fails.
    return db_script(cx, db,
                     "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                     "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY "
                     "DEFERRED); INSERT INTO child VALUES (1)");
}

// Says whether it lies in a savepoint (RELEASE of one that is not there fails), writes, and fails.
static Err fail_late(Cx *cx, Db *db, void *self)
{
    bool *in_savepoint = self;
    *in_savepoint = db_script(cx, db, "SAVEPOINT inner; RELEASE work; SAVEPOINT work") == ERR_OK;
    TRY(db_script(cx, db, "INSERT INTO meta (name, value) VALUES ('mark', x'00')"));
    return err_set(cx, ERR_CONFLICT, "not today");
}

TEST(
    "group: a work that fails leaves nothing; alone it has no savepoint, in company one of its own")
{
    static const char *const marks = "SELECT COUNT(*) FROM meta WHERE name = 'mark'";
    Store *store = fixture_store(cx, "sole");
    Group group = {.store = store, .log = {.store = store}};
    bool in_savepoint = true;
    Command *work = arena_alloc(&cx->arena, sizeof *work);
    *work = (Command){.kind = COMMAND_WORK, .work = fail_late, .self = &in_savepoint};
    cx_init(&work->cx, cx->world, LIMIT_JOB_ARENA);
    group_run(&group, work);
    EXPECT(work->err == ERR_CONFLICT && strcmp(work->cx.err_text, "not today") == 0);
    EXPECT(!in_savepoint && !group.stopped && fixture_count(cx, store, marks) == 0);
    Command *one = command_of(cx, store, SLICE("one"));
    work->next = one;
    group_run(&group, work);
    EXPECT(work->err == ERR_CONFLICT && one->err == ERR_OK && in_savepoint);
    EXPECT(fixture_count(cx, store, marks) == 0);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 1);
    cx_done(&one->cx);
    cx_done(&work->cx);
    known_done(&group.known);
    event_log_done(&group.log);
    store_close(store);
}

static const DbEngine *honest;
static Err commit_and_deny(Cx *cx, Db *db)
{
    TRY(honest->commit(cx, db));
    return err_set(cx, ERR_STORE, "the answer was lost");
}

TEST("group: a COMMIT that was durable and said no is found out, and its commands are promised")
{
    Store *store = fixture_store(cx, "denied");
    FixtureKeys keys = fixture_keys(cx);
    const Signer *const signers[] = {keys.signers[0], keys.signers[1]};
    const CommitOptions options = {
        .origin = keys.origin, .keys = keys.keys, .signers = signers, .key_count = 2};
    Group group = {
        .store = store, .log = {.store = store, .keep_leaves = true}, .options = &options};
    Command *one = command_of(cx, store, SLICE("one")), *two = command_of(cx, store, SLICE("two"));
    one->next = two;
    Db *db = store_writer(store);
    honest = db->engine;
    DbEngine liar = *honest;
    liar.commit = commit_and_deny;
    db->engine = &liar;
    group_run(&group, one);
    EXPECT(one->err == ERR_OK && two->err == ERR_OK && group.next_sequence == 3);
    const Receipt *receipts[] = {&one->receiving.receipt, &two->receiving.receipt};
    fixture_expect_promised(cx, &keys, one->promise, 1, &receipts[0]->leaf_hash);
    fixture_expect_promised(cx, &keys, two->promise, 2, &receipts[1]->leaf_hash);
    cx_done(&one->cx);
    cx_done(&two->cx);
    event_log_done(&group.log);
    fixture_keys_close(&keys);
    known_done(&group.known);
    known_done(&group.known);
    store_close(store);
}

TEST("group: after a failed COMMIT it looks what is there, and says so of each")
{
    Store *store = fixture_store(cx, "unknown");
    Group group = {.store = store, .log = {.store = store}};
    Command *one = command_of(cx, store, SLICE("one"));
    Command work = {.kind = COMMAND_WORK, .work = sabotage};
    cx_init(&work.cx, cx->world, LIMIT_MIB);
    one->next = &work;
    group_run(&group, one);
    EXPECT(one->err == ERR_CONFLICT && work.err == ERR_CONFLICT && !group.stopped);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 0);
    one->next = NULL;
    group_run(&group, one);
    EXPECT(one->err == ERR_OK);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 1);
    EXPECT(fixture_count(cx, store, "SELECT next_sequence FROM head") == 2);
    cx_done(&one->cx);
    cx_done(&work.cx);
    known_done(&group.known);
    known_done(&group.known);
    store_close(store);
}

static Err spoil(Cx *cx, Db *db, void *self)
{
    (void)db, (void)self;
    return err_set(cx, ERR_DENIED, "no");
}

static Command *audited_of(Cx *cx, AuditNote *note, CommitWork *work)
{
    Command *command = arena_alloc(&cx->arena, sizeof *command);
    *command = (Command){.kind = COMMAND_AUDITED, .work = work, .note = note, .came = *note};
    cx_init(&command->cx, cx->world, LIMIT_MIB);
    return command;
}

TEST("group: a denied COMMIT of audited works is found out by their entries, and promises nobody")
{
    Store *store = fixture_store(cx, "denied_audited");
    FixtureKeys keys = fixture_keys(cx);
    const Signer *const signers[] = {keys.signers[0], keys.signers[1]};
    const CommitOptions options = {
        .origin = keys.origin, .keys = keys.keys, .signers = signers, .key_count = 2};
    Group group = {
        .store = store, .log = {.store = store, .keep_leaves = true}, .options = &options};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("a"), .act = SLICE("b")};
    Command *one = audited_of(cx, &note, NULL), *two = audited_of(cx, &note, spoil);
    one->next = two;
    Db *db = store_writer(store);
    honest = db->engine;
    DbEngine liar = *honest;
    liar.commit = commit_and_deny;
    db->engine = &liar;
    group_run(&group, one);
    EXPECT(one->err == ERR_OK && two->err == ERR_DENIED && group.next_sequence == 3);
    EXPECT(one->promise == NULL && two->promise == NULL);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 19") == 2);
    cx_done(&one->cx);
    cx_done(&two->cx);
    event_log_done(&group.log);
    fixture_keys_close(&keys);
    known_done(&group.known);
    known_done(&group.known);
    store_close(store);
}

TEST("group: a failed COMMIT leaves neither the write nor its entry")
{
    Store *store = fixture_store(cx, "failed_audited");
    Group group = {.store = store, .log = {.store = store}};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("a"), .act = SLICE("b")};
    Command *one = audited_of(cx, &note, NULL), *two = audited_of(cx, &note, sabotage);
    one->next = two;
    group_run(&group, one);
    EXPECT(one->err == ERR_CONFLICT && two->err == ERR_CONFLICT && !group.stopped);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 0);
    one->next = NULL;
    group_run(&group, one);
    EXPECT(one->err == ERR_OK);
    EXPECT(fixture_count(cx, store, "SELECT next_sequence FROM head") == 2);
    cx_done(&one->cx);
    cx_done(&two->cx);
    known_done(&group.known);
    known_done(&group.known);
    store_close(store);
}

TEST("group: the same bytes twice in one group are one document and its duplicate")
{
    Store *store = fixture_store(cx, "twins");
    Group group = {.store = store, .log = {.store = store}};
    Command *all[10]; // so many that their bytes are placed before the first row
    for (int i = 0; i < 10; i++) {
        all[i] = command_of(cx, store, i % 9 == 0 ? SLICE("same") : cx_printf(cx, "other %d", i));
        if (i > 0) all[i - 1]->next = all[i];
    }
    group_run(&group, all[0]);
    const Receipt *first = &all[0]->receiving.receipt, *again = &all[9]->receiving.receipt;
    EXPECT(first->state == DOC_RECEIVED && again->state == DOC_DUPLICATE);
    EXPECT(strcmp(again->first_reference, first->reference) == 0);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document WHERE segment > 0") == 9);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    for (int i = 0; i < 10; i++) {
        Slice bytes, id = {(const char *)all[i]->receiving.receipt.document, COMMIT_ID_SIZE};
        EXPECT_OK(commit_original(cx, store, db, SLICE("local"), id, &bytes));
        EXPECT(slice_equal(bytes, i % 9 == 0 ? SLICE("same") : cx_printf(cx, "other %d", i)));
        cx_done(&all[i]->cx);
    }
    store_give(store, db);
    known_done(&group.known);
    store_close(store);
}

TEST("group: a key that is repeated in one group is answered with the first's leaf")
{
    Store *store = fixture_store(cx, "keyed");
    Group group = {.store = store, .log = {.store = store}};
    Command *all[2];
    for (int i = 0; i < 2; i++) {
        const Arrival arrival = {.tenant = SLICE("local"),
                                 .actor = SLICE("a"),
                                 .source = SLICE("s"),
                                 .idempotency = SLICE("key"),
                                 .bytes = SLICE("bytes")};
        all[i] = command_of(cx, store, SLICE("bytes"));
        EXPECT_OK(receive_prepare(&all[i]->cx, store, &arrival, &all[i]->receiving));
    }
    all[0]->next = all[1];
    group_run(&group, all[0]);
    const Receipt *first = &all[0]->receiving.receipt, *again = &all[1]->receiving.receipt;
    const Digest none = {};
    EXPECT(!first->repeated && again->repeated && again->sequence == 1);
    EXPECT(digest_equal(&first->leaf_hash, &again->leaf_hash));
    EXPECT(!digest_equal(&first->leaf_hash, &none));
    for (int i = 0; i < 2; i++)
        cx_done(&all[i]->cx);
    known_done(&group.known);
    store_close(store);
}

TEST("group: those that waited for hours are dated when they are written, under ids of then")
{
    const uint64_t hours = 5 * UINT64_C(3'600'000);
    WorldFake fake;
    world_fake_init(&fake, 4, UINT64_C(1'767'200'000'000));
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "waited");
    Group group = {.store = store, .log = {.store = store}};
    Command *all[10]; // a large group, and one that waited no longer than a moment
    for (int i = 0; i < 10; i++) {
        if (i == 9) fake.ms += hours;
        all[i] = command_of(&own, store, cx_printf(&own, "file %d", i));
        if (i > 0) all[i - 1]->next = all[i];
    }
    uint8_t first[COMMIT_ID_SIZE], last[COMMIT_ID_SIZE];
    memcpy(first, all[0]->receiving.document, sizeof first);
    memcpy(last, all[9]->receiving.document, sizeof last);
    group_run(&group, all[0]);
    EXPECT(memcmp(first, all[0]->receiving.receipt.document, sizeof first) != 0);
    EXPECT(memcmp(last, all[9]->receiving.receipt.document, sizeof last) == 0);
    Db *db = NULL;
    EXPECT_OK(store_take(&own, store, &db));
    for (int i = 0; i < 10; i++) {
        const Receipt *receipt = &all[i]->receiving.receipt;
        EXPECT(all[i]->err == ERR_OK && receipt->time_ms == fake.ms);
        EXPECT(uuid7_ms(receipt->document) == fake.ms);
        Slice bytes, id = {(const char *)receipt->document, COMMIT_ID_SIZE};
        EXPECT_OK(commit_original(&own, store, db, SLICE("local"), id, &bytes));
        EXPECT(slice_equal(bytes, cx_printf(&own, "file %d", i)));
        cx_done(&all[i]->cx);
    }
    store_give(store, db);
    EXPECT(fixture_count(&own, store, "SELECT COUNT(*) FROM content_key") == 10);
    known_done(&group.known);
    event_log_done(&group.log);
    store_close(store);
    cx_done(&own);
}
