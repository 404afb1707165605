// For tests of the log and its sealer: a folder with all four of them, opened and opened again.
#pragma once
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "commit/commit_fixture.h"
#include "publish/sealer.h"
#include "store/disk.h"

typedef struct Record {
    const char *folder; // of record_folder
    Store *store;
    Log *log;
    Committer *committer;
    Sealer *sealer;
    SealerOptions options; // what a test wants to be different
    atomic_int growing;    // meanwhile the sealer is told of nothing, so that it signs no part
    atomic_ullong next_sequence;
} Record;

static inline void record_durable(void *self, uint64_t next_sequence)
{
    Record *record = self;
    record->next_sequence = next_sequence;
    if (record->sealer != NULL && record->growing == 0)
        sealer_notice(record->sealer, next_sequence);
}

// A fresh one each time.
static inline const char *record_folder(Cx *cx, const char *name)
{
    return cx_printf(cx, "%s/%s", test_folder(), name).data;
}

static inline void record_open(Cx *cx, Record *record)
{
    const char *key_file = cx_printf(cx, "%s.key", record->folder).data;
    AeadKey key;
    if (keyfile_read(cx, key_file, &key) == ERR_MISSING)
        EXPECT_OK(keyfile_create(cx, key_file, &key));
    const StoreOptions store = {

        .folder = record->folder, .key_file = key_file, .create = true, .write = true};
    EXPECT_OK(store_open(cx, &store, &record->store));
    EXPECT_OK(log_open(cx, record->store, SLICE(""), &record->log));
    const CommitOptions commit = {.durable = record_durable,
                                  .durable_self = record,
                                  .origin = log_origin(record->log),
                                  .keys = log_keys(record->log),
                                  .signers = log_signers(record->log),
                                  .key_count = LOG_PROMISE_KEYS};
    EXPECT_OK(commit_open(cx, record->store, &commit, &record->committer));
    SealerOptions sealer = record->options;
    sealer.store = record->store;
    sealer.committer = record->committer;
    sealer.log = record->log;
    EXPECT_OK(sealer_open(cx, &sealer, &record->sealer));
}

static inline void record_close(Record *record)
{
    sealer_close(record->sealer);
    record->sealer = NULL;
    commit_close(record->committer);
    log_close(record->log);
    store_close(record->store);
}

// `count` documents, of two tenants in turn, for one round of the sealer; the answers' promises are
// dropped.
static inline void record_grow(Cx *cx, Record *record, size_t count)
{
    static uint64_t made;
    record->growing++;
    for (size_t i = 0; i < count; i++, made++) {
        const Arrival arrival = {
            .tenant = made % 3 == 0 ? SLICE("other") : SLICE("local"),
            .actor = SLICE("a"),
            .source = SLICE("s"),
            .bytes = cx_printf(cx, "document %llu of %d", (unsigned long long)made, (int)getpid())};
        Wait wait = WAIT_INIT;
        EXPECT_OK(commit_receive(cx, record->committer, &arrival, wait_received, &wait));
        wait_for(&wait);
        EXPECT(wait.receipt.err == ERR_OK);
        promise_drop(wait.receipt.promise);
    }
    if (--record->growing == 0 && record->sealer != NULL && record->next_sequence > 0)
        sealer_notice(record->sealer, record->next_sequence);
}

// The leaf hashes as the events have them, in order.
static inline Digest *record_leaves(Cx *cx, Record *record, size_t *ret_count)
{
    size_t count = (size_t)fixture_count(cx, record->store, "SELECT COUNT(*) FROM event"), at = 0;
    Digest *leaves = arena_alloc(&cx->arena, (count + 1) * sizeof *leaves);
    Db *db = NULL;
    DbRows *rows = NULL;
    EXPECT_OK(store_take(cx, record->store, &db));
    EXPECT_OK(db_query(cx, db, "SELECT leaf_hash FROM event ORDER BY sequence", NULL, 0, &rows));
    for (bool row = true; at < count; at++) {
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && db_col_blob(rows, 0).size == DIGEST_SIZE);
        memcpy(leaves[at].bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
    }
    db_rows_close(rows);
    store_give(record->store, db);
    *ret_count = count;
    return leaves;
}

// RFC 6962 §2.1 word for word: a second opinion on ledger/tree.c.
static inline Digest record_root(const Digest *leaves, size_t count)
{
    if (count == 0) return tree_empty();
    if (count == 1) return leaves[0];
    size_t split = 1;
    while (split * 2 < count)
        split *= 2;
    const Digest left = record_root(leaves, split);
    const Digest right = record_root(leaves + split, count - split);
    return tree_node(&left, &right);
}

// Everything that was signed says what the events say; the newest covers them all; file, hashes and
// tables agree.
static inline void record_expect_sealed(Cx *cx, Record *record)
{
    size_t count = 0;
    const Digest *leaves = record_leaves(cx, record, &count);
    Db *db = NULL;
    DbRows *rows = NULL;
    EXPECT_OK(store_take(cx, record->store, &db));
    const TreeReader reader = log_reader(record->log);
    uint64_t last = 0;
    Digest last_root = tree_empty();
    EXPECT_OK(
        db_query(cx, db, "SELECT size, root, note FROM checkpoint ORDER BY size", NULL, 0, &rows));
    for (bool row = true;;) {
        EXPECT_OK(db_next(cx, rows, &row));
        if (!row) break;
        uint64_t size = (uint64_t)db_col_int(rows, 0);
        EXPECT(size > last && size <= count);
        const Digest root = record_root(leaves, size);
        EXPECT(slice_equal(db_col_blob(rows, 1), digest_slice(&root)));
        Note *note = arena_alloc(&cx->arena, sizeof *note);
        EXPECT_OK(note_parse(cx, db_col_blob(rows, 2), note));
        Checkpoint checkpoint;
        EXPECT_OK(checkpoint_parse(cx, note->text, &checkpoint));
        EXPECT(checkpoint.size == size && digest_equal(&checkpoint.root, &root));
        for (size_t i = 0; i < LOG_KEYS; i++) {
            EXPECT(note_verify(note, &log_keys(record->log)[i], NULL) == NOTE_HOLDS);
            EXPECT(note_line_is_of(&note->lines[i], &log_keys(record->log)[i]));
        }
        TreeProof proof;
        EXPECT_OK(tree_consistency(cx, &reader, last, size, &proof));
        EXPECT(tree_is_consistent(last, &last_root, size, &root, &proof));
        last = size;
        last_root = root;
    }
    db_rows_close(rows);
    EXPECT(last == count && sealer_size(record->sealer) == count);
    for (uint64_t i = 0; i < count; i++) {
        TreeProof proof;
        EXPECT_OK(tree_inclusion(cx, &reader, i, count, &proof));
        EXPECT(tree_includes(i, count, &leaves[i], &proof, &last_root));
    }
    store_give(record->store, db);
    if (count == 0) return;
    Slice file;
    const char *path = cx_printf(cx, "%s/ledger/checkpoint", record->folder).data;
    EXPECT_OK(disk_read(cx, path, 65536, &file));
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Checkpoint checkpoint;
    EXPECT_OK(note_parse(cx, file, note));
    EXPECT_OK(checkpoint_parse(cx, note->text, &checkpoint));
    EXPECT(checkpoint.size == count && digest_equal(&checkpoint.root, &last_root));
}

// What a witness or a mirror signs of the newest checkpoint, kept as its cosignature.
static inline void record_cosign(Cx *cx, Record *record, const NoteKey *key, const Signer *signer,
                                 uint64_t seconds)
{
    Db *db = NULL;
    LogHead head;
    EXPECT_OK(store_take(cx, record->store, &db));
    EXPECT_OK(log_head(cx, record->log, db, &head));
    store_give(record->store, db);
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    EXPECT_OK(note_parse(cx, head.note, note));
    Slice line;
    EXPECT_OK(note_sign(cx, key, signer, note->text, seconds, &line));
    db = store_writer(record->store); // nothing is under way on it
    EXPECT_OK(db_run(cx, db,
                     "INSERT INTO cosignature (tenant, size, name, seconds, line) "
                     "VALUES ('', $1, $2, $3, $4)",
                     DB_VALUES(db_int((int64_t)head.size), db_text(key->name),
                               db_int((int64_t)seconds), db_blob(line)),
                     NULL));
}
