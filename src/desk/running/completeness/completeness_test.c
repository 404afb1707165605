#include "desk/running/completeness/completeness.h"

#include "base/date.h"
#include "commit/commit_fixture.h"
#include "desk/running/completeness/closing.h"
#include "desk/running/completeness/statement.h"
#include "publish/fold.h"
#include "publish/publish_fixture.h"

#define HOUR_MS  UINT64_C(3'600'000)
#define START_MS UINT64_C(1'767'196'800'000) // 2026-01-01 00:00 in China
#define FILES    600

// A store whose clock is ours.
typedef struct Place {
    WorldFake fake;
    Cx cx;
    Store *store;
    Committer *committer;
    Log *log;
    int files;
} Place;

static void place_open(Cx *cx, Place *place, const char *name, uint64_t seed)
{
    world_fake_init(&place->fake, seed, START_MS + 9 * HOUR_MS);
    cx_init(&place->cx, &place->fake.world, cx->arena.limit);
    place->store = fixture_store(&place->cx, name);
    const CommitOptions options = {.fold = fold_fact, .refold = rebuild_erased};
    EXPECT_OK(commit_open(&place->cx, place->store, &options, &place->committer));
    EXPECT_OK(log_open(&place->cx, place->store, SLICE(""), &place->log));
}

static void place_close(Place *place)
{
    commit_close(place->committer);
    log_close(place->log);
    store_close(place->store);
    cx_done(&place->cx);
}

static Receipt hand_in_from(Place *place, const char *text, Slice source)
{
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = source,
                             .bytes = slice_of(text)};
    Wait wait = WAIT_INIT;
    Cx *cx = &place->cx;
    EXPECT_OK(commit_receive(cx, place->committer, &arrival, wait_received, &wait));
    wait_for(&wait);
    EXPECT(wait.receipt.err == ERR_OK);
    return wait.receipt;
}

static Receipt hand_in(Place *place, const char *text)
{
    return hand_in_from(place, text, SLICE("test"));
}

static void decide(Place *place, const Receipt *receipt, bool invoice)
{
    Cx *cx = &place->cx;
    Reading reading = {.media = MEDIA_XML};
    char number[32];
    (void)snprintf(number, sizeof number, "261120000000%08d", place->files++);
    if (invoice)
        fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                      FIXTURE_FIELDS({DRAFT_NUMBER, number}));
    else
        reading.reason = REASON_NOT_INVOICE;
    Outcome outcome = fixture_decide(cx, place->committer, receipt->document, &reading);
    EXPECT(outcome.err == ERR_OK);
    free(outcome.invoices);
}

static void let_out(Place *place, const Receipt *receipt)
{
    Release release = {.tenant = SLICE("local"), .actor = SLICE("local"), .source = SLICE("retry")};
    memcpy(release.document, receipt->document, COMMIT_ID_SIZE);
    Wait wait = WAIT_INIT;
    Cx *cx = &place->cx;
    EXPECT_OK(commit_release(cx, place->committer, &release, wait_decided, &wait));
    wait_for(&wait);
    EXPECT(wait.outcome.err == ERR_OK);
}

static int sign_due(Place *place)
{
    Cx *cx = &place->cx;
    int count = 0;
    place->fake.ms++;
    EXPECT_OK(closing_due(cx, place->committer, place->log, SLICE("local"), &count));
    place->fake.ms++;
    return count;
}

static EquationDay day_of(Place *place, const char *day, bool anew)
{
    Cx *cx = &place->cx;
    EquationDay sum;
    Db *db = NULL;
    EXPECT_OK(store_take(cx, place->store, &db));
    if (anew)
        EXPECT_OK(completeness_count(cx, db, SLICE("local"), slice_of(day), &sum));
    else
        EXPECT_OK(completeness_day(cx, db, SLICE("local"), slice_of(day), &sum));
    store_give(place->store, db);
    return sum;
}

static int64_t outcomes(const EquationCount *all)
{
    return all->accepted + all->duplicate + all->conflict + all->quarantined + all->rejected +
           all->in_progress;
}

TEST("completeness: each file counts on the day it came, and once")
{
    Place place = {};
    place_open(cx, &place, "once", 1);
    Receipt a = hand_in(&place, "a"), b = hand_in(&place, "b");
    Receipt again = hand_in(&place, "a"), open = hand_in(&place, "c");
    EXPECT(again.state == DOC_DUPLICATE);
    decide(&place, &a, true);
    decide(&place, &b, false);
    EquationDay today = day_of(&place, "2026-01-01", false);
    EXPECT(!today.is_signed && today.source_count == 1);
    EXPECT(today.all.handed_in == 4 && equation_received(&today.all) == 4);
    EXPECT(today.all.accepted == 1 && today.all.duplicate == 1 && today.all.quarantined == 1);
    EXPECT(today.all.in_progress == 1 && strcmp(today.open_since, "2026-01-01") == 0);
    EXPECT(sign_due(&place) == 0); // a day is signed when it is over

    place.fake.ms = START_MS + 27 * HOUR_MS;
    EXPECT(sign_due(&place) == 1);
    EXPECT(sign_due(&place) == 0);
    EquationDay second = day_of(&place, "2026-01-02", false);
    EXPECT(second.all.carried == 1 && second.all.in_progress == 1 && second.all.handed_in == 0);

    // Let out of quarantine: counts today. The day that is signed says what it said.
    let_out(&place, &b);
    decide(&place, &b, true);
    decide(&place, &open, true);
    second = day_of(&place, "2026-01-02", false);
    EXPECT(second.all.released == 1 && second.all.carried == 1 && second.all.accepted == 2);
    EXPECT(outcomes(&second.all) == equation_received(&second.all));
    EquationDay first = day_of(&place, "2026-01-01", false);
    EXPECT(first.is_signed && first.all.quarantined == 1 && first.all.in_progress == 1);
    place_close(&place);
}

TEST("completeness: let out after midnight, before the day was signed, still counts on its own day")
{
    Place place = {};
    place_open(cx, &place, "late", 2);
    Receipt a = hand_in(&place, "a");
    decide(&place, &a, false);
    place.fake.ms = START_MS + 25 * HOUR_MS; // 01:00 of the next day
    let_out(&place, &a);
    decide(&place, &a, true);
    place.fake.ms = START_MS + 27 * HOUR_MS;
    EXPECT(sign_due(&place) == 1);
    EquationDay first = day_of(&place, "2026-01-01", false);
    EXPECT(first.all.quarantined == 1 && first.all.accepted == 0);
    EquationDay second = day_of(&place, "2026-01-02", false);
    EXPECT(second.all.released == 1 && second.all.accepted == 1 && second.all.carried == 0);
    place_close(&place);
}

// One file out of a container, and what became of the container then.
static Receipt take_out(Place *place, const Receipt *container, uint32_t entry, const char *text)
{
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .bytes = slice_of(text),
                             .container = {(const char *)container->document, COMMIT_ID_SIZE},
                             .entry = entry};
    Wait wait = WAIT_INIT;
    Cx *cx = &place->cx;
    EXPECT_OK(commit_receive(cx, place->committer, &arrival, wait_received, &wait));
    wait_for(&wait);
    EXPECT(wait.receipt.err == ERR_OK);
    return wait.receipt;
}

static Outcome unpacked(Place *place, const Receipt *container, size_t count)
{
    ReadingEntry entries[4] = {};
    const Reading reading = {.media = MEDIA_ZIP, .entries = entries, .entry_count = count};
    return fixture_decide(&place->cx, place->committer, container->document, &reading);
}

TEST("completeness: a zip counts until it is unpacked, then its files do, each on its own day")
{
    Place place = {};
    place_open(cx, &place, "zip", 5);
    Receipt zip = hand_in(&place, "zip"), early = take_out(&place, &zip, 0, "a");
    EquationDay day = day_of(&place, "2026-01-01", false);
    EXPECT(day.all.in_progress == 2 && outcomes(&day.all) == equation_received(&day.all));
    // Not before all of it is there.
    EXPECT(unpacked(&place, &zip, 2).err == ERR_CONFLICT);
    Receipt locked = hand_in(&place, "locked zip");
    decide(&place, &locked, false);

    place.fake.ms = START_MS + 27 * HOUR_MS;
    EXPECT(sign_due(&place) == 1);
    Receipt late = take_out(&place, &zip, 1, "b");
    EXPECT(unpacked(&place, &zip, 2).state == DOC_UNPACKED);
    decide(&place, &early, true);
    decide(&place, &late, false);
    day = day_of(&place, "2026-01-02", false);
    EXPECT(day.all.carried == 2 && day.all.handed_in == 1 && day.all.unpacked == 1);
    EXPECT(day.all.accepted == 1 && day.all.quarantined == 1 && day.all.in_progress == 0);
    EXPECT(equation_received(&day.all) == 2 && outcomes(&day.all) == 2);
    // The day before says what it said: the zip and one file were there, the other zip was no zip.
    day = day_of(&place, "2026-01-01", false);
    EXPECT(day.is_signed && day.all.in_progress == 2 && day.all.unpacked == 0);
    EXPECT(day.all.quarantined == 1 && equation_received(&day.all) == 3);

    // Out of quarantine and unpacked: it came and left on the same day.
    let_out(&place, &locked);
    (void)take_out(&place, &locked, 0, "c");
    EXPECT(unpacked(&place, &locked, 1).state == DOC_UNPACKED);
    day = day_of(&place, "2026-01-02", false);
    EXPECT(day.all.released == 1 && day.all.unpacked == 2 && day.all.in_progress == 1);
    EXPECT(outcomes(&day.all) == equation_received(&day.all));
    place.fake.ms = START_MS + 51 * HOUR_MS;
    EXPECT(sign_due(&place) == 1); // it would not be signed if it did not hold
    day = day_of(&place, "2026-01-02", false);
    EXPECT(day.is_signed && day.all.unpacked == 2);
    const EquationDay again = day_of(&place, "2026-01-02", true);
    EXPECT(memcmp(&day.all, &again.all, sizeof day.all) == 0);
    place_close(&place);
}

TEST("completeness: a document that a projection lost breaks the equation and stops the signature")
{
    Place place = {};
    place_open(cx, &place, "lost", 3);
    Receipt a = hand_in(&place, "a");
    decide(&place, &a, true);
    Db *db = store_writer(place.store);
    EXPECT_OK(db_script(cx, db, "DELETE FROM document_state"));
    place.fake.ms = START_MS + 27 * HOUR_MS;
    EquationDay first = day_of(&place, "2026-01-01", true);
    EXPECT(equation_received(&first.all) == 1 && outcomes(&first.all) == 0);
    EXPECT(day_of(&place, "2026-01-01", false).all.handed_in == 1);
    place_close(&place);
}

static void expect_count(const EquationCount *one, const EquationCount *two)
{
    EXPECT(one->source_size == two->source_size &&
           memcmp(one->source, two->source, one->source_size) == 0);
    EXPECT(one->handed_in == two->handed_in && one->carried == two->carried);
    EXPECT(one->released == two->released && one->unpacked == two->unpacked);
    EXPECT(one->accepted == two->accepted && one->duplicate == two->duplicate);
    EXPECT(one->conflict == two->conflict && one->quarantined == two->quarantined);
    EXPECT(one->rejected == two->rejected && one->in_progress == two->in_progress);
}

// What is kept of a day says what its documents and events say, source by source.
static void expect_kept(Place *place, uint64_t ms)
{
    Cx *cx = &place->cx;
    Db *db = NULL;
    EquationDay kept, counted;
    char day[DATE_TEXT_SIZE + 1];
    (void)date_print(date_in_china(ms), day);
    EXPECT_OK(store_take(cx, place->store, &db));
    EXPECT_OK(completeness_kept(cx, db, SLICE("local"), slice_of(day), &kept));
    EXPECT_OK(completeness_count(cx, db, SLICE("local"), slice_of(day), &counted));
    store_give(place->store, db);
    expect_count(&kept.all, &counted.all);
    EXPECT(strcmp(kept.open_since, counted.open_since) == 0);
    EXPECT(kept.source_count == counted.source_count);
    for (size_t i = 0; i < kept.source_count; i++)
        expect_count(&kept.sources[i], &counted.sources[i]);
}

TEST("completeness: what is erased counts on the day on which it was decided, as what it was")
{
    Place place = {};
    place_open(cx, &place, "erased", 8);
    Receipt a = hand_in(&place, "a"), b = hand_in(&place, "b");
    decide(&place, &a, false);
    place.fake.ms = START_MS + 27 * HOUR_MS;
    EXPECT(sign_due(&place) == 1); // with b in progress
    FixtureErase erased = fixture_erase(
        &place.cx, place.committer, (Slice){(const char *)a.document, 16}, SLICE("wrong_upload"));
    EXPECT(erased.wait.err == ERR_OK && erased.erasure.documents == 1);
    decide(&place, &b, true);
    expect_kept(&place, place.fake.ms);
    EquationDay second = day_of(&place, "2026-01-02", true);
    EXPECT(second.all.carried == 1 && second.all.accepted == 1 && second.all.rejected == 0);
    EXPECT(outcomes(&second.all) == equation_received(&second.all));
    place.fake.ms = START_MS + 51 * HOUR_MS;
    EXPECT(sign_due(&place) == 1);
    place_close(&place);
}

// A random life of ten days: what is handed in, decided late, let out again, at random hours.
static void live(Place *place, uint64_t seed)
{
    static Receipt files[FILES];
    static int states[FILES]; // 0 open, 1 accepted, 2 quarantined, 3 erased
    uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    int count = 0;
    int64_t open_before = 0, handed_in = 0;
    for (int hour = 0; hour < 240; hour++) {
        place->fake.ms = START_MS + (uint64_t)hour * HOUR_MS + 60'000;
        for (int i = 0; i < 4 && count < FILES; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            int pick = count > 0 ? (int)((random >> 33) % (uint64_t)count) : 0;
            char text[32];
            (void)snprintf(text, sizeof text, "file %d", count);
            int what = (int)((random >> 20) % 4);
            if (what <= 1) {
                static const char *const sources[] = {"cli", "http", "mail"};
                files[count] = hand_in_from(place, text, slice_of(sources[(random >> 40) % 3]));
                states[count++] = 0;
            } else if (count > 0 && states[pick] == 0) {
                decide(place, &files[pick], (random >> 50) % 2 == 0);
                states[pick] = (random >> 50) % 2 == 0 ? 1 : 2;
            } else if (count > 0 && states[pick] == 2) {
                let_out(place, &files[pick]);
                states[pick] = 0;
            } else if (count > 0 && states[pick] == 1 && (random >> 45) % 4 == 0) {
                Slice id = {(const char *)files[pick].document, COMMIT_ID_SIZE};
                const FixtureErase gone =
                    fixture_erase(&place->cx, place->committer, id, SLICE("wrong_upload"));
                EXPECT(gone.wait.err == ERR_OK);
                states[pick] = 3;
            }
            expect_kept(place, place->fake.ms);
        }
        // What was miscounted of a day before stays so: once an hour sees it, too.
        for (uint64_t back = 1; back <= 2 && back * 24 <= (uint64_t)hour; back++)
            expect_kept(place, place->fake.ms - back * 24 * HOUR_MS);
        if (hour % 24 != 3 || hour < 24) continue;
        EXPECT(sign_due(place) == 1);
        char day[DATE_TEXT_SIZE + 1];
        (void)date_print(date_in_china(place->fake.ms - 24 * HOUR_MS), day);
        EquationDay closed = day_of(place, day, false);
        EXPECT(closed.is_signed && outcomes(&closed.all) == equation_received(&closed.all));
        EXPECT(closed.all.carried == open_before);
        open_before = closed.all.in_progress;
        handed_in += closed.all.handed_in;
    }
    EXPECT(handed_in > 0 && handed_in <= count);
}

TEST("completeness: over random days every equation holds and what was open is carried on")
{
    for (uint64_t seed = 1; seed <= test_fewer(5); seed++) {
        Place place = {};
        char name[16];
        (void)snprintf(name, sizeof name, "life%d", (int)seed);
        place_open(cx, &place, name, seed);
        live(&place, seed);
        place_close(&place);
    }
}
