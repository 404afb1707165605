#include "commit/receive.h"

#include "commit/commit_fixture.h"
#include "commit/uuid7.h"

TEST("receive: prepares digests and bytes sealed under the document's own key")
{
    Store *store = fixture_store(cx, "prepare");
    const Arrival arrival = {.tenant = SLICE("local"), .bytes = SLICE("abc")};
    Receiving one, two;
    EXPECT_OK(receive_prepare(cx, store, &arrival, &one));
    EXPECT_OK(receive_prepare(cx, store, &arrival, &two));
    EXPECT(digest_equal(&one.sha256, &two.sha256) && !digest_equal(&one.sha256, &one.sm3));
    EXPECT(memcmp(one.document, two.document, COMMIT_ID_SIZE) != 0);
    EXPECT(memcmp(&one.key, &two.key, sizeof one.key) != 0);
    EXPECT(one.sealed.size == 3 + AEAD_OVERHEAD &&
           slice_find(one.sealed, SLICE("abc")) == SLICE_NONE);
    Slice plain;
    Slice about = event_log_about(cx, SLICE("fapiao/document/v1"), SLICE("local"),
                                  (Slice){(const char *)one.document, COMMIT_ID_SIZE});
    EXPECT_OK(aead_open(cx, &one.key, about, one.sealed, &plain));
    EXPECT(slice_equal(plain, SLICE("abc")));
    EXPECT(aead_open(cx, &two.key, about, one.sealed, &plain) == ERR_CORRUPT);
    store_close(store);
}

TEST("receive: run twice, as after a failed group, it keeps its place in the segment")
{
    Store *store = fixture_store(cx, "twice");
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    Known known = {};
    const Arrival arrival = {
        .tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s"), .bytes = SLICE("abc")};
    Receiving receiving;
    EXPECT_OK(receive_prepare(cx, store, &arrival, &receiving));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(receive_run(cx, &log, &known, db, 1, &receiving));
    StorePlace place = receiving.place;
    db_rollback(db);
    event_log_forget(&log);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(receive_run(cx, &log, &known, db, 1, &receiving));
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(store_sync(cx, store));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(receiving.placed && receiving.place.position == place.position);
    EXPECT(receiving.mark.sequence == 1 &&
           strcmp(receiving.receipt.reference, "R-1970-000001") == 0);
    known_done(&known);
    store_close(store);
}

TEST("receive: bytes are placed ahead when they are new, not when they may be here or be refused")
{
    Store *store = fixture_store(cx, "ahead");
    Db *db = store_writer(store);
    Known known = {};
    EXPECT_OK(known_load(cx, &known, db));
    const Arrival arrival = {.tenant = SLICE("local"), .bytes = SLICE("abc")};
    Receiving one, two, three;
    EXPECT_OK(receive_prepare(cx, store, &arrival, &one));
    EXPECT_OK(receive_place(cx, store, &known, &(Receiving *){&one}, 1));
    StorePlace place = one.place;
    EXPECT_OK(receive_place(cx, store, &known, &(Receiving *){&one}, 1));
    EXPECT(one.placed && one.place.position == place.position);
    known_add(&known, &one.sha256, one.document);
    EXPECT_OK(receive_prepare(cx, store, &arrival, &two));
    EXPECT_OK(receive_place(cx, store, &known, &(Receiving *){&two}, 1));
    EXPECT(!two.placed);
    const Arrival keyed = {
        .tenant = SLICE("local"), .idempotency = SLICE("k"), .bytes = SLICE("def")};
    EXPECT_OK(receive_prepare(cx, store, &keyed, &three));
    EXPECT_OK(receive_place(cx, store, &known, &(Receiving *){&three}, 1));
    EXPECT(!three.placed);
    known_done(&known);
    store_close(store);
}

// Whether it is found among those of the day when it came.
static bool is_found(const Receiving *receiving, uint64_t came_ms)
{
    const Uuid7Range exact = uuid7_range(came_ms, came_ms + 1);
    return memcmp(receiving->document, exact.low, COMMIT_ID_SIZE) >= 0 &&
           memcmp(receiving->document, exact.high, COMMIT_ID_SIZE) < 0;
}

TEST("receive: however long it waited, a document is found among those of the day when it came")
{
    WorldFake fake;
    const uint64_t day = 86'400'000, start = 20'000 * day;
    world_fake_init(&fake, 4, start);
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "waited");
    const Arrival arrival = {.tenant = SLICE("local"), .bytes = SLICE("abc")};
    static const struct {
        int64_t later_ms;
        bool renewed;
    } cases[] = {{0, false},       {1, false},         {600'000, false},
                 {600'001, true},  {-1, false},        {-600'000, false},
                 {-600'001, true}, {86'400'000, true}, {-86'400'000, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Receiving one, was;
        fake.ms = start;
        EXPECT_OK(receive_prepare(&own, store, &arrival, &one));
        one.placed = true;
        was = one;
        fake.ms = (uint64_t)((int64_t)start + cases[i].later_ms);
        EXPECT(receive_is_late(&one, fake.ms) == cases[i].renewed);
        EXPECT_OK(receive_renew(&own, store, fake.ms, &one));
        EXPECT(is_found(&one, fake.ms) && is_found(&was, fake.ms) != cases[i].renewed);
        const bool same = memcmp(one.document, was.document, COMMIT_ID_SIZE) == 0;
        EXPECT(same != cases[i].renewed && one.placed == same);
        EXPECT((memcmp(&one.key, &was.key, sizeof one.key) == 0) == same);
        Slice plain, about = event_log_about(&own, SLICE("fapiao/document/v1"), SLICE("local"),
                                             (Slice){(const char *)one.document, COMMIT_ID_SIZE});
        EXPECT_OK(aead_open(&own, &one.key, about, one.sealed, &plain));
        EXPECT(slice_equal(plain, SLICE("abc")) && digest_equal(&one.sha256, &was.sha256));
    }
    store_close(store);
    cx_done(&own);
}
