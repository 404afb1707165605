#include "desk/running/watch/watch_list.h"

#include "base/limits.h"
#include "commit/commit_wait.h"
#include "net/fetch.h"

#define OURS db_text(SLICE("")) // one log for the whole folder: its rows bear no tenant

// ---- reading ----

static Err take_row(Cx *cx, const DbRows *rows, WatchRow *row)
{
    Slice *const texts[] = {&row->name, &row->kind, &row->vkey, &row->url, &row->error};
    for (int i = 0; i < 5; i++)
        TRY(cx_copy(cx, db_col_text(rows, i), texts[i]));
    row->added_ms = (uint64_t)db_col_int(rows, 5);
    row->size = (uint64_t)db_col_int(rows, 6);
    row->ok_ms = (uint64_t)db_col_int(rows, 7);
    row->tried_ms = (uint64_t)db_col_int(rows, 8);
    return ERR_OK;
}

Err watch_list(Cx *cx, Db *db, WatchRow **ret_rows, size_t *ret_count)
{
    WatchRow *list = arena_alloc(&cx->arena, LIMIT_WATCHERS * sizeof *list);
    size_t count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT name, kind, vkey, url, error, added_ms, size, ok_ms, tried_ms "
                 "FROM watcher WHERE tenant = $1 ORDER BY name",
                 DB_VALUES(OURS), &rows));
    for (bool row = true; count < LIMIT_WATCHERS;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(take_row(cx, rows, &list[count++]));
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

size_t watch_list_need(size_t count, size_t set)
{
    if (set > 0) return set < count ? set : count;
    return count - count / 3;
}

Err watch_list_meta(Cx *cx, Db *db, const char *name, Slice *ret_value)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT value FROM meta WHERE name = $1",
                 DB_VALUES(db_text(slice_of(name))), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_value = SLICE("");
    return row ? cx_copy(cx, db_col_blob(rows, 0), ret_value) : ERR_OK;
}

Err watch_list_quorum(Cx *cx, Db *db, size_t *ret_set)
{
    Slice text;
    uint64_t set = 0;
    TRY(watch_list_meta(cx, db, WATCH_QUORUM_META, &text));
    (void)slice_u64(text, &set);
    *ret_set = set <= LIMIT_WATCHERS ? (size_t)set : 0;
    return ERR_OK;
}

// ---- writing: in the committer's transaction ----

Err watch_list_write(Cx *cx, Committer *committer, CommitWork *work, void *self, AuditNote *note)
{
    if (note == NULL || commit_halted(cx, committer).size > 0)
        return commit_wait_work(cx, committer, work, self);
    return commit_wait_audited(cx, committer, work, self, note);
}

typedef struct Added {
    Slice name, vkey, url;
    uint64_t now_ms;
} Added;

static Err add(Cx *cx, Db *db, void *self)
{
    const Added *added = self;
    WatchRow *rows = NULL;
    size_t count = 0;
    TRY(watch_list(cx, db, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (slice_equal(rows[i].name, added->name))
            return err_set(cx, ERR_CONFLICT, "'" SLICE_FMT "' watches already",
                           SLICE_ARG(added->name));
    if (count == LIMIT_WATCHERS)
        return err_set(cx, ERR_LIMIT, "there are %zu watchers already", count);
    return db_run(cx, db,
                  "INSERT INTO watcher (tenant, name, kind, vkey, url, token, added_ms, size, "
                  "ok_ms, tried_ms, error) VALUES ($1, $2, 'witness', $3, $4, $5, $6, 0, 0, 0, '')",
                  DB_VALUES(OURS, db_text(added->name), db_text(added->vkey), db_text(added->url),
                            db_blob(SLICE("")), db_int((int64_t)added->now_ms)),
                  NULL);
}

Err watch_list_add(Cx *cx, Committer *committer, Slice vkey, Slice url, AuditNote *note)
{
    NoteKey key;
    TRY(note_key_parse(cx, vkey, &key));
    if (key.type != NOTE_KEY_COSIGNATURE)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no key of a witness", SLICE_ARG(vkey));
    TRY(fetch_check_url(cx, url));
    Added added = {key.name, vkey, url, cx_now_ms(cx)};
    return watch_list_write(cx, committer, add, &added, note);
}

static Err take_away(Cx *cx, Db *db, void *self)
{
    const Slice *name = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db, "DELETE FROM watcher WHERE tenant = $1 AND name = $2 AND kind = 'witness'",
               DB_VALUES(OURS, db_text(*name)), &changed));
    if (changed == 0)
        return err_set(cx, ERR_MISSING, "there is no witness '" SLICE_FMT "'", SLICE_ARG(*name));
    return ERR_OK;
}

Err watch_list_remove(Cx *cx, Committer *committer, Slice name, AuditNote *note)
{
    return watch_list_write(cx, committer, take_away, &name, note);
}

typedef struct Meta {
    const char *name;
    Slice value;
} Meta;

static Err set_meta(Cx *cx, Db *db, void *self)
{
    const Meta *meta = self;
    TRY(db_run(cx, db, "DELETE FROM meta WHERE name = $1", DB_VALUES(db_text(slice_of(meta->name))),
               NULL));
    if (meta->value.size == 0) return ERR_OK;
    return db_run(cx, db, "INSERT INTO meta (name, value) VALUES ($1, $2)",
                  DB_VALUES(db_text(slice_of(meta->name)), db_blob(meta->value)), NULL);
}

Err watch_list_set_meta(Cx *cx, Committer *committer, const char *name, Slice value)
{
    Meta meta = {name, value};
    return commit_wait_work(cx, committer, set_meta, &meta);
}

Err watch_list_set_quorum(Cx *cx, Committer *committer, size_t set)
{
    if (set > LIMIT_WATCHERS)
        return err_set(cx, ERR_INPUT, "a quorum of %zu is more than there can be", set);
    Slice value = set == 0 ? SLICE("") : cx_printf(cx, "%zu", set);
    return watch_list_set_meta(cx, committer, WATCH_QUORUM_META, value);
}

// One cosignature a size and name is kept, with the size of the one before it: one that is taken
// out is missed (desk/running/audit). That it signs the same again each minute says only that
// it is there.
static Err keep_line(Cx *cx, Db *db, const WatchOutcome *outcome)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM cosignature WHERE tenant = $1 AND size = $2 AND name = $3 LIMIT 1",
                 DB_VALUES(OURS, db_int((int64_t)outcome->size), db_text(outcome->name)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return ERR_OK;
    return db_run(cx, db,
                  "INSERT INTO cosignature (tenant, size, name, seconds, line, follows) "
                  "VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT size FROM cosignature "
                  "WHERE tenant = $1 AND size < $2 AND name = $3 ORDER BY size DESC LIMIT 1), 0))",
                  DB_VALUES(OURS, db_int((int64_t)outcome->size), db_text(outcome->name),
                            db_int((int64_t)outcome->seconds), db_blob(outcome->line)),
                  NULL);
}

static Err note_outcome(Cx *cx, Db *db, void *self)
{
    const WatchOutcome *outcome = self;
    DbValue tried = db_int((int64_t)outcome->tried_ms);
    if (outcome->size == 0)
        return db_run(cx, db,
                      "UPDATE watcher SET tried_ms = $3, error = $4 "
                      "WHERE tenant = $1 AND name = $2",
                      DB_VALUES(OURS, db_text(outcome->name), tried, db_text(outcome->error)),
                      NULL);
    TRY(keep_line(cx, db, outcome));
    return db_run(cx, db,
                  "UPDATE watcher SET size = $3, ok_ms = $4, tried_ms = $4, error = '' "
                  "WHERE tenant = $1 AND name = $2",
                  DB_VALUES(OURS, db_text(outcome->name), db_int((int64_t)outcome->size), tried),
                  NULL);
}

Err watch_list_note(Cx *cx, Committer *committer, const WatchOutcome *outcome)
{
    return commit_wait_work(cx, committer, note_outcome, (void *)(uintptr_t)outcome);
}
