#include "desk/people/audit_log/audit_log_refused.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "desk/people/audit_log/audit_log.h"
#include "publish/fold.h"

static uint64_t clock_ms;
static uint64_t clock_now(void *self)
{
    (void)self;
    return clock_ms;
}

typedef struct Folder {
    World world;
    Store *store;
    Committer *committer;
    AuditLogRefused *refused;
} Folder;

static void folder_open(Cx *cx, Folder *folder, const char *name)
{
    clock_ms = UINT64_C(1'795'233'600'000);
    folder->world = *world_real();
    folder->world.now_ms = clock_now;
    cx->world = &folder->world;
    folder->store = fixture_store(cx, name);
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, folder->store, &options, &folder->committer));
    EXPECT_OK(audit_log_refused_open(cx, folder->committer, &folder->refused));
}

// Everything that was written, newest first.
static AuditLogPage folder_close(Cx *cx, Folder *folder)
{
    audit_log_refused_flush(folder->refused, cx, true);
    audit_log_refused_close(folder->refused);
    commit_close(folder->committer);
    const AuditLogQuery query = {.all = true, .limit = LIMIT_AUDIT_LOG_PAGE_MAX};
    AuditLogPage page;
    EXPECT_OK(audit_log_page(cx, folder->store, store_writer(folder->store), &query, &page));
    store_close(folder->store);
    return page;
}

static void refuse(Cx *cx, Folder *folder, Slice who, const char *act)
{
    const AuditNote note = {.actor = SLICE("stranger"),
                            .source = SLICE("http"),
                            .address = SLICE("203.0.113.7"),
                            .act = slice_of(act),
                            .object = SLICE("/api/v1/documents"),
                            .result = SLICE("done")};
    audit_log_refused(folder->refused, cx, &note, who);
}

TEST("audit log refused: the first is written at once, the others of its minute as a number")
{
    Folder folder;
    folder_open(cx, &folder, "minute");
    for (int i = 0; i < 50; i++)
        refuse(cx, &folder, SLICE("203.0.113.0/24"), "read_documents");
    refuse(cx, &folder, SLICE("203.0.113.0/24"), "hand_in"); // another act
    clock_ms += 60'000;
    refuse(cx, &folder, SLICE("203.0.113.0/24"), "read_documents"); // another minute
    const AuditLogPage page = folder_close(cx, &folder);
    EXPECT(page.count == 4);
    size_t counts = 0;
    for (size_t i = 0; i < page.count; i++) {
        const AuditLogEntry *entry = &page.entries[i];
        EXPECT(slice_equal(entry->result, SLICE("refused")));
        EXPECT(slice_equal(entry->address, SLICE("203.0.113.7")));
        if (slice_empty(entry->after)) {
            EXPECT(slice_equal(entry->object, SLICE("/api/v1/documents")));
            continue;
        }
        counts++;
        EXPECT(slice_equal(entry->after,
                           SLICE("{\"count\":\"49\",\"from\":\"2026-11-21T04:00:00.000Z\","
                                 "\"to\":\"2026-11-21T04:00:00.000Z\"}")));
    }
    EXPECT(counts == 1);
}

TEST("audit log refused: ten thousand strangers from ten thousand blocks write no more than a few")
{
    Folder folder;
    folder_open(cx, &folder, "flood");
    for (int i = 0; i < 10'000; i++) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_MIB);
        refuse(&own, &folder, cx_printf(&own, "block %d", i), "verify");
        cx_done(&own);
    }
    const AuditLogPage page = folder_close(cx, &folder);
    EXPECT(page.count == LIMIT_AUDIT_REFUSED + 1);
    size_t others = 0;
    for (size_t i = 0; i < page.count; i++)
        if (slice_equal(page.entries[i].actor, SLICE("others"))) {
            others++;
            Slice count = cx_printf(cx, "{\"count\":\"%zu\"", 10'000 - LIMIT_AUDIT_REFUSED);
            EXPECT(slice_starts(page.entries[i].after, count));
        }
    EXPECT(others == 1);
}

TEST("audit log refused: a log that is halted refuses nobody less")
{
    Folder folder;
    folder_open(cx, &folder, "halted");
    commit_halt(folder.committer, "it went back");
    refuse(cx, &folder, SLICE("a"), "verify");
    commit_halt(folder.committer, NULL);
    refuse(cx, &folder, SLICE("a"), "verify");
    const AuditLogPage page = folder_close(cx, &folder);
    EXPECT(page.count == 1 && !slice_empty(page.entries[0].after));
}
