#include "publish/seal_round.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "publish/hashes.h"
#include "publish/head_swap.h"
#include "store/disk.h"

#define CHECKED UINT64_C(4096) // leaves at the end of the log that are held against the events

typedef enum Fault {
    FAULT_FILE_DAMAGED,
    FAULT_FILE_NEWER,
    FAULT_FILE_OTHER,
    FAULT_TABLE,
    FAULT_EVENTS_GONE,
    FAULT_EVENTS_OTHER,
    FAULT_FORKED
} Fault;

static const struct {
    const char *chinese, *english;
} faults[] = {
    [FAULT_FILE_DAMAGED] = {"检查点文件损坏或不是本账本所签",
                            "the checkpoint file is damaged or not signed by this log"},
    [FAULT_FILE_NEWER] = {"检查点文件比数据库新，数据库被回退",
                          "the checkpoint file is newer than the database, which has gone back"},
    [FAULT_FILE_OTHER] = {"同一大小签过两个不同的根，账本分叉",
                          "file and database hold two roots of one size: the log has forked"},
    [FAULT_TABLE] = {"数据库中的检查点损坏或签名不符",
                     "the checkpoint in the database is damaged or its signatures do not hold"},
    [FAULT_EVENTS_GONE] = {"事件缺失或损坏", "events are missing or damaged"},
    [FAULT_EVENTS_OTHER] = {"事件与已签名的根不符", "the events are not those that were signed"},
    [FAULT_FORKED] = {"别的进程签了另一个检查点，账本分叉",
                      "somebody else has signed another checkpoint: the log has forked"},
};

// Nothing is signed from now on, and nothing is taken in.
static Err halt(Cx *cx, SealRound *round, Fault fault, uint64_t signed_size, uint64_t events)
{
    (void)snprintf(round->halt, sizeof round->halt,
                   "账本已停止写入：%s（已签 %llu 条，库中 %llu 条）。请先运行 fapiao audit 检查，"
                   "再从备份恢复。 The record takes nothing more: %s (signed %llu events, the "
                   "database has %llu). Run 'fapiao audit', then restore a backup.",
                   faults[fault].chinese, (unsigned long long)signed_size,
                   (unsigned long long)events, faults[fault].english,
                   (unsigned long long)signed_size, (unsigned long long)events);
    commit_halt(round->committer, round->halt);
    return err_set(cx, ERR_DENIED, "%s", round->halt);
}

static const char *file_path(Cx *cx, const SealRound *round)
{
    return disk_path(cx, disk_path(cx, store_folder(round->store), "ledger"), "checkpoint");
}

static void reached(const SealRound *round, SealRoundStep step)
{
    if (round->reached != NULL) round->reached(round->reached_self, step);
}

// Until `upto` or the newest event.
static Err grow(Cx *cx, SealRound *round, Db *db, uint64_t upto, bool write, TreeEdge *edge)
{
    Err err = hashes_grow(cx, write ? round->fd : -1, db, upto, edge);
    return err == ERR_CORRUPT ? halt(cx, round, FAULT_EVENTS_GONE, round->size, edge->size) : err;
}

// --- signing

static Err sign(Cx *cx, const SealRound *round, uint64_t size, Digest root, Slice *ret_note)
{
    const Checkpoint checkpoint = {.origin = log_origin(round->log), .size = size, .root = root};
    Slice text, lines[LOG_KEYS];
    TRY(checkpoint_print(cx, &checkpoint, &text));
    for (size_t i = 0; i < LOG_KEYS; i++)
        TRY(note_sign(cx, &log_keys(round->log)[i], log_signers(round->log)[i], text, 0,
                      &lines[i]));
    return note_print(cx, text, lines, LOG_KEYS, ret_note);
}

// Signed by both keys of this log.
static Err verify(Cx *cx, const SealRound *round, Slice bytes, Checkpoint *ret_checkpoint)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    TRY(note_parse(cx, bytes, note));
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (note_verify(note, &log_keys(round->log)[i], NULL) != NOTE_HOLDS)
            return err_set(cx, ERR_CORRUPT, "a checkpoint is not signed by this log");
    TRY(checkpoint_parse(cx, note->text, ret_checkpoint));
    if (slice_equal(ret_checkpoint->origin, log_origin(round->log))) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "a checkpoint is of another log");
}

static Err swap_head(Cx *cx, SealRound *round, Slice note)
{
    HeadSwap swap = {.log = round->log,
                     .old_size = round->size,
                     .old_root = round->root,
                     .size = round->edge.size,
                     .root = tree_root(&round->edge),
                     .time_ms = cx_now_ms(cx),
                     .note = note};
    round->tried_size = swap.size;
    round->tried_root = swap.root;
    Err err = head_swap(cx, round->committer, &swap);
    if (swap.forked) return halt(cx, round, FAULT_FORKED, swap.old_size, swap.size);
    round->doubt = err != ERR_OK; // an error of COMMIT means unknown
    if (err != ERR_OK) return err_wrap(cx, err, "keeping a checkpoint");
    round->size = swap.size;
    round->root = swap.root;
    round->published = false;
    return ERR_OK;
}

// The hashes first: opening looks at their end alone, so what lies before must not have holes after
// a power cut.
static Err publish(Cx *cx, SealRound *round, Slice note)
{
    if (fdatasync(round->fd) != 0)
        return err_set(cx, ERR_STORE, "cannot sync the hashes: %s", strerror(errno));
    TRY(disk_replace(cx, file_path(cx, round), note));
    round->published = true;
    return ERR_OK;
}

// --- a round

// The newest row; *ret_same: log_head says the same.
static Err read_table(Cx *cx, const SealRound *round, Db *db, LogHead *ret_head, bool *ret_same)
{
    TRY(log_head(cx, round->log, db, ret_head));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT size, root FROM log_head WHERE tenant = ''", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_same = row ? (uint64_t)db_col_int(rows, 0) == ret_head->size &&
                          slice_equal(db_col_blob(rows, 1), digest_slice(&ret_head->root))
                    : ret_head->size == 0;
    return ERR_OK;
}

// What the last swap, whose answer was lost, has left.
static Err settle(Cx *cx, SealRound *round, Db *db)
{
    if (!round->doubt) return ERR_OK;
    LogHead head;
    bool same = false;
    TRY(read_table(cx, round, db, &head, &same));
    bool kept = head.size == round->size && digest_equal(&head.root, &round->root);
    bool moved = head.size == round->tried_size && digest_equal(&head.root, &round->tried_root);
    if (!same || (!kept && !moved)) return halt(cx, round, FAULT_FORKED, round->size, head.size);
    round->doubt = false;
    if (kept) return ERR_OK;
    round->size = head.size;
    round->root = head.root;
    round->published = false;
    return ERR_OK;
}

static Err run_with(Cx *cx, SealRound *round, Db *db)
{
    TRY(settle(cx, round, db));
    if (!round->published && round->size > 0) {
        LogHead head;
        TRY(log_head(cx, round->log, db, &head));
        TRY(publish(cx, round, head.note));
    }
    return grow(cx, round, db, UINT64_MAX, true, &round->edge);
}

Err seal_round_run(Cx *cx, SealRound *round)
{
    Slice halted = commit_halted(cx, round->committer);
    if (!slice_empty(halted)) return err_set(cx, ERR_DENIED, SLICE_FMT, SLICE_ARG(halted));
    Db *db = NULL;
    TRY(store_take(cx, round->store, &db));
    Err err = run_with(cx, round, db);
    store_give(round->store, db);
    TRY(err);
    if (round->edge.size == round->size) return ERR_OK;
    reached(round, SEAL_ROUND_GROWN);
    Slice note;
    TRY(sign(cx, round, round->edge.size, tree_root(&round->edge), &note));
    reached(round, SEAL_ROUND_SIGNED);
    TRY(swap_head(cx, round, note));
    reached(round, SEAL_ROUND_SWAPPED);
    TRY(publish(cx, round, note));
    reached(round, SEAL_ROUND_PUBLISHED);
    return ERR_OK;
}

// --- before the first

static Err count_events(Cx *cx, Db *db, uint64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT COALESCE(MAX(sequence), 0) FROM event", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_count = row ? (uint64_t)db_col_int(rows, 0) : 0;
    return ERR_OK;
}

// *ret_there: a file lies there. ERR_CORRUPT when it is not what this log signs.
static Err read_file(Cx *cx, const SealRound *round, bool *ret_there, Checkpoint *ret_file)
{
    Slice bytes;
    Err err = disk_read(cx, file_path(cx, round), LIMIT_NOTE_BYTES, &bytes);
    *ret_there = err != ERR_MISSING;
    if (err == ERR_MISSING) return ERR_OK;
    if (err == ERR_LIMIT) return err_set(cx, ERR_CORRUPT, "the checkpoint file is too large");
    TRY(err);
    if (verify(cx, round, bytes, ret_file) == ERR_OK) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "the checkpoint file is damaged");
}

static Err check_table(Cx *cx, SealRound *round, Db *db, uint64_t events, LogHead *ret_head)
{
    bool good = false;
    Checkpoint table = {};
    TRY(read_table(cx, round, db, ret_head, &good));
    if (good && ret_head->size > 0)
        good = verify(cx, round, ret_head->note, &table) == ERR_OK &&
               table.size == ret_head->size && digest_equal(&table.root, &ret_head->root);
    if (!good) return halt(cx, round, FAULT_TABLE, ret_head->size, events);
    round->size = ret_head->size;
    round->root = ret_head->root;
    if (round->size > events) return halt(cx, round, FAULT_EVENTS_GONE, round->size, events);
    return ERR_OK;
}

static Err check_file(Cx *cx, SealRound *round, uint64_t events)
{
    bool there = false;
    Checkpoint file = {};
    Err err = read_file(cx, round, &there, &file);
    if (err == ERR_CORRUPT) return halt(cx, round, FAULT_FILE_DAMAGED, round->size, events);
    TRY(err);
    if (there && file.size > round->size)
        return halt(cx, round, FAULT_FILE_NEWER, file.size, events);
    round->published = there && file.size == round->size;
    if (round->published && !digest_equal(&file.root, &round->root))
        return halt(cx, round, FAULT_FILE_OTHER, round->size, events);
    return ERR_OK;
}

// The events give the signed root, the last of them by themselves, those before them by what is
// stored; all by themselves when that does not fit. Only then is anything written.
static Err check_events(Cx *cx, SealRound *round, Db *db)
{
    const TreeReader reader = log_reader(round->log);
    for (uint64_t from = round->size > CHECKED ? round->size - CHECKED : 0;; from = 0) {
        TreeEdge start = {};
        bool there = from == 0 || tree_load(cx, &reader, from, &start) == ERR_OK;
        TreeEdge edge = start;
        if (there) TRY(grow(cx, round, db, round->size, false, &edge));
        Digest root = tree_root(&edge);
        if (there && edge.size == round->size && digest_equal(&root, &round->root)) {
            round->edge = start;
            return grow(cx, round, db, round->size, true, &round->edge);
        }
        if (from == 0) return halt(cx, round, FAULT_EVENTS_OTHER, round->size, edge.size);
    }
}

static Err check_all(Cx *cx, SealRound *round, Db *db)
{
    uint64_t events = 0;
    LogHead head;
    TRY(count_events(cx, db, &events));
    TRY(check_table(cx, round, db, events, &head));
    TRY(check_file(cx, round, events));
    TRY(check_events(cx, round, db));
    // The next round does it when the disk is full now.
    if (!round->published && round->size > 0 && publish(cx, round, head.note) != ERR_OK)
        round->published = false;
    return ERR_OK;
}

Err seal_round_open(Cx *cx, SealRound *round)
{
    const char *path = hashes_path(cx, round->store);
    round->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (round->fd < 0) return err_set(cx, ERR_STORE, "cannot open '%s': %s", path, strerror(errno));
    Db *db = NULL;
    TRY(store_take(cx, round->store, &db));
    Err err = check_all(cx, round, db);
    store_give(round->store, db);
    return round->halt[0] != '\0' ? ERR_OK : err;
}

void seal_round_close(SealRound *round)
{
    cleanup_fd_now(&round->fd);
}

// --- following

static Err check_follows(Cx *cx, const SealRound *round, Slice note, Checkpoint *ret_checkpoint)
{
    TRY(verify(cx, round, note, ret_checkpoint));
    if (ret_checkpoint->size < round->size)
        return err_set(cx, ERR_CONFLICT,
                       "the log has gone back: it shows %llu leaves and has signed %llu",
                       (unsigned long long)ret_checkpoint->size, (unsigned long long)round->size);
    if (ret_checkpoint->size == round->size && round->size > 0 &&
        !digest_equal(&ret_checkpoint->root, &round->root))
        return err_set(cx, ERR_CONFLICT, "the log has forked: it has signed two roots of %llu",
                       (unsigned long long)round->size);
    return ERR_OK;
}

Err seal_round_check(Cx *cx, const SealRound *round, Slice note)
{
    Checkpoint checkpoint;
    return check_follows(cx, round, note, &checkpoint);
}

static Err follow_with(Cx *cx, SealRound *round, Db *db, const Checkpoint *checkpoint)
{
    TreeEdge edge = round->edge;
    TRY(settle(cx, round, db));
    TRY(grow(cx, round, db, checkpoint->size, true, &edge));
    Digest root = tree_root(&edge);
    if (edge.size < checkpoint->size)
        return err_set(cx, ERR_MISSING, "%llu events of %llu are here",
                       (unsigned long long)edge.size, (unsigned long long)checkpoint->size);
    if (!digest_equal(&root, &checkpoint->root))
        return err_set(cx, ERR_CONFLICT, "the log has forked: its %llu events are not those here",
                       (unsigned long long)checkpoint->size);
    round->edge = edge;
    return ERR_OK;
}

Err seal_round_follow(Cx *cx, SealRound *round, Slice note)
{
    Checkpoint checkpoint;
    TRY(check_follows(cx, round, note, &checkpoint));
    if (checkpoint.size == round->size) return ERR_OK;
    Db *db = NULL;
    TRY(store_take(cx, round->store, &db));
    Err err = follow_with(cx, round, db, &checkpoint);
    store_give(round->store, db);
    TRY(err);
    TRY(swap_head(cx, round, note));
    return publish(cx, round, note);
}
