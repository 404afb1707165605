#include "desk/people/audit_log/audit_log.h"

#include "base/limits.h"
#include "commit/audited.h"
#include "publish/publish_fixture.h"

#define NOW UINT64_C(1'795'233'600'000) // 2026-11-21T04:00:00Z

// A folder whose entries are made one by one at times of our own.
typedef struct Folder {
    Store *store;
    EventLog log;
    Db *db;
} Folder;

static Folder folder_open(Cx *cx, const char *name)
{
    Folder folder = {.store = fixture_store(cx, name)};
    folder.db = store_writer(folder.store);
    folder.log = (EventLog){.store = folder.store, .fold = fold_fact};
    return folder;
}

static AuditNote note_of(const char *tenant, const char *actor, const char *act, Slice object)
{
    return (AuditNote){.tenant = slice_of(tenant),
                       .actor = slice_of(actor),
                       .source = SLICE("http"),
                       .address = SLICE("203.0.113.7"),
                       .act = slice_of(act),
                       .object_kind = SLICE("account"),
                       .object = object,
                       .before = SLICE("{\"roles\":\"reader\"}"),
                       .after = SLICE("{\"roles\":\"accountant\"}")};
}

static void put(Cx *cx, Folder *folder, uint64_t time_ms, const AuditNote *note, Err err)
{
    EventMark mark;
    EXPECT_OK(audited_append(cx, &folder->log, folder->db, time_ms, note, err, &mark));
}

// 40 entries of two organisations and the platform, ten a minute; every fifth was refused.
static void fill(Cx *cx, Folder *folder)
{
    static const char *const tenants[] = {"local", "other", "", "local"};
    for (size_t i = 0; i < 40; i++) {
        const AuditNote note =
            note_of(tenants[i % 4], i % 8 < 4 ? "u-01" : "u-02",
                    i % 3 == 0 ? "member.change" : "node.add", cx_printf(cx, "u-%zu", i % 10));
        put(cx, folder, NOW + i / 10 * 60'000, &note, i % 5 == 0 ? ERR_DENIED : ERR_OK);
    }
}

// All pages of a query, of `limit` each: how many entries; each is newer than the next.
static size_t read_all(Cx *cx, const Folder *folder, AuditLogQuery query, size_t limit)
{
    size_t count = 0;
    AuditLogEntry before = {.time_ms = UINT64_MAX};
    query.limit = limit;
    for (;;) {
        AuditLogPage page;
        EXPECT_OK(audit_log_page(cx, folder->store, folder->db, &query, &page));
        EXPECT(page.count <= limit);
        for (size_t i = 0; i < page.count; i++) {
            const AuditLogEntry *entry = &page.entries[i];
            EXPECT(before.time_ms > entry->time_ms ||
                   (before.time_ms == entry->time_ms && before.sequence > entry->sequence));
            EXPECT(query.all || slice_equal(entry->tenant, query.tenant));
            EXPECT(slice_equal(entry->address, SLICE("203.0.113.7")));
            EXPECT(slice_equal(entry->before, SLICE("{\"roles\":\"reader\"}")));
            EXPECT(!entry->erased && slice_equal(entry->source, SLICE("http")));
            before = *entry;
        }
        count += page.count;
        if (slice_empty(page.next)) return count;
        query.cursor = page.next;
    }
}

TEST("audit log: each filter finds what it should, in pages of any size, with documents or without")
{
    Folder folder = folder_open(cx, "filters");
    fill(cx, &folder);
    const Slice local = SLICE("local");
    static const size_t limits[] = {1, 3, 7, 100};
    const struct {
        AuditLogQuery query;
        size_t count;
    } cases[] = {
        {{.all = true}, 40},
        {{.tenant = local}, 20},
        {{.tenant = SLICE("")}, 10},
        {{.tenant = SLICE("nobody")}, 0},
        {{.tenant = local, .actor = SLICE("u-01")}, 10},
        {{.tenant = local, .act = SLICE("member.change")}, 8},
        {{.tenant = local, .object_kind = SLICE("account"), .object = SLICE("u-0")}, 2},
        {{.all = true, .object = SLICE("u-0")}, 4},
        {{.all = true, .result = SLICE("refused")}, 8},
        {{.tenant = local, .actor = SLICE("u-01"), .result = SLICE("refused")}, 2},
        {{.all = true, .from_ms = NOW + 60'000}, 30},
        {{.all = true, .from_ms = NOW + 60'000, .to_ms = NOW + 120'000}, 10},
        {{.all = true, .to_ms = NOW}, 0},
        {{.all = true, .from_ms = UINT64_MAX}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t n = 0; n < sizeof limits / sizeof limits[0]; n++)
            for (int documents = 0; documents < 2; documents++) {
                AuditLogQuery query = cases[i].query;
                query.documents = documents == 1;
                EXPECT(read_all(cx, &folder, query, limits[n]) == cases[i].count);
            }
    store_close(folder.store);
}

TEST("audit log: documents' own events say who did what among the entries")
{
    Store *store = fixture_store(cx, "documents");
    Committer *committer = NULL;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    const Receipt receipt = fixture_receive(cx, committer, SLICE("bytes"), SLICE(""));
    const AuditNote note = note_of("local", "u-01", "node.add", SLICE("w1"));
    EXPECT_OK(commit_audit(cx, committer, &note));
    commit_close(committer);
    AuditLogPage page;
    AuditLogQuery query = {.tenant = SLICE("local"), .documents = true};
    EXPECT_OK(audit_log_page(cx, store, store_writer(store), &query, &page));
    EXPECT(page.count == 2 && page.erased == 0 && slice_empty(page.next));
    EXPECT(slice_equal(page.entries[0].act, SLICE("node.add")));
    EXPECT(slice_equal(page.entries[1].act, SLICE("document.received")));
    EXPECT(slice_equal(page.entries[1].object, slice_of(receipt.reference)));
    EXPECT(slice_equal(page.entries[1].actor, SLICE("local")));
    EXPECT(slice_equal(page.entries[1].source, SLICE("test")));
    query.act = SLICE("document.received");
    EXPECT_OK(audit_log_page(cx, store, store_writer(store), &query, &page));
    EXPECT(page.count == 1);
    query.documents = false;
    EXPECT_OK(audit_log_page(cx, store, store_writer(store), &query, &page));
    EXPECT(page.count == 0);
    store_close(store);
}

TEST("audit log: of an erased month it shows who did what and when, and counts what is gone")
{
    Folder folder = folder_open(cx, "erased");
    const AuditNote note = note_of("local", "u-01", "member.change", SLICE("u-1"));
    put(cx, &folder, NOW, &note, ERR_OK);
    EXPECT_OK(db_script(cx, folder.db,
                        "INSERT INTO meta (name, value) VALUES ('erasing', x'01'); "
                        "DELETE FROM content_key; DELETE FROM meta WHERE name = 'erasing'"));
    put(cx, &folder, NOW + 1, &note, ERR_OK);
    const AuditLogQuery query = {.tenant = SLICE("local")};
    AuditLogPage page;
    EXPECT_OK(audit_log_page(cx, folder.store, folder.db, &query, &page));
    EXPECT(page.count == 2 && page.erased == 1);
    EXPECT(!page.entries[0].erased && !slice_empty(page.entries[0].address));
    EXPECT(page.entries[1].erased && slice_empty(page.entries[1].address));
    EXPECT(slice_empty(page.entries[1].before) &&
           slice_equal(page.entries[1].act, SLICE("member.change")));
    store_close(folder.store);
}

TEST("audit log: a page looks at so many rows and no more, and says where to go on")
{
    Folder folder = folder_open(cx, "scan");
    AuditNote note = note_of("local", "u-01", "node.add", SLICE("rare"));
    put(cx, &folder, NOW, &note, ERR_OK);
    note.object = SLICE("often");
    EXPECT_OK(db_begin(cx, folder.db));
    for (size_t i = 0; i < LIMIT_AUDIT_LOG_SCAN; i++) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        put(&own, &folder, NOW + 1, &note, ERR_OK);
        cx_done(&own);
    }
    EXPECT_OK(event_log_flush(cx, &folder.log, folder.db));
    EXPECT_OK(db_commit(cx, folder.db));
    for (int documents = 0; documents < 2; documents++) {
        AuditLogQuery query = {.all = true, .object = SLICE("rare"), .documents = documents == 1};
        AuditLogPage page;
        EXPECT_OK(audit_log_page(cx, folder.store, folder.db, &query, &page));
        EXPECT(page.count == 0 && page.scanned == LIMIT_AUDIT_LOG_SCAN);
        query.cursor = page.next;
        EXPECT_OK(audit_log_page(cx, folder.store, folder.db, &query, &page));
        EXPECT(page.count == 1 && slice_empty(page.next));
    }
    store_close(folder.store);
}

TEST("audit log: times and cursors that are none are refused")
{
    static const struct {
        const char *text;
        bool end;
        uint64_t ms;
    } times[] = {
        {"2026-11-21", false, UINT64_C(1'795'190'400'000)},
        {"2026-11-21", true, UINT64_C(1'795'276'800'000)},
        {"2026-11-21T04:00:00Z", false, NOW},
        {"2026-11-21T04:00:00.123Z", true, NOW + 123},
    };
    uint64_t ms = 0;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        EXPECT_OK(audit_log_time(cx, slice_of(times[i].text), times[i].end, &ms));
        EXPECT(ms == times[i].ms);
    }
    static const char *const bad[] = {"",
                                      "x",
                                      "2026-13-01",
                                      "2026-11-21T04:00:00",
                                      "20261121",
                                      "2026-11-21T24:00:00Z",
                                      "2026-11-21T04:00:00.12Z",
                                      "2026-11-21 04:00:00Z",
                                      "1969-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(audit_log_time(cx, slice_of(bad[i]), false, &ms) == ERR_INPUT);
    Folder folder = folder_open(cx, "cursors");
    static const char *const cursors[] = {
        "x", "1", "1.", ".1", "1.0", "1.x", "99999999999999999999.1", "1.9223372036854775808"};
    for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++) {
        const AuditLogQuery query = {.all = true, .cursor = slice_of(cursors[i])};
        AuditLogPage page;
        EXPECT(audit_log_page(cx, folder.store, folder.db, &query, &page) == ERR_INPUT);
    }
    store_close(folder.store);
}

TEST("audit log: who audits the platform reads all, an administrator their own organisation's")
{
    PermissionActor local = permission_actor(PERMISSION_LOCAL);
    PermissionActor audit = permission_actor(PERMISSION_ACCOUNT);
    audit.acts = ACTS_ALL;
    audit.strong = true;
    audit.tenant = SLICE("");
    PermissionActor admin = audit, reader = audit, stranger = permission_actor(PERMISSION_STRANGER);
    audit.roles = ROLE_BIT(ROLE_AUDIT_ADMIN);
    admin.roles = ROLE_BIT(ROLE_ORG_ADMIN);
    reader.roles = ROLE_BIT(ROLE_READER);
    admin.tenant = reader.tenant = SLICE("one");
    AuditLogQuery query = {};
    EXPECT_OK(audit_log_scope(cx, &local, SLICE(""), &query));
    EXPECT(query.all);
    EXPECT_OK(audit_log_scope(cx, &audit, SLICE(""), &query));
    EXPECT(query.all);
    EXPECT_OK(audit_log_scope(cx, &audit, SLICE("one"), &query));
    EXPECT(!query.all && slice_equal(query.tenant, SLICE("one")));
    EXPECT_OK(audit_log_scope(cx, &audit, SLICE("platform"), &query));
    EXPECT(!query.all && slice_empty(query.tenant));
    EXPECT_OK(audit_log_scope(cx, &admin, SLICE(""), &query));
    EXPECT(!query.all && slice_equal(query.tenant, SLICE("one")));
    EXPECT_OK(audit_log_scope(cx, &admin, SLICE("one"), &query));
    EXPECT(audit_log_scope(cx, &admin, SLICE("two"), &query) == ERR_DENIED);
    EXPECT(audit_log_scope(cx, &admin, SLICE("platform"), &query) == ERR_DENIED);
    EXPECT(audit_log_scope(cx, &reader, SLICE(""), &query) == ERR_DENIED);
    EXPECT(audit_log_scope(cx, &stranger, SLICE(""), &query) == ERR_DENIED);
}
