#include "desk/people/erasure/erasure.h"

#include "base/base64.h"
#include "commit/commit_fixture.h"
#include "commit/commit_wait.h"

TEST("erasure: a request as JSON; nobody has decided it: null")
{
    ErasureRequest request = {.tenant = SLICE("local"),
                              .id = SLICE("\x01\x02"),
                              .reference = SLICE("R-2026-000001"),
                              .reason = SLICE("wrong_upload"),
                              .asked_by = SLICE("u-1"),
                              .asked_name = SLICE("王"),
                              .decided_by = SLICE(""),
                              .state = SLICE("asked"),
                              .asked_ms = 0,
                              .expires_ms = UINT64_C(30 * 86'400'000)};
    const ErasurePage page = {&request, 1, SLICE("0102")};
    Slice json;
    EXPECT_OK(erasure_print_page(cx, &page, &json));
    EXPECT(slice_equal(
        json,
        SLICE(
            "{\"items\":[{\"id\":\"0102\",\"organisation\":\"local\",\"reference\":"
            "\"R-2026-000001\",\"reason\":\"wrong_upload\",\"asked_by\":\"u-1\",\"asked_name\":"
            "\"王\",\"asked_at\":"
            "\"1970-01-01T00:00:00.000Z\",\"decided_by\":\"\",\"decided_name\":\"\",\"decided_at\":"
            "null,\"expires_at\":\"1970-01-31T00:00:00.000Z\",\"state\":\"asked\"}],\"next_"
            "cursor\":\"0102\"}")));
}

TEST("erasure: who may not ask or decide is refused before anything is looked up")
{
    const PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    const ErasureDesk desk = {};
    ErasureRequest request;
    EXPECT(erasure_ask(cx, &desk, &stranger, SLICE("R-2026-000001"), SLICE("court_order"),
                       &request) == ERR_DENIED);
    EXPECT(erasure_decide(cx, &desk, &stranger, SLICE("00"), true, &request) == ERR_DENIED);
}

#define BEGUN UINT64_C(1'790'000'000'000)
#define DAY   UINT64_C(86'400'000)

typedef struct Asked {
    const char *id, *reference;
    uint64_t asked_ms;
} Asked;

static Err ask_work(Cx *cx, Db *db, void *self)
{
    const Asked *asked = self;
    return db_run(cx, db,
                  "INSERT INTO erasure_request (tenant, id, reference, reason, asked_by, asked_ms, "
                  "decided_by, decided_ms, state) "
                  "VALUES ('local', $1, $2, 'court_order', 'u-1', $3, '', 0, 'asked')",
                  DB_VALUES(db_blob(slice_of(asked->id)), db_text(slice_of(asked->reference)),
                            db_int((int64_t)asked->asked_ms)),
                  NULL);
}

static Err days_work(Cx *cx, Db *db, void *self)
{
    const char *days = self;
    return db_run(cx, db,
                  "INSERT INTO policy (tenant, name, value, changed_ms) VALUES ('', $1, $2, 0)",
                  DB_VALUES(db_text(ERASURE_POLICY_DAYS), db_blob(slice_of(days))), NULL);
}

// The states of all, newest first, with a comma behind each.
static Slice states(Cx *cx, const ErasureDesk *desk, const PermissionActor *actor)
{
    Db *db = NULL;
    ErasurePage page;
    Slice all = SLICE("");
    EXPECT_OK(store_take(cx, desk->store, &db));
    EXPECT_OK(erasure_list(cx, db, actor, SLICE(""), &page));
    store_give(desk->store, db);
    for (size_t i = 0; i < page.count; i++)
        all = cx_printf(cx, SLICE_FMT SLICE_FMT ",", SLICE_ARG(all),
                        SLICE_ARG(page.requests[i].state));
    return all;
}

static int64_t entries(Cx *cx, const ErasureDesk *desk)
{
    Db *db = NULL;
    int64_t count = 0;
    EXPECT_OK(store_take(cx, desk->store, &db));
    {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db,
                           "SELECT COUNT(*) FROM event WHERE type = 19 AND actor = 'system'", NULL,
                           0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        count = db_col_int(rows, 0);
    }
    store_give(desk->store, db);
    return count;
}

TEST("erasure: a request waits as long as the policy says, then expires; the audit log says so")
{
    WorldFake world;
    world_fake_init(&world, 1, BEGUN);
    cx->world = &world.world;
    ErasureDesk desk = {.store = fixture_store(cx, "expire")};
    EXPECT_OK(commit_open(cx, desk.store, &(CommitOptions){}, &desk.committer));
    Asked asked[] = {{"0123456789abcde1", "R-2026-000001", BEGUN},
                     {"0123456789abcde2", "R-2026-000002", BEGUN + 5 * DAY}};
    for (size_t i = 0; i < 2; i++)
        EXPECT_OK(commit_wait_work(cx, desk.committer, ask_work, &asked[i]));
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    const Slice id = base64_hex(cx, slice_of(asked[0].id));
    ErasureRequest request;
    size_t count = 9;

    // Without a word of the policy: thirty days.
    world.ms = BEGUN + 30 * DAY;
    EXPECT_OK(erasure_expire(cx, &desk, &count));
    EXPECT(count == 0 && slice_equal(states(cx, &desk, &local), SLICE("asked,asked,")));
    world.ms++;
    EXPECT(slice_equal(states(cx, &desk, &local), SLICE("asked,expired,")));
    EXPECT(erasure_decide(cx, &desk, &local, id, false, &request) == ERR_CONFLICT);
    EXPECT(slice_equal(err_text(cx), SLICE("it is expired")));
    EXPECT(entries(cx, &desk) == 1); // said by who decided too late
    EXPECT_OK(erasure_expire(cx, &desk, &count));
    EXPECT(count == 0 && entries(cx, &desk) == 1);

    // A policy that is stricter holds for what is asked already.
    EXPECT_OK(commit_wait_work(cx, desk.committer, days_work, (void *)(uintptr_t) "3"));
    EXPECT_OK(erasure_expire(cx, &desk, &count));
    EXPECT(count == 1 && entries(cx, &desk) == 2);
    EXPECT(slice_equal(states(cx, &desk, &local), SLICE("expired,expired,")));
    commit_close(desk.committer);
    store_close(desk.store);
}
