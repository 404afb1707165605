#include "publish/sealer.h"

#include "base/limits.h"
#include "publish/record_fixture.h"

TEST("I4: over random histories every checkpoint is the tree over the events, and proves them")
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        printf("seed %llu\n", (unsigned long long)seed);
        WorldFake fake;
        world_fake_init(&fake, seed, 0);
        Record record = {.folder = record_folder(cx, "history")};
        record_open(cx, &record);
        for (int step = 0; step < 40; step++) {
            uint8_t dice[2];
            fake.world.random(fake.world.self, dice, sizeof dice);
            record_grow(cx, &record, dice[0] % 9);
            if (dice[1] % 3 == 0) EXPECT_OK(sealer_flush(cx, record.sealer));
            if (dice[1] % 16 == 1) {
                record_close(&record);
                record_open(cx, &record);
            }
        }
        EXPECT_OK(sealer_flush(cx, record.sealer));
        record_expect_sealed(cx, &record);
        EXPECT(fixture_count(cx, record.store, "SELECT COUNT(DISTINCT tenant) FROM event") == 2);
        EXPECT(fixture_count(cx, record.store, "SELECT COUNT(*) FROM checkpoint") > 5);
        EXPECT(fixture_count(cx, record.store, "SELECT COUNT(*) FROM log_head") == 1);
        record_close(&record);
    }
}

TEST("sealer: an idle log signs nothing, and an empty one has no checkpoint")
{
    Record record = {.folder = record_folder(cx, "idle")};
    record_open(cx, &record);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT(sealer_size(record.sealer) == 0);
    record_expect_sealed(cx, &record);
    record_grow(cx, &record, 3);
    for (int i = 0; i < 3; i++)
        EXPECT_OK(sealer_flush(cx, record.sealer));
    int64_t signed_count = fixture_count(cx, record.store, "SELECT COUNT(*) FROM checkpoint");
    record_close(&record);
    record_open(cx, &record);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT(fixture_count(cx, record.store, "SELECT COUNT(*) FROM checkpoint") == signed_count);
    record_expect_sealed(cx, &record);
    record_close(&record);
}

TEST("sealer: closing signs what was committed, however long the interval is")
{
    Record record = {.folder = record_folder(cx, "closing"), .options = {.interval_ms = 3'600'000}};
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer)); // from now on an hour is waited
    record_grow(cx, &record, 4);
    record_close(&record);
    record_open(cx, &record);
    EXPECT(sealer_size(record.sealer) == 5);
    record_expect_sealed(cx, &record);
    record_close(&record);
}

static Err slow_work(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db, (void)self;
    (void)usleep(100'000);
    return ERR_OK;
}

static void drop_answer(void *self, const Receipt *receipt)
{
    (void)self, (void)receipt;
}

TEST("sealer: closing waits for what is queued, and signs that too")
{
    Record record = {.folder = record_folder(cx, "queued")};
    record_open(cx, &record);
    EXPECT_OK(commit_work(cx, record.committer, slow_work, NULL, NULL));
    for (int i = 0; i < 3; i++) {
        const Arrival arrival = {.tenant = SLICE("local"), .bytes = cx_printf(cx, "late %d", i)};
        EXPECT_OK(commit_receive(cx, record.committer, &arrival, drop_answer, NULL));
    }
    sealer_close(record.sealer);
    record.sealer = NULL;
    EXPECT(fixture_count(cx, record.store, "SELECT MAX(size) FROM checkpoint") == 3);
    record_close(&record);
}

typedef struct Told {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int covered, left;
} Told;
#define TOLD_INIT                                                                                  \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                    \
    }
static void on_covered(void *self, bool covered)
{
    Told *told = self;
    (void)pthread_mutex_lock(&told->mutex);
    ++*(covered ? &told->covered : &told->left);
    (void)pthread_cond_signal(&told->changed);
    (void)pthread_mutex_unlock(&told->mutex);
}

TEST("sealer: who waits for a leaf is told once when it is covered, by itself and without a flush")
{
    Record record = {.folder = record_folder(cx, "waits"), .options = {.interval_ms = 50}};
    record_open(cx, &record);
    Told told = TOLD_INIT, never = TOLD_INIT;
    for (int i = 0; i < 4; i++) {
        sealer_when(record.sealer, (uint64_t)i, on_covered, &told);
        sealer_when(record.sealer, 100, on_covered, &never);
        record_grow(cx, &record, 1);
    }
    (void)pthread_mutex_lock(&told.mutex);
    while (told.covered < 4)
        (void)pthread_cond_wait(&told.changed, &told.mutex);
    (void)pthread_mutex_unlock(&told.mutex);
    EXPECT(told.left == 0 && never.covered == 0);
    sealer_when(record.sealer, 3, on_covered, &told);
    EXPECT(told.covered == 5); // at once
    record_close(&record);
    EXPECT(told.covered == 5 && never.covered == 0 && never.left == 4);
}

TEST("sealer: while writing is halted from outside nothing is signed; when that is lifted, all is")
{
    Record record = {.folder = record_folder(cx, "halted"), .options = {.interval_ms = 20}};
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    commit_halt(record.committer, "见证人看到了另一个账本 a witness saw another log");
    EXPECT(sealer_flush(cx, record.sealer) == ERR_DENIED);
    EXPECT(slice_starts(sealer_trouble(cx, record.sealer), SLICE("见证人")));
    commit_halt(record.committer, NULL);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_expect_sealed(cx, &record);
    record_close(&record);
}

TEST("sealer: a file that can't be written is tried again, and nothing is signed twice")
{
    Record record = {.folder = record_folder(cx, "full"), .options = {.interval_ms = 20}};
    record_open(cx, &record);
    const char *path = cx_printf(cx, "%s/ledger/checkpoint", record.folder).data;
    EXPECT_OK(disk_folder(cx, path)); // nothing can be renamed over a folder
    EXPECT_OK(disk_folder(cx, disk_path(cx, path, "x")));
    Told told = TOLD_INIT;
    record_grow(cx, &record, 2);
    sealer_when(record.sealer, 0, on_covered, &told);
    EXPECT(sealer_flush(cx, record.sealer) == ERR_STORE);
    EXPECT(sealer_trouble(cx, record.sealer).size > 0);
    EXPECT(sealer_size(record.sealer) == 0 && told.covered == 0);
    EXPECT(slice_empty(commit_halted(cx, record.committer)));
    EXPECT(rmdir(disk_path(cx, path, "x")) == 0 && rmdir(path) == 0);
    (void)pthread_mutex_lock(&told.mutex);
    while (told.covered == 0) // nobody asks for it
        (void)pthread_cond_wait(&told.changed, &told.mutex);
    (void)pthread_mutex_unlock(&told.mutex);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT(slice_empty(sealer_trouble(cx, record.sealer)));
    EXPECT(sealer_size(record.sealer) == 2 && told.covered == 1);
    EXPECT(fixture_count(cx, record.store,
                         "SELECT COUNT(*) - COUNT(DISTINCT size) FROM checkpoint") == 0);
    record_expect_sealed(cx, &record);
    record_close(&record);
}
