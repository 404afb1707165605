#include "desk/running/ledger/ledger_export.h"

#include <unistd.h>

#include "base/limits.h"
#include "desk/running/ledger/ledger_tiles.h"
#include "store/disk.h"

#define TILE_ARENA     (LIMIT_MIB)
#define CHECKPOINT_MAX ((size_t)65'536) // bytes

typedef struct Run {
    Log *log;
    Db *db;
    const LedgerExport *options;
    uint64_t size, written;
} Run;

// OUT and the folders that `name` lies in.
static Err make_folders(Cx *cx, const char *out, const char *name)
{
    TRY(disk_folder(cx, out));
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const char *folder = cx_printf(cx, "%s/%.*s", out, (int)(slash - name), name).data;
        TRY(disk_folder(cx, folder));
    }
    return ERR_OK;
}

// A tile that is there must be ours to the byte: damaged on that disk, or somebody else's, it would
// be served under our checkpoint.
static Err compare(Cx *cx, const char *path, Slice bytes, bool *ret_there)
{
    Slice old;
    Err err = disk_read(cx, path, bytes.size, &old);
    *ret_there = err == ERR_OK;
    if (err == ERR_MISSING) return ERR_OK;
    if (err == ERR_LIMIT || (err == ERR_OK && !slice_equal(old, bytes)))
        return err_set(cx, ERR_CONFLICT, "'%s' has other bytes than this log's tile", path);
    return err;
}

static Err put_tile(Cx *cx, Run *run, const Tile *tile)
{
    char name[TILE_PATH_SIZE];
    tile_path(tile, name);
    const char *path = disk_path(cx, run->options->out, name);
    bool there = false;
    Slice bytes;
    TRY(ledger_tiles_get(cx, run->log, run->db, tile, run->size, &bytes));
    TRY(compare(cx, path, bytes, &there));
    if (there) return ERR_OK;
    TRY(make_folders(cx, run->options->out, name));
    run->written++;
    return disk_write_new(cx, path, bytes);
}

// Each tile in an arena of its own: there may be many.
static Err put(Cx *cx, Run *run, Tile tile)
{
    Cx own;
    cx_init(&own, cx->world, TILE_ARENA);
    Err err = put_tile(&own, run, &tile);
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

// All tiles of one level; entries have the widths of level 0.
static Err put_level(Cx *cx, Run *run, int level)
{
    int shown = level == TILE_ENTRIES ? 0 : level;
    uint64_t full = (run->size >> (8 * shown)) / TILE_WIDTH;
    int partial = tile_partial(shown, run->size);
    for (uint64_t n = 0; n < full; n++) {
        TRY(put(cx, run, (Tile){.level = level, .n = n, .width = TILE_WIDTH}));
        if (level == TILE_ENTRIES && run->options->progress != NULL)
            run->options->progress(run->options->self, (n + 1) * TILE_WIDTH, run->size);
    }
    if (partial == 0) return ERR_OK;
    return put(cx, run, (Tile){.level = level, .n = full, .width = partial});
}

// What lies there must be an older checkpoint of this very log.
static Err check_old(Cx *cx, Run *run, const char *path)
{
    Slice bytes;
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Checkpoint old;
    Err err = disk_read(cx, path, CHECKPOINT_MAX, &bytes);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    if (note_parse(cx, bytes, note) != ERR_OK || checkpoint_parse(cx, note->text, &old) != ERR_OK)
        return err_set(cx, ERR_CONFLICT, "'%s' is no checkpoint", path);
    if (!slice_equal(old.origin, log_origin(run->log)))
        return err_set(cx, ERR_CONFLICT, "'%s' is of another log, '" SLICE_FMT "'", path,
                       SLICE_ARG(old.origin));
    if (old.size > run->size)
        return err_set(cx, ERR_CONFLICT, "'%s' covers %llu entries, this log has %llu", path,
                       (unsigned long long)old.size, (unsigned long long)run->size);
    TreeReader reader = log_reader(run->log);
    TreeEdge edge;
    TRY(tree_load(cx, &reader, old.size, &edge));
    Digest root = tree_root(&edge);
    if (!digest_equal(&root, &old.root))
        return err_set(cx, ERR_CONFLICT, "'%s' has another root for %llu entries: a fork", path,
                       (unsigned long long)old.size);
    return ERR_OK;
}

Err ledger_export_run(Cx *cx, Log *log, Db *db, const LedgerExport *options,
                      LedgerExported *ret_exported)
{
    LogHead head;
    TRY(log_head(cx, log, db, &head));
    if (head.note.size == 0) return err_set(cx, ERR_MISSING, "there is no checkpoint yet");
    if (access(disk_path(cx, options->out, "fapiao.db"), F_OK) == 0)
        return err_set(cx, ERR_CONFLICT, "'%s' is a data folder", options->out);
    Run run = {.log = log, .db = db, .options = options, .size = head.size};
    const char *checkpoint = disk_path(cx, options->out, "checkpoint");
    TRY(check_old(cx, &run, checkpoint));
    TRY(disk_folder(cx, options->out));
    TRY(put_level(cx, &run, TILE_ENTRIES));
    for (int level = 0; level <= TILE_LEVEL_MAX; level++)
        TRY(put_level(cx, &run, level));
    TRY(disk_replace(cx, checkpoint, head.note));
    *ret_exported = (LedgerExported){.size = head.size, .written = run.written};
    return ERR_OK;
}
