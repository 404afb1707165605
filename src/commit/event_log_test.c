#include "commit/event_log.h"

#include "commit/commit_fixture.h"

static Event event_of(const AeadKey *key, Slice subject, bool first)
{
    return (Event){.type = EVENT_RECEIVED,
                   .tenant = SLICE("local"),
                   .actor = SLICE("a"),
                   .source = SLICE("s"),
                   .subject = subject,
                   .key = key,
                   .first = first,
                   .time_ms = 1};
}

TEST("event log: a subject's events are a chain of leaf hashes that opens to what was said")
{
    Store *store = fixture_store(cx, "log");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    AeadKey key = {"key"}, other = {"other"};
    Slice one = SLICE("0123456789abcdef"), two = SLICE("fedcba9876543210");
    EventMark marks[4];
    EXPECT_OK(db_begin(cx, db));
    const Event events[4] = {event_of(&key, one, true), event_of(&key, two, true),
                             event_of(&key, one, false), event_of(&key, one, false)};
    for (size_t i = 0; i < 4; i++)
        EXPECT_OK(event_log_append(cx, &log, db, &events[i], &marks[i]));
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(db_commit(cx, db));

    DbRows *rows = NULL;
    EXPECT_OK(db_query(cx, db,
                       "SELECT previous, leaf_hash, commit_sha256, commit_sm3, content FROM event "
                       "ORDER BY sequence",
                       NULL, 0, &rows));
    static const int previous[4] = {-1, -1, 0, 2};
    for (size_t i = 0; i < 4; i++) {
        bool row = false;
        EXPECT_OK(db_next(cx, rows, &row));
        Digest zeros = {};
        const Digest *want = previous[i] < 0 ? &zeros : &marks[previous[i]].leaf_hash;
        EXPECT(marks[i].sequence == i + 1);
        EXPECT(slice_equal(db_col_blob(rows, 0), digest_slice(want)));
        Slice canonical, hash = db_col_blob(rows, 1);
        EXPECT_OK(event_log_open(cx, &key, hash, db_col_blob(rows, 4), &canonical));
        EventBody body;
        EXPECT_OK(event_body_parse(cx, canonical, &body));
        EXPECT(slice_equal(body.event, SLICE("received")));
        EXPECT(event_log_open(cx, &other, hash, db_col_blob(rows, 4), &canonical) == ERR_CORRUPT);
        EXPECT(event_log_open(cx, &key, digest_slice(&zeros), db_col_blob(rows, 4), &canonical) ==
               ERR_CORRUPT);
    }
    db_rows_close(rows);
    bool has = false;
    EXPECT_OK(event_log_has(cx, db, SLICE("local"), &marks[3], &has));
    EXPECT(has);
    marks[3].leaf_hash.bytes[0] ^= 1;
    EXPECT_OK(event_log_has(cx, db, SLICE("local"), &marks[3], &has));
    EXPECT(!has);
    store_close(store);
}

TEST("event log: references are dense per tenant and year in China")
{
    Store *store = fixture_store(cx, "ref");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    EXPECT_OK(db_begin(cx, db));
    static const struct {
        const char *tenant;
        uint64_t time_ms;
        const char *reference;
    } cases[] = {
        {"local", UINT64_C(1'767'196'799'000), "R-2025-000001"}, // 2025-12-31 23:59:59 +08:00
        {"local", UINT64_C(1'767'196'800'000), "R-2026-000001"},
        {"local", UINT64_C(1'767'196'800'000), "R-2026-000002"},
        {"other", UINT64_C(1'767'196'800'000), "R-2026-000001"},
        {"local", UINT64_C(1'767'196'800'000), "R-2026-000003"},
        {"local", UINT64_C(1'767'196'799'000), "R-2025-000002"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char reference[COMMIT_REFERENCE_SIZE];
        EXPECT_OK(event_log_reference(cx, &log, db, slice_of(cases[i].tenant), cases[i].time_ms,
                                      reference));
        EXPECT(strcmp(reference, cases[i].reference) == 0);
    }
    EXPECT_OK(event_log_flush(cx, &log, db));
    db_rollback(db);
    event_log_forget(&log);
    char reference[COMMIT_REFERENCE_SIZE];
    EXPECT_OK(event_log_reference(cx, &log, db, SLICE("local"), cases[1].time_ms, reference));
    EXPECT(strcmp(reference, "R-2026-000001") == 0);
    store_close(store);
}

TEST("event log: one sequence for all tenants, dense, whatever turns they take and what is undone")
{
    Store *store = fixture_store(cx, "turns");
    Db *db = store_writer(store);
    EventLog log = {.store = store, .keep_leaves = true};
    AeadKey key = {"key"};
    static const char *const tenants[] = {"a", "b", "b", "a", "c", "a"};
    EventMark marks[6];
    for (size_t round = 0; round < 3; round++) {
        event_log_begin(&log);
        EXPECT_OK(db_begin(cx, db));
        for (size_t i = 0; i < 6; i++) {
            Event event = event_of(&key, cx_printf(cx, "subject %zu%zu------", round, i), true);
            event.tenant = slice_of(tenants[i]);
            EXPECT_OK(event_log_append(cx, &log, db, &event, &marks[i]));
            EXPECT(digest_equal(&log.leaves[i], &marks[i].leaf_hash));
        }
        EXPECT_OK(event_log_flush(cx, &log, db));
        uint64_t first = round == 2 ? 7 : 1 + 6 * round;
        EXPECT(log.first_sequence == first && log.leaf_count == 6);
        EXPECT(marks[0].sequence == first && marks[5].sequence == first + 5);
        if (round == 1)
            db_rollback(db), event_log_forget(&log);
        else
            EXPECT_OK(db_commit(cx, db));
    }
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM head") == 1);
    EXPECT(fixture_count(cx, store, "SELECT next_sequence FROM head WHERE tenant = ''") == 13);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(DISTINCT sequence) FROM event") == 12);
    event_log_done(&log);
    store_close(store);
}

// Each row's commitments are those of what its content opens to.
static void expect_committed(Cx *cx, Db *db, const AeadKey *key, size_t count)
{
    DbRows *rows = NULL;
    EXPECT_OK(db_query(cx, db,
                       "SELECT sequence, leaf_hash, commit_sha256, commit_sm3, content FROM event "
                       "ORDER BY sequence",
                       NULL, 0, &rows));
    for (size_t i = 0; i < count; i++) {
        bool row = false;
        Slice plain;
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && db_col_int(rows, 0) == (int64_t)i + 1);
        Slice about =
            event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), db_col_blob(rows, 1));
        EXPECT_OK(aead_open(cx, key, about, db_col_blob(rows, 4), &plain));
        const Commitment commitment =
            leaf_commit((const uint8_t *)plain.data, slice_sub(plain, LEAF_SALT_SIZE, plain.size));
        EXPECT(slice_equal(digest_slice(&commitment.sha256), db_col_blob(rows, 2)));
        EXPECT(slice_equal(digest_slice(&commitment.sm3), db_col_blob(rows, 3)));
    }
    db_rows_close(rows);
}

TEST("event log: events that wait are written in their order, before one that must not")
{
    enum { WAITING = EVENT_LOG_WAITING + 9 };
    Store *store = fixture_store(cx, "waiting");
    Db *db = store_writer(store);
    EventLog log = {.store = store, .keep_leaves = true};
    AeadKey key = {"key"};
    EventMark marks[WAITING + 3];
    ProofOpening openings[WAITING] = {};
    event_log_begin(&log);
    EXPECT_OK(db_begin(cx, db));
    for (size_t i = 0; i < WAITING; i++) {
        Event event = event_of(&key, cx_printf(cx, "waiting %08zu", i), true);
        event.may_wait = true;
        event.opening = &openings[i];
        EXPECT_OK(event_log_append(cx, &log, db, &event, &marks[i]));
        EXPECT(marks[i].sequence == i + 1);
    }
    EXPECT(log.waiting_count == 9 && log.leaf_count == EVENT_LOG_WAITING);
    // Follows the newest that waits.
    const Event next = event_of(&key, cx_printf(cx, "waiting %08d", WAITING - 1), false);
    EXPECT_OK(event_log_append(cx, &log, db, &next, &marks[WAITING]));
    EXPECT(log.waiting_count == 0 && log.leaf_count == WAITING + 1);
    // Of another tenant, whose tag is another.
    Event last = event_of(&key, SLICE("another subject."), true);
    last.may_wait = true;
    EXPECT_OK(event_log_append(cx, &log, db, &last, &marks[WAITING + 1]));
    last.tenant = SLICE("b");
    EXPECT_OK(event_log_append(cx, &log, db, &last, &marks[WAITING + 2]));
    EXPECT(log.waiting_count == 1);
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(log.leaf_count == WAITING + 3 && log.first_sequence == 1);
    for (size_t i = 0; i < WAITING + 3; i++)
        EXPECT(marks[i].sequence == i + 1 && digest_equal(&marks[i].leaf_hash, &log.leaves[i]));
    for (size_t i = 0; i < WAITING; i++) {
        Digest hash = leaf_hash(&openings[i].leaf);
        EXPECT(digest_equal(&hash, &marks[i].leaf_hash));
    }
    expect_committed(cx, db, &key, WAITING + 3);
    EXPECT(fixture_count(
               cx, store,
               cx_printf(cx, "SELECT follows FROM event WHERE sequence = %d", WAITING + 1).data) ==
           WAITING);
    event_log_done(&log);
    store_close(store);
}

TEST("event log: what waits when a transaction is undone is forgotten, and its number given again")
{
    Store *store = fixture_store(cx, "undone");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    AeadKey key = {"key"};
    EventMark mark;
    Event event = event_of(&key, SLICE("0123456789abcdef"), true);
    event.may_wait = true;
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(event_log_append(cx, &log, db, &event, &mark));
    db_rollback(db);
    event_log_forget(&log);
    EXPECT(log.waiting_count == 0 && mark.sequence == 1);
    EXPECT_OK(db_begin(cx, db));
    event.subject = SLICE("fedcba9876543210");
    EXPECT_OK(event_log_append(cx, &log, db, &event, &mark));
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(mark.sequence == 1 && fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 1);
    store_close(store);
}

TEST("event log: every type that commit writes has a name")
{
    EXPECT(strcmp(commit_event_name(EVENT_RECEIVED), "received") == 0);
    EXPECT(strcmp(commit_event_name(EVENT_MERGED), "merged") == 0);
    EXPECT(strcmp(commit_event_name((EventType)99), "") == 0);
}
