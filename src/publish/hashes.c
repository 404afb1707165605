#include "publish/hashes.h"

#include "base/limits.h"
#include "store/disk.h"

#define SPAN  1024           // fetched in one read when they lie near each other
#define BATCH ((size_t)4096) // events read at once

const char *hashes_path(Cx *cx, const Store *store)
{
    return disk_path(cx, disk_path(cx, store_folder(store), "ledger"), "hashes");
}

// How many of `indexes` one read fetches: they ascend and lie near each other.
static size_t near_each_other(const uint64_t *indexes, size_t count)
{
    size_t end = 1;
    while (end < count && indexes[end] > indexes[end - 1] && indexes[end] - indexes[0] < SPAN)
        end++;
    return end;
}

Err hashes_read(Cx *cx, int fd, const uint64_t *indexes, size_t count, Digest *ret_hashes)
{
    for (size_t at = 0; at < count;) {
        size_t batch = near_each_other(indexes + at, count - at);
        uint64_t first = indexes[at], last = indexes[at + batch - 1];
        Slice bytes;
        TRY(disk_read_at(cx, fd, first * DIGEST_SIZE, (size_t)(last - first + 1) * DIGEST_SIZE,
                         &bytes));
        for (size_t i = 0; i < batch; i++)
            memcpy(ret_hashes[at + i].bytes, bytes.data + (indexes[at + i] - first) * DIGEST_SIZE,
                   DIGEST_SIZE);
        at += batch;
    }
    return ERR_OK;
}

typedef struct Growth {
    TreeEdge edge;
    char *bytes; // stored hashes of this batch
    size_t size;
} Growth;

static Err grow_by(Cx *cx, Growth *growth, const DbRows *rows)
{
    Slice hash = db_col_blob(rows, 1);
    if ((uint64_t)db_col_int(rows, 0) != growth->edge.size + 1 || hash.size != DIGEST_SIZE)
        return err_set(cx, ERR_CORRUPT, "event %llu is missing or damaged",
                       (unsigned long long)growth->edge.size + 1);
    Digest leaf, stored[TREE_LEVELS];
    size_t count = 0;
    memcpy(leaf.bytes, hash.data, DIGEST_SIZE);
    tree_grow(&growth->edge, &leaf, stored, &count);
    for (size_t i = 0; i < count; i++, growth->size += DIGEST_SIZE)
        memcpy(growth->bytes + growth->size, stored[i].bytes, DIGEST_SIZE);
    return ERR_OK;
}

// At most a batch, and not past `upto`. The edge moves when the hashes are written.
static Err grow_batch(Cx *cx, int fd, Db *db, uint64_t upto, TreeEdge *edge)
{
    AUTO_ROWS DbRows *rows = NULL;
    uint64_t count = upto - edge->size < BATCH ? upto - edge->size : BATCH;
    Growth growth = {.edge = *edge};
    // Twice as many hashes as leaves, and those that complete what was there before.
    growth.bytes = arena_alloc(&cx->arena, (size_t)(2 * count + TREE_LEVELS) * DIGEST_SIZE);
    TRY(db_query(cx, db,
                 "SELECT sequence, leaf_hash FROM event WHERE sequence > $1 "
                 "ORDER BY sequence LIMIT $2",
                 DB_VALUES(db_int((int64_t)edge->size), db_int((int64_t)count)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(grow_by(cx, &growth, rows));
    }
    uint64_t position = tree_stored_count(edge->size) * DIGEST_SIZE;
    if (fd >= 0) TRY(disk_write_at(cx, fd, (Slice){growth.bytes, growth.size}, position));
    *edge = growth.edge;
    return ERR_OK;
}

// Each batch in an arena of its own: there may be millions.
Err hashes_grow(Cx *cx, int fd, Db *db, uint64_t upto, TreeEdge *edge)
{
    for (uint64_t before = edge->size + 1; edge->size != upto && edge->size != before;) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        before = edge->size;
        Err err = grow_batch(&own, fd, db, upto, edge);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
    return ERR_OK;
}
