#include "publish/seal_round.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "commit/event_log.h"
#include "publish/record_fixture.h"
#include "store/db_engine.h"

static const char *path_of(Cx *cx, const Record *record, const char *name)
{
    return cx_printf(cx, "%s/%s", record->folder, name).data;
}

static void copy_file(Cx *cx, const char *from, const char *to)
{
    Slice bytes;
    EXPECT_OK(disk_read(cx, from, 64 << 20, &bytes));
    EXPECT_OK(disk_replace(cx, to, bytes));
}

// Runs SQL that the guards refuse, in a folder that is closed.
static void tamper(Cx *cx, Record *record, const char *sql)
{
    const StoreOptions options = {.folder = record->folder,
                                  .key_file = cx_printf(cx, "%s.key", record->folder).data,
                                  .write = true};
    Store *store = NULL;
    EXPECT_OK(store_open(cx, &options, &store));
    EXPECT_OK(db_script(cx, store_writer(store),
                        "DROP TRIGGER IF EXISTS event_no_update;"
                        "DROP TRIGGER IF EXISTS event_no_delete;"
                        "DROP TRIGGER IF EXISTS checkpoint_no_update;"
                        "DROP TRIGGER IF EXISTS checkpoint_no_delete"));
    EXPECT_OK(db_script(cx, store_writer(store), sql));
    store_close(store);
}

static void expect_halted(Cx *cx, Record *record, const char *chinese, const char *english)
{
    Slice why = commit_halted(cx, record->committer);
    EXPECT(slice_find(why, slice_of(chinese)) != SLICE_NONE);
    EXPECT(slice_find(why, slice_of(english)) != SLICE_NONE);
    EXPECT(slice_find(why, SLICE("fapiao audit")) != SLICE_NONE);
    EXPECT(slice_ends(why, SLICE("restore a backup."))); // not cut off
    const Arrival arrival = {.tenant = SLICE("local"), .bytes = SLICE("x")};
    Wait wait = WAIT_INIT;
    EXPECT(commit_receive(cx, record->committer, &arrival, wait_received, &wait) == ERR_DENIED);
    EXPECT(sealer_flush(cx, record->sealer) == ERR_DENIED);
    EXPECT(slice_equal(slice_of(cx->err_text), why));
    EXPECT(fixture_count(cx, record->store, "SELECT COUNT(*) FROM document") > 0); // is read
}

static void stop_there(void *self, SealRoundStep step)
{
    if (step == *(const SealRoundStep *)self) _exit(0);
}

TEST("I4: a crash at any step of a round is healed: one root a size, and all is covered")
{
    for (SealRoundStep step = SEAL_ROUND_GROWN; step <= SEAL_ROUND_PUBLISHED; step++) {
        Record record = {.folder = record_folder(cx, "crash")};
        record_open(cx, &record);
        record_grow(cx, &record, 3);
        record_close(&record);
        (void)fflush(NULL);
        pid_t child = fork();
        EXPECT(child >= 0);
        if (child == 0) {
            record.options = (SealerOptions){.reached = stop_there, .reached_self = &step};
            record_open(cx, &record);
            record_grow(cx, &record, 5);
            (void)sealer_flush(cx, record.sealer);
            _exit(1); // it should have ended before
        }
        int status = 1;
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status));
        EXPECT(WEXITSTATUS(status) == 0);
        record_open(cx, &record);
        EXPECT(slice_empty(commit_halted(cx, record.committer)));
        EXPECT_OK(sealer_flush(cx, record.sealer));
        record_expect_sealed(cx, &record);
        record_grow(cx, &record, 2);
        EXPECT_OK(sealer_flush(cx, record.sealer));
        record_expect_sealed(cx, &record);
        EXPECT(slice_empty(commit_halted(cx, record.committer)));
        record_close(&record);
    }
}

TEST("seal round: a database that went back under a newer checkpoint file takes nothing more")
{
    Record record = {.folder = record_folder(cx, "back")};
    record_open(cx, &record);
    record_grow(cx, &record, 3);
    record_close(&record);
    copy_file(cx, path_of(cx, &record, "fapiao.db"), path_of(cx, &record, "copy"));
    record_open(cx, &record);
    record_grow(cx, &record, 2);
    record_close(&record);
    copy_file(cx, path_of(cx, &record, "copy"), path_of(cx, &record, "fapiao.db"));
    (void)unlink(path_of(cx, &record, "fapiao.db-wal"));
    record_open(cx, &record);
    expect_halted(cx, &record, "数据库被回退", "has gone back");
    EXPECT(sealer_size(record.sealer) == 3);
    record_close(&record);
    // It stays so: nothing that shows it was written over.
    record_open(cx, &record);
    expect_halted(cx, &record, "已签 5 条，库中 3 条", "signed 5 events, the database has 3");
    record_close(&record);
}

TEST("seal round: an older checkpoint file, or none, is written anew; a damaged one is a halt")
{
    Record record = {.folder = record_folder(cx, "older")};
    record_open(cx, &record);
    record_grow(cx, &record, 2);
    record_close(&record);
    const char *file = path_of(cx, &record, "ledger/checkpoint");
    copy_file(cx, file, path_of(cx, &record, "copy"));
    record_open(cx, &record);
    record_grow(cx, &record, 3);
    record_close(&record);
    for (int round = 0; round < 2; round++) {
        if (round == 0)
            copy_file(cx, path_of(cx, &record, "copy"), file);
        else
            EXPECT(unlink(file) == 0);
        record_open(cx, &record);
        record_expect_sealed(cx, &record);
        record_close(&record);
    }
    Slice bytes;
    EXPECT_OK(disk_read(cx, file, 65536, &bytes));
    char *damaged = arena_alloc(&cx->arena, bytes.size);
    memcpy(damaged, bytes.data, bytes.size);
    damaged[bytes.size - 9] ^= 1;
    EXPECT_OK(disk_replace(cx, file, (Slice){damaged, bytes.size}));
    record_open(cx, &record);
    expect_halted(cx, &record, "检查点文件损坏", "the checkpoint file is damaged");
    record_close(&record);
}

TEST("seal round: what no longer is what was signed is a halt, each with its own reason")
{
    static const struct {
        const char *sql, *chinese, *english;
    } cases[] = {
        {"UPDATE event SET leaf_hash = zeroblob(32) WHERE sequence = 2", "事件与已签名的根不符",
         "the events are not those that were signed"},
        {"DELETE FROM event WHERE sequence = 4", "事件缺失", "events are missing"},
        {"DELETE FROM event WHERE sequence = 2", "事件缺失", "events are missing"},
        {"UPDATE log_head SET root = zeroblob(32)", "数据库中的检查点损坏", "checkpoint in the"},
        {"UPDATE checkpoint SET root = zeroblob(32); UPDATE log_head SET root = zeroblob(32)",
         "数据库中的检查点损坏", "checkpoint in the"},
        {"DELETE FROM checkpoint; DELETE FROM log_head", "数据库被回退", "has gone back"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Record record = {.folder = record_folder(cx, "tampered")};
        record_open(cx, &record);
        record_grow(cx, &record, 4);
        record_close(&record);
        tamper(cx, &record, cases[i].sql);
        record_open(cx, &record);
        expect_halted(cx, &record, cases[i].chinese, cases[i].english);
        record_close(&record);
    }
}

// Events by the thousand, without the committer.
static void fill(Cx *cx, Record *record, size_t count)
{
    const StoreOptions options = {.folder = record->folder,
                                  .key_file = cx_printf(cx, "%s.key", record->folder).data,
                                  .write = true};
    Store *store = NULL;
    EXPECT_OK(store_open(cx, &options, &store));
    Db *db = store_writer(store);
    EventLog log = {.store = store};
    AeadKey key = {"key"};
    EXPECT_OK(db_begin(cx, db));
    for (size_t i = 0; i < count; i++) {
        Cx own;
        EventMark mark;
        cx_init(&own, cx->world, 65536);
        const Event event = {.type = EVENT_RECEIVED,
                             .tenant = SLICE("local"),
                             .subject = cx_printf(&own, "subject %08zu", i),
                             .key = &key,
                             .first = true,
                             .time_ms = 1};
        EXPECT_OK(event_log_append(&own, &log, db, &event, &mark));
        cx_done(&own);
    }
    EXPECT_OK(event_log_flush(cx, &log, db));
    EXPECT_OK(db_commit(cx, db));
    store_close(store);
}

TEST("seal round: a hashes file that is damaged, cut off or gone is made anew from the events")
{
    Record record = {.folder = record_folder(cx, "hashes")};
    record_open(cx, &record);
    record_close(&record);
    fill(cx, &record, 9000);
    record_open(cx, &record);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_close(&record);
    const char *path = path_of(cx, &record, "ledger/hashes");
    Slice whole, now;
    EXPECT_OK(disk_read(cx, path, 64 << 20, &whole));
    EXPECT(whole.size == tree_stored_count(9000) * DIGEST_SIZE);
    char *zeros = arena_alloc(&cx->arena, whole.size);
    memset(zeros, 0, whole.size);
    // The top of the first 4096 leaves; a leaf near the end; everything; cut off; gone.
    const uint64_t damage[] = {tree_stored_index(12, 0), tree_stored_index(0, 8999)};
    for (int round = 0; round < 5; round++) {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        EXPECT(fd >= 0);
        if (round < 2)
            EXPECT_OK(disk_write_at(cx, fd, SLICE("damaged"), damage[round] * DIGEST_SIZE));
        if (round == 2) EXPECT_OK(disk_write_at(cx, fd, (Slice){zeros, whole.size}, 0));
        if (round == 3) EXPECT(ftruncate(fd, 100'000) == 0);
        if (round == 4) EXPECT(unlink(path) == 0);
        (void)close(fd);
        record_open(cx, &record);
        EXPECT(slice_empty(commit_halted(cx, record.committer)));
        EXPECT_OK(disk_read(cx, path, 64 << 20, &now));
        EXPECT(slice_equal(now, whole));
        record_close(&record);
    }
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_expect_sealed(cx, &record);
    record_close(&record);
}

static Err move_head(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_run(cx, db, "UPDATE log_head SET root = zeroblob(32)", NULL, 0, NULL);
}

TEST("I4: when somebody else has moved the head, nothing is signed and nothing more is taken in")
{
    Record record = {.folder = record_folder(cx, "forked")};
    record_open(cx, &record);
    record_grow(cx, &record, 2);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    Wait wait = WAIT_INIT;
    EXPECT_OK(commit_work(cx, record.committer, move_head, wait_worked, &wait));
    wait_for(&wait);
    EXPECT(wait.err == ERR_OK);
    record_grow(cx, &record, 1);
    EXPECT(sealer_flush(cx, record.sealer) == ERR_DENIED);
    expect_halted(cx, &record, "账本分叉", "the log has forked");
    EXPECT(fixture_count(cx, record.store, "SELECT MAX(size) FROM checkpoint") == 2);
    record_close(&record);
}

static const DbEngine *honest;
static _Atomic int denied;
static Err commit_and_deny(Cx *cx, Db *db)
{
    TRY(honest->commit(cx, db));
    if (denied > 0 && --denied == 0) return err_set(cx, ERR_STORE, "the answer was lost");
    return ERR_OK;
}

TEST("I4: a swap whose answer was lost is found to be there, and is not signed a second time")
{
    Record record = {.folder = record_folder(cx, "lost")};
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    // Only now may the engine change: nothing is under way on the writer.
    Db *db = store_writer(record.store);
    honest = db->engine;
    DbEngine liar = *honest;
    liar.commit = commit_and_deny;
    db->engine = &liar;
    denied = 2; // the event's is true, the checkpoint's is not
    record_grow(cx, &record, 1);
    Err first = sealer_flush(cx, record.sealer);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT(first == ERR_STORE || denied == 0); // the round of the event itself may have met it
    EXPECT(denied == 0 && sealer_size(record.sealer) == 3);
    record_expect_sealed(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_expect_sealed(cx, &record);
    record_close(&record);
}

TEST("seal round: a clock that was put back makes no checkpoint older than the one before")
{
    WorldFake fake;
    Cx own;
    world_fake_init(&fake, 1, 1'800'000'000'000);
    cx_init(&own, &fake.world, cx->arena.limit);
    Record record = {.folder = record_folder(cx, "clock")};
    record_open(&own, &record);
    EXPECT_OK(sealer_flush(&own, record.sealer)); // the opening's round is over
    record_grow(&own, &record, 2);
    EXPECT_OK(sealer_flush(&own, record.sealer));
    fake.ms -= 3'600'000;
    record_grow(&own, &record, 1);
    EXPECT_OK(sealer_flush(&own, record.sealer));
    EXPECT(fixture_count(cx, record.store, "SELECT COUNT(*) FROM checkpoint") == 2);
    EXPECT(fixture_count(cx, record.store, "SELECT MIN(time_ms) FROM checkpoint") >=
           1'800'000'000'000);
    record_close(&record);
    cx_done(&own);
}
