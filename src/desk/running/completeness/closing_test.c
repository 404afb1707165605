#include "desk/running/completeness/closing.h"

#include "base/date.h"
#include "commit/commit_fixture.h"
#include "desk/running/completeness/statement.h"
#include "publish/fold.h"

// What is counted is tested in completeness_test.c; here: which days are closed, and how.
TEST("closing: every day since the first, none twice, none that goes on, signed by the log's keys")
{
    WorldFake fake;
    world_fake_init(&fake, 4, UINT64_C(1'767'232'800'000)); // 2026-01-01 10:00 in China
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "closed");
    Committer *committer = NULL;
    Log *log = NULL;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(log_open(&own, store, SLICE("log.example/one"), &log));
    EXPECT_OK(commit_open(&own, store, &options, &committer));
    int count = 0;
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 0); // nothing ever came
    EXPECT(fixture_receive(&own, committer, SLICE("a"), SLICE("")).err == ERR_OK);
    fake.ms += 5 * DATE_MS_PER_DAY; // the days since were quiet, or this clock runs ahead
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 1);
    EXPECT(fixture_receive(&own, committer, SLICE("a"), SLICE("")).err == ERR_OK);
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 4);
    fake.ms++;
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 0);

    Db *db = NULL;
    StatementRow *rows = NULL;
    size_t listed = 0;
    EXPECT_OK(store_take(&own, store, &db));
    EXPECT_OK(statement_list(&own, db, SLICE("local"), SLICE(""), 9, &rows, &listed));
    EXPECT(listed == 5 && slice_equal(rows[0].day, SLICE("2026-01-05")));
    for (size_t i = 0; i < listed; i++) {
        Note *note = arena_alloc(&own.arena, sizeof *note);
        EXPECT_OK(note_parse(&own, rows[i].note, note));
        for (size_t k = 0; k < LOG_KEYS; k++)
            EXPECT(note_verify(note, &log_keys(log)[k], NULL) == NOTE_HOLDS);
        EquationDay day;
        EXPECT_OK(statement_parse(&own, rows[i].note, &day));
        EXPECT(day.all.in_progress == 1 && equation_received(&day.all) == 1);
    }
    store_give(store, db);
    commit_close(committer);
    log_close(log);
    store_close(store);
    cx_done(&own);
}

static int days_of(Cx *cx, Store *store, Slice tenant)
{
    Db *db = NULL;
    StatementRow *rows = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(statement_list(cx, db, tenant, SLICE(""), 9, &rows, &count));
    store_give(store, db);
    return (int)count;
}

TEST("closing: every organisation has its own days, signed one after the other, whatever the clock")
{
    WorldFake fake;
    world_fake_init(&fake, 4, UINT64_C(1'767'232'800'000));
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "two");
    Committer *committer = NULL;
    Log *log = NULL;
    int count = 0;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(log_open(&own, store, SLICE("log.example/two"), &log));
    EXPECT_OK(commit_open(&own, store, &options, &committer));
    EXPECT_OK(closing_all(&own, store, committer, log, &count));
    EXPECT(count == 0);
    EXPECT(fixture_receive(&own, committer, SLICE("a"), SLICE("")).err == ERR_OK);
    fake.ms += DATE_MS_PER_DAY;
    EXPECT(fixture_receive_of(&own, committer, SLICE("east"), SLICE("a")).err == ERR_OK);
    EXPECT(fixture_receive_of(&own, committer, SLICE("east"), SLICE("b")).err == ERR_OK);
    fake.ms += DATE_MS_PER_DAY;
    EXPECT(fixture_receive(&own, committer, SLICE("c"), SLICE("")).err == ERR_OK);
    EXPECT_OK(closing_all(&own, store, committer, log, &count));
    EXPECT(count == 3 && days_of(&own, store, SLICE("local")) == 2);
    EXPECT(days_of(&own, store, SLICE("east")) == 1 && days_of(&own, store, SLICE("")) == 0);
    EXPECT_OK(closing_all(&own, store, committer, log, &count));
    EXPECT(count == 0);
    // The other organisation's files are in nobody else's equation.
    EXPECT(fixture_count(&own, store,
                         "SELECT COUNT(DISTINCT time_ms) = 2 AND SUM(instr(note, 'handed_in=2') > 0"
                         " AND tenant = 'east') = 1 AND SUM(instr(note, 'tenant ' || tenant) > 0) "
                         "= 3 FROM statement") == 1);
    // A clock that was put back to the first day signs nothing anew and no day of the future.
    fake.ms -= 2 * DATE_MS_PER_DAY;
    EXPECT_OK(closing_all(&own, store, committer, log, &count));
    EXPECT(count == 0);
    commit_close(committer);
    log_close(log);
    store_close(store);
    cx_done(&own);
}

static const uint64_t midnight = UINT64_C(1'767'196'800'000); // 2026-01-01 00:00 in China

TEST("closing: a day is closed ten minutes after its end, not before: no id of it comes after that")
{
    WorldFake fake;
    world_fake_init(&fake, 4, midnight - 1);
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "margin");
    Committer *committer = NULL;
    Log *log = NULL;
    int count = 0;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(log_open(&own, store, SLICE("log.example/margin"), &log));
    EXPECT_OK(commit_open(&own, store, &options, &committer));
    EXPECT(fixture_receive(&own, committer, SLICE("a"), SLICE("")).err == ERR_OK);
    fake.ms = midnight + UUID7_MARGIN_MS - 1;
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 0);
    // So long a clock may still be put right: what came into that day is counted in it.
    fake.ms = midnight - 1;
    EXPECT(fixture_receive(&own, committer, SLICE("b"), SLICE("")).err == ERR_OK);
    fake.ms = midnight + UUID7_MARGIN_MS;
    EXPECT_OK(closing_due(&own, committer, log, SLICE("local"), &count));
    EXPECT(count == 1);
    EXPECT(fixture_count(&own, store,
                         "SELECT instr(note, 'all handed_in=2 ') > 0 FROM statement") == 1);
    commit_close(committer);
    log_close(log);
    store_close(store);
    cx_done(&own);
}

// A disk that stood still over midnight; what is behind it in the queue was queued before that, and
// what is first afterwards is a run that closes days.
typedef struct Night {
    Wait closed;
    WorldFake *fake;
    Log *log;
    pthread_mutex_t mutex; // held until those behind it are queued
    int count;
} Night;

static Err pass_and_close(Cx *cx, Db *db, void *self)
{
    Night *night = self;
    (void)pthread_mutex_lock(&night->mutex);
    night->fake->ms = midnight + UUID7_MARGIN_MS;
    (void)pthread_mutex_unlock(&night->mutex);
    return closing_in(cx, db, night->log, SLICE("local"), cx_now_ms(cx), &night->count);
}

static void night_worked(void *self, Err err)
{
    wait_worked(&((Night *)self)->closed, err);
}

TEST("closing: what waited over midnight, while its day was signed, counts on the day it is kept")
{
    WorldFake fake;
    world_fake_init(&fake, 4, midnight - 3'600'000);
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "night");
    Committer *committer = NULL;
    Night night = {.closed = WAIT_INIT, .fake = &fake, .mutex = PTHREAD_MUTEX_INITIALIZER};
    Wait kept = WAIT_INIT;
    const CommitOptions options = {.fold = fold_fact};
    const Arrival late = {.tenant = SLICE("local"),
                          .actor = SLICE("local"),
                          .source = SLICE("test"),
                          .bytes = SLICE("late")};
    EXPECT_OK(log_open(&own, store, SLICE("log.example/night"), &night.log));
    EXPECT_OK(commit_open(&own, store, &options, &committer));
    EXPECT(fixture_receive(&own, committer, SLICE("early"), SLICE("")).err == ERR_OK);
    (void)pthread_mutex_lock(&night.mutex);
    EXPECT_OK(commit_work(&own, committer, pass_and_close, night_worked, &night));
    EXPECT_OK(commit_receive(&own, committer, &late, wait_received, &kept));
    (void)pthread_mutex_unlock(&night.mutex);
    wait_for(&night.closed);
    wait_for(&kept);
    EXPECT(night.closed.err == ERR_OK && night.count == 1 && kept.receipt.err == ERR_OK);
    EXPECT(kept.receipt.time_ms == midnight + UUID7_MARGIN_MS);
    fake.ms += DATE_MS_PER_DAY;
    EXPECT(fixture_receive(&own, committer, SLICE("next"), SLICE("")).err == ERR_OK);
    EXPECT_OK(closing_due(&own, committer, night.log, SLICE("local"), &night.count));
    EXPECT(night.count == 1);
    EXPECT(fixture_count(&own, store,
                         "SELECT COUNT(*) FROM statement "
                         "WHERE instr(note, 'all handed_in=1 ') > 0") == 2);
    commit_close(committer);
    log_close(night.log);
    store_close(store);
    cx_done(&own);
}
