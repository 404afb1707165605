#include "commit/known.h"

#include "commit/commit_fixture.h"
#include "commit/receive.h"

static Digest digest_no(uint64_t i)
{
    return digest_of(DIGEST_SHA256, (Slice){(const char *)&i, sizeof i});
}

// Whether the head of the document of number `i` is among those that the set gives for `digest`.
static bool gives(const Known *known, const Digest *digest, uint64_t i)
{
    uint8_t head[KNOWN_HEAD_SIZE];
    bool found = false;
    for (size_t at = 0; known_next(known, digest, &at, head);)
        found = found || memcmp(head, &i, sizeof head) == 0;
    return found;
}

static void add_no(Known *known, uint64_t of, uint64_t document)
{
    uint8_t id[COMMIT_ID_SIZE] = {};
    memcpy(id, &document, sizeof document);
    Digest digest = digest_no(of);
    known_add(known, &digest, id);
}

TEST("known: it says where each document may lie, through many doublings, and grows by none twice")
{
    Store *store = fixture_store(cx, "many");
    Known known = {};
    EXPECT_OK(known_load(cx, &known, store_writer(store)));
    EXPECT(known.count == 0);
    for (uint64_t i = 1; i <= 30'000; i++)
        add_no(&known, i, i);
    EXPECT(known.count == 30'000 && known.room == 65'536);
    add_no(&known, 7, 7);
    EXPECT(known.count == 30'000);
    add_no(&known, 7, 8); // the same bytes for another tenant
    size_t strangers = 0;
    for (uint64_t i = 1; i <= 30'000; i++) {
        Digest there = digest_no(i), other = digest_no(i + 1'000'000);
        uint8_t head[KNOWN_HEAD_SIZE];
        size_t at = 0;
        EXPECT(gives(&known, &there, i));
        strangers += known_next(&known, &other, &at, head);
    }
    Digest seven = digest_no(7);
    EXPECT(gives(&known, &seven, 8));
    EXPECT(strangers < 10); // 32 bits of a digest
    known_done(&known);
    store_close(store);
}

static int64_t same_count(Cx *cx, Store *store)
{
    return fixture_count(cx, store, "SELECT COUNT(*) FROM document WHERE same_as IS NOT NULL");
}

// Receives in one transaction, which is taken back where it is not kept.
static void receive(Cx *cx, Store *store, Known *known, Slice tenant, Slice bytes, bool keep)
{
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    const Arrival arrival = {
        .tenant = tenant, .actor = SLICE("a"), .source = SLICE("s"), .bytes = bytes};
    Receiving receiving;
    EXPECT_OK(receive_prepare(cx, store, &arrival, &receiving));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(receive_run(cx, &log, known, db, 1, &receiving));
    EXPECT_OK(event_log_flush(cx, &log, db));
    if (keep)
        EXPECT_OK(db_commit(cx, db));
    else
        db_rollback(db);
}

TEST("known: what was taken back is not known; another tenant's is not; what lies in a folder is")
{
    Store *store = fixture_store(cx, "facts");
    Known known = {}, later = {};
    receive(cx, store, &known, SLICE("one"), SLICE("bytes"), false);
    receive(cx, store, &known, SLICE("one"), SLICE("bytes"), true);
    EXPECT(same_count(cx, store) == 0);
    receive(cx, store, &known, SLICE("two"), SLICE("bytes"), true);
    EXPECT(same_count(cx, store) == 0);
    receive(cx, store, &known, SLICE("two"), SLICE("bytes"), true);
    EXPECT(same_count(cx, store) == 1);
    receive(cx, store, &later, SLICE("one"), SLICE("bytes"), true);
    EXPECT(same_count(cx, store) == 2);
    EXPECT(later.count == 2);
    receive(cx, store, &later, SLICE("one"), SLICE("others"), true);
    EXPECT(same_count(cx, store) == 2 && later.count == 3);
    known_done(&known);
    known_done(&later);
    store_close(store);
}
