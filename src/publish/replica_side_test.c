#include "publish/replica_side.h"

#include <stdio.h>

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "commit/commit_wait.h"
#include "publish/fold.h"
#include "publish/replica_row.h"

// A folder with a log, and the bytes that one of its rows or another's would come in.
typedef struct Place {
    Store *store;
    Committer *committer;
    Log *log;
    ReplicaSide side;
    Slice bytes;
    bool more;
} Place;

static void place_open(Cx *cx, Place *place, const char *name)
{
    *place = (Place){.store = fixture_store(cx, name)};
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, place->store, &options, &place->committer));
    EXPECT_OK(log_open(cx, place->store, SLICE("log.example/side"), &place->log));
}

static void place_close(Place *place)
{
    commit_close(place->committer);
    log_close(place->log);
    store_close(place->store);
}

static Err take_work(Cx *cx, Db *db, void *self)
{
    Place *place = self;
    return replica_side_take(cx, db, place->log, place->bytes, &place->side, &place->more);
}

static Err take(Cx *cx, Place *place, Slice bytes)
{
    place->bytes = bytes;
    return commit_wait_work(cx, place->committer, take_work, place);
}

static Slice pack(Cx *cx, const Place *place, const ReplicaSide *after)
{
    Db *db = NULL;
    Slice bytes;
    EXPECT_OK(store_take(cx, place->store, &db));
    EXPECT_OK(replica_side_pack(cx, db, after, &bytes));
    store_give(place->store, db);
    return bytes;
}

static Slice sign(Cx *cx, const Log *log, Slice text)
{
    Slice lines[LOG_KEYS], note;
    for (size_t i = 0; i < LOG_KEYS; i++)
        EXPECT_OK(note_sign(cx, &log_keys(log)[i], log_signers(log)[i], text, 0, &lines[i]));
    EXPECT_OK(note_print(cx, text, lines, LOG_KEYS, &note));
    return note;
}

// Signed at `day`'s last digit, in ms.
static ReplicaRow statement_of(Cx *cx, const Log *log, Slice tenant, const char *day, int64_t size)
{
    int64_t time_ms = day[strlen(day) - 1] - '0';
    Slice text = cx_printf(
        cx, "log.example/side/statement\ntenant " SLICE_FMT "\nday %s\nlog %lld x\ntime %lld\n",
        SLICE_ARG(tenant), day, (long long)size, (long long)time_ms);
    return (ReplicaRow){.table = REPLICA_STATEMENT,
                        .count = 5,
                        .values = {db_text(tenant), db_text(slice_of(day)), db_int(size),
                                   db_blob(sign(cx, log, text)), db_int(time_ms)}};
}

static ReplicaRow statement(Cx *cx, const Log *log, const char *day, int64_t size)
{
    return statement_of(cx, log, SLICE("local"), day, size);
}

static ReplicaRow refusal(Cx *cx, int n, int64_t time_ms)
{
    return (ReplicaRow){.table = REPLICA_REFUSAL,
                        .count = 6,
                        .values = {db_text(SLICE("local")), db_blob(cx_printf(cx, "%016d", n)),
                                   db_text(SLICE("http")), db_text(SLICE("empty")), db_int(0),
                                   db_int(time_ms)}};
}

static Slice packed(Cx *cx, const ReplicaRow *rows, size_t count)
{
    Text text = text_open(cx, LIMIT_MIB);
    text_add(&text, SLICE("fapiao-side-2\n"));
    for (size_t i = 0; i < count; i++)
        replica_row_print(&text, &rows[i]);
    return text_so_far(&text);
}

TEST("replica_side: what was packed is taken once, in steps, and the newest is where it goes on")
{
    Place place, other;
    ReplicaRow rows[REPLICA_SIDE_ROWS + 3];
    place_open(cx, &place, "one");
    place_open(cx, &other, "two");
    for (int i = 0; i < REPLICA_SIDE_ROWS + 3; i++)
        rows[i] = refusal(cx, i, 1'000'000 + i / 2);
    EXPECT_OK(take(cx, &place, packed(cx, rows, REPLICA_SIDE_ROWS + 3)));
    const ReplicaRow days[] = {statement(cx, place.log, "2026-01-01", 0),
                               statement(cx, place.log, "2026-01-02", 0)};
    EXPECT_OK(take(cx, &place, packed(cx, days, 2)));
    // Again, as of one who never ends: refused, and nothing happens.
    EXPECT(take(cx, &place, packed(cx, days, 2)) == ERR_INPUT);
    EXPECT(take(cx, &place, packed(cx, rows, 1)) == ERR_INPUT);
    EXPECT(take(cx, &place, packed(cx, &rows[REPLICA_SIDE_ROWS + 2], 1)) == ERR_INPUT);
    const ReplicaRow never = refusal(cx, 9, -1), spelt = statement(cx, place.log, "2026/01/03", 0);
    EXPECT(take(cx, &place, packed(cx, &never, 1)) == ERR_INPUT);
    EXPECT(take(cx, &place, packed(cx, &spelt, 1)) == ERR_CORRUPT);
    Slice first = pack(cx, &place, &other.side);
    // The other folder has other keys: the days are not its log's. Refusals are taken before.
    EXPECT(take(cx, &other, first) == ERR_CORRUPT);
    EXPECT(fixture_count(cx, other.store, "SELECT COUNT(*) FROM refusal") == 0);
    Place again = place;
    again.side = (ReplicaSide){};
    EXPECT_OK(take(cx, &again, first));
    EXPECT(again.more && again.side.signed_ms == 2);
    Slice rest = pack(cx, &again, &again.side);
    EXPECT_OK(take(cx, &again, rest));
    EXPECT(!again.more && again.side.refused_ms == 1'000'000 + (REPLICA_SIDE_ROWS + 2) / 2);
    EXPECT(fixture_count(cx, place.store, "SELECT COUNT(*) FROM refusal") == REPLICA_SIDE_ROWS + 3);
    EXPECT(fixture_count(cx, place.store, "SELECT COUNT(*) FROM statement") == 2);
    Db *db = NULL;
    ReplicaSide have;
    EXPECT_OK(store_take(cx, place.store, &db));
    EXPECT_OK(replica_side_have(cx, db, &have));
    store_give(place.store, db);
    EXPECT(have.signed_ms == 2 && have.refused_ms == again.side.refused_ms - 60'000);
    place_close(&place);
    place_close(&other);
}

TEST("replica_side: what is not signed, of another form, or ahead of the log is not taken")
{
    Place place;
    place_open(cx, &place, "strict");
    ReplicaRow good = statement(cx, place.log, "2026-01-01", 0), row = good;
    EXPECT(take(cx, &place, SLICE("fapiao-facts-1\n")) == ERR_INPUT);
    row.values[1] = db_text(SLICE("2026-01-02")); // another day than its note's
    EXPECT(take(cx, &place, packed(cx, &row, 1)) == ERR_CORRUPT);
    row = good;
    row.values[4] = db_int(2); // another time than its note's
    EXPECT(take(cx, &place, packed(cx, &row, 1)) == ERR_CORRUPT);
    row = good;
    row.values[3] = db_blob(slice_sub(good.values[3].bytes, 0, good.values[3].bytes.size - 140));
    EXPECT(take(cx, &place, packed(cx, &row, 1)) != ERR_OK);
    row = (ReplicaRow){.table = REPLICA_CONTENT_KEY,
                       .count = 3,
                       .values = {db_text(SLICE("local")), db_blob(SLICE("0123456789abcdef")),
                                  db_blob(SLICE("key"))}};
    EXPECT(take(cx, &place, packed(cx, &row, 1)) == ERR_INPUT);
    row = refusal(cx, 1, 5);
    row.values[1] = db_blob(SLICE("short"));
    EXPECT(take(cx, &place, packed(cx, &row, 1)) == ERR_INPUT);
    Slice text = SLICE("log.example/side\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    Digest root = tree_empty();
    row = (ReplicaRow){.table = REPLICA_CHECKPOINT,
                       .count = 5,
                       .values = {db_text(SLICE("")), db_int(1), db_blob(digest_slice(&root)),
                                  db_blob(sign(cx, place.log, text)), db_int(7)}};
    EXPECT(take(cx, &place, packed(cx, &row, 1)) == ERR_CORRUPT); // its note says 0
    row = statement(cx, place.log, "2026-01-01", 9);
    EXPECT_OK(take(cx, &place, packed(cx, &row, 1))); // waits
    EXPECT(!place.more && fixture_count(cx, place.store, "SELECT COUNT(*) FROM statement") == 0);
    place_close(&place);
}

TEST("replica_side: days of two organisations come in the order in which they were signed")
{
    Place place, other;
    place_open(cx, &place, "mixed");
    place_open(cx, &other, "mixed copy");
    Slice east = SLICE("east");
    // What was signed at once travels together; an older day of another may be signed later.
    const ReplicaRow days[] = {statement(cx, place.log, "2026-01-05", 0),
                               statement_of(cx, place.log, east, "2026-02-05", 0),
                               statement_of(cx, place.log, east, "2025-12-07", 0)};
    EXPECT_OK(take(cx, &place, packed(cx, days, 3)));
    const ReplicaSide none = {}, half = {.signed_ms = 5};
    Slice all = pack(cx, &place, &none), rest = pack(cx, &place, &half);
    EXPECT(slice_find(all, SLICE("2026-02-05")) != SLICE_NONE);
    EXPECT(slice_find(rest, SLICE("2026-02-05")) == SLICE_NONE);
    EXPECT(slice_find(rest, SLICE("2025-12-07")) != SLICE_NONE);
    // Backwards they are refused, and so is what was there before the page.
    const ReplicaRow back[] = {days[2], days[0]};
    EXPECT(take(cx, &other, packed(cx, back, 2)) == ERR_CORRUPT); // other keys
    place.side = (ReplicaSide){};
    EXPECT(take(cx, &place, packed(cx, back, 2)) == ERR_INPUT);
    place.side = (ReplicaSide){.signed_ms = 5};
    EXPECT(take(cx, &place, packed(cx, &days[1], 1)) == ERR_INPUT);
    place_close(&place);
    place_close(&other);
}
