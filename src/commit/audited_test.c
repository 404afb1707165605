#include "commit/audited.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"

static AuditNote note_of(const char *act)
{
    return (AuditNote){.tenant = SLICE("local"),
                       .actor = SLICE("u-01"),
                       .source = SLICE("test"),
                       .address = SLICE("203.0.113.7"),
                       .act = slice_of(act),
                       .object_kind = SLICE("node"),
                       .object = SLICE("w1")};
}

// The body of the newest event.
static EventBody newest(Cx *cx, Store *store, Db *db)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query(cx, db,
                       "SELECT tenant, subject, leaf_hash, content FROM event "
                       "ORDER BY sequence DESC LIMIT 1",
                       NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    AeadKey key;
    Slice canonical;
    EventBody body;
    EXPECT_OK(store_key_find(cx, store, db, db_col_text(rows, 0), db_col_blob(rows, 1), &key));
    EXPECT_OK(event_log_open(cx, &key, db_col_blob(rows, 2), db_col_blob(rows, 3), &canonical));
    EXPECT_OK(event_body_parse(cx, canonical, &body));
    return body;
}

TEST("audited: a tenant's month is one chain, in China's time, under one key")
{
    Store *store = fixture_store(cx, "months");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    const AuditNote local = note_of("node.add");
    AuditNote other = local, platform = local;
    other.tenant = SLICE("other");
    platform.tenant = SLICE("");
    static const uint64_t last = UINT64_C(1'767'196'799'000); // 2025-12-31 23:59:59 +08:00
    const struct {
        const AuditNote *note;
        uint64_t time_ms;
        uint64_t follows;
        const char *subject;
    } cases[] = {
        {&local, last, 0, "audit-000-202512"},        {&platform, last, 0, "audit-000-202512"},
        {&local, last, 1, "audit-000-202512"},        {&local, last + 1000, 0, "audit-000-202601"},
        {&other, last + 1000, 0, "audit-000-202601"}, {&local, last, 3, "audit-000-202512"},
        {&platform, last, 2, "audit-000-202512"},
    };
    EventMark mark;
    EXPECT_OK(db_begin(cx, db));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT_OK(audited_append(cx, &log, db, cases[i].time_ms, cases[i].note, ERR_OK, &mark));
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(db_commit(cx, db));
    AUTO_ROWS DbRows *rows = NULL;
    EXPECT_OK(db_query(cx, db, "SELECT subject, follows, type, tenant FROM event ORDER BY sequence",
                       NULL, 0, &rows));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool row = false;
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && slice_equal(db_col_blob(rows, 0), slice_of(cases[i].subject)));
        EXPECT(db_col_blob(rows, 0).size == COMMIT_ID_SIZE);
        EXPECT(db_col_int(rows, 1) == (int64_t)cases[i].follows);
        EXPECT(db_col_int(rows, 2) == LEAF_AUDITED);
        EXPECT(slice_equal(db_col_text(rows, 3), cases[i].note->tenant));
    }
    db_rows_close(rows);
    rows = NULL;
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM content_key") == 4);
    store_close(store);
}

TEST("audited: it says what the note says, and how it went")
{
    Store *store = fixture_store(cx, "says");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    static const struct {
        Err err;
        const char *said, *result;
    } cases[] = {
        {ERR_OK, "", "done"},
        {ERR_OK, "refused", "refused"},
        {ERR_DENIED, "", "refused"},
        {ERR_CONFLICT, "done", "refused"},
        {ERR_INPUT, "", "refused"},
        {ERR_LIMIT, "", "refused"},
        {ERR_MISSING, "", "refused"},
        {ERR_STORE, "", "failed"},
        {ERR_CORRUPT, "done", "failed"},
    };
    EventMark mark;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AuditNote note = note_of("node.add");
        note.before = SLICE("{\"name\":\"甲\"}");
        note.result = slice_of(cases[i].said);
        EXPECT_OK(audited_append(cx, &log, db, 1, &note, cases[i].err, &mark));
        const EventBody body = newest(cx, store, db);
        EXPECT(slice_equal(body.result, slice_of(cases[i].result)));
        EXPECT(slice_equal(body.event, SLICE("audited")) && slice_equal(body.act, note.act));
        EXPECT(slice_equal(body.address, note.address) && slice_equal(body.object, note.object));
        EXPECT(slice_equal(body.before, note.before) && slice_empty(body.after));
    }
    store_close(store);
}

TEST("audited: what is long or no text is cut, cleaned, or named by its digest")
{
    Store *store = fixture_store(cx, "clean");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    EventMark mark;
    AuditNote note = note_of("a\nb\xFF");
    char *longer = arena_alloc(&cx->arena, LIMIT_AUDIT_VALUE_BYTES + 1);
    memset(longer, 'x', LIMIT_AUDIT_VALUE_BYTES + 1);
    note.object = (Slice){longer, LIMIT_AUDIT_VALUE_BYTES};
    note.before = (Slice){longer, LIMIT_AUDIT_VALUE_BYTES};
    note.after = (Slice){longer, LIMIT_AUDIT_VALUE_BYTES + 1};
    EXPECT_OK(audited_append(cx, &log, db, 1, &note, ERR_OK, &mark));
    const EventBody body = newest(cx, store, db);
    EXPECT(slice_equal(body.act, SLICE("a?b?")));
    EXPECT(body.object.size == LIMIT_AUDIT_NAME_BYTES);
    EXPECT(slice_equal(body.before, note.before));
    EXPECT(slice_starts(body.after, SLICE("{\"bytes\":\"4097\",\"sha256\":\"")));
    note.tenant = (Slice){longer, EVENT_LOG_TENANT_SIZE + 1};
    EXPECT(audited_append(cx, &log, db, 1, &note, ERR_OK, &mark) == ERR_INPUT);
    store_close(store);
}

TEST("audited: behind an erased month a new chain begins")
{
    Store *store = fixture_store(cx, "erased");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    const AuditNote note = note_of("node.add");
    EventMark mark;
    EXPECT_OK(audited_append(cx, &log, db, 1, &note, ERR_OK, &mark));
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO meta (name, value) VALUES ('erasing', x'01'); "
                        "DELETE FROM content_key; DELETE FROM meta WHERE name = 'erasing'"));
    EXPECT_OK(audited_append(cx, &log, db, 1, &note, ERR_OK, &mark));
    EXPECT_OK(audited_append(cx, &log, db, 1, &note, ERR_OK, &mark));
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM event WHERE subject = "
                         "CAST('audit-001-197001' AS BLOB)") == 2);
    EXPECT(fixture_count(cx, store, "SELECT follows FROM event WHERE sequence = 2") == 0);
    EXPECT(fixture_count(cx, store, "SELECT follows FROM event WHERE sequence = 3") == 2);
    store_close(store);
}
