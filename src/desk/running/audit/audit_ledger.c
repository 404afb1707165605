// The check of the ledger's other tables: settings, watchers and what they cosigned, statements,
// refusals, reconciliations.
#include "base/base64.h"
#include "base/limits.h"
#include "desk/running/audit/audit_check.h"
#include "desk/running/audit/audit_statement.h"
#include "ledger/note.h"
#include "store/schema.h"

// What the rows of meta may be called: by store, log, mirror and watch.
static const char *const meta_names[] = {"schema",
                                         "log_origin",
                                         "fapiao/cosigner",
                                         "witness_quorum",
                                         "witness_alarm",
                                         "without_witnesses",
                                         NULL};

static Err check_meta(Cx *cx, Audit *audit, uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT name, value FROM meta ORDER BY name", NULL, 0, &rows));
    bool schema = false;
    Slice count = cx_printf(cx, "%zu", SCHEMA_PART_COUNT);
    for (bool row = true;; ++*things) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        Slice name = db_col_text(rows, 0);
        bool known = false;
        for (size_t i = 0; meta_names[i] != NULL; i++)
            known |= slice_equal(name, slice_of(meta_names[i]));
        Slice where = cx_printf(cx, "meta(" SLICE_FMT ")", SLICE_ARG(name));
        if (!known) audit_find_add(&audit->findings, AUDIT_META, where, SLICE("there is no such"));
        if (!slice_equal(name, SLICE("schema"))) continue;
        schema = true;
        if (!slice_equal(db_col_blob(rows, 1), count))
            audit_find_add(&audit->findings, AUDIT_META, where,
                           SLICE("the folder is of another version of the program"));
    }
    if (!schema)
        audit_find_add(&audit->findings, AUDIT_META, SLICE("meta(schema)"), SLICE("missing"));
    return ERR_OK;
}

// --- watchers

static void bad_watcher(Cx *cx, Audit *audit, Slice name, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_WATCHER,
                   cx_printf(cx, "watcher(, " SLICE_FMT ")", SLICE_ARG(name)), slice_of(why));
}

static Err has_cosigned(Cx *cx, Audit *audit, Slice name, int64_t size, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT 1 FROM cosignature WHERE tenant = '' AND size = $1 AND name = $2",
                 DB_VALUES(db_int(size), db_text(name)), &rows));
    return db_next(cx, rows, ret_has);
}

static Err check_watcher(Cx *cx, Audit *audit, const DbRows *rows)
{
    Slice name = db_col_text(rows, 1), kind = db_col_text(rows, 2), token = db_col_blob(rows, 5);
    bool mirror = slice_equal(kind, SLICE("mirror"));
    int64_t size = db_col_int(rows, 6);
    NoteKey key;
    if (!slice_empty(db_col_text(rows, 0)))
        bad_watcher(cx, audit, name, "its tenant is not the empty one");
    if (!mirror && !slice_equal(kind, SLICE("witness"))) bad_watcher(cx, audit, name, "kind");
    // A mirror's key is known from the first checkpoint on that it signed.
    bool unknown = mirror && size == 0 && slice_empty(db_col_text(rows, 3));
    if (!unknown &&
        (note_key_parse(cx, db_col_text(rows, 3), &key) != ERR_OK || !slice_equal(key.name, name)))
        bad_watcher(cx, audit, name, "vkey is none of this name");
    if (mirror != slice_empty(db_col_text(rows, 4)) || token.size != (mirror ? DIGEST_SIZE : 0))
        bad_watcher(cx, audit, name, "url, token: a witness has the one, a mirror the other");
    if (size < 0 || (uint64_t)size > audit->events)
        bad_watcher(cx, audit, name, "it has cosigned more than there is");
    bool has = size == 0;
    if (!has) TRY(has_cosigned(cx, audit, name, size, &has));
    if (!has) bad_watcher(cx, audit, name, "what it cosigned last is not there");
    return ERR_OK;
}

static Err check_watchers(Cx *cx, Audit *audit, uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT tenant, name, kind, vkey, url, token, size FROM watcher ORDER BY name",
                 NULL, 0, &rows));
    for (bool row = true;; ++*things) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(check_watcher(cx, audit, rows));
    }
}

// --- cosignatures

static void bad_cosignature(Cx *cx, Audit *audit, const DbRows *rows, const char *why)
{
    Slice where = cx_printf(cx, "cosignature(" SLICE_FMT ", %lld, " SLICE_FMT ", %lld)",
                            SLICE_ARG(db_col_text(rows, 0)), (long long)db_col_int(rows, 1),
                            SLICE_ARG(db_col_text(rows, 2)), (long long)db_col_int(rows, 3));
    audit_find_add(&audit->findings, AUDIT_COSIGNATURE, where, slice_of(why));
}

// Columns: tenant, size, name, seconds, line, note of the checkpoint, key of the watcher, follows.
static Err check_cosignature(Cx *cx, Audit *audit, const DbRows *rows)
{
    if (db_col_null(rows, 5)) {
        bad_cosignature(cx, audit, rows, "its checkpoint is not there");
        return ERR_OK;
    }
    Slice parts[] = {db_col_blob(rows, 5), db_col_blob(rows, 4)};
    char *bytes = arena_try_alloc(&cx->arena, parts[0].size + parts[1].size);
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (bytes == NULL || note == NULL) return err_set(cx, ERR_LIMIT, "a note does not fit");
    memcpy(bytes, parts[0].data, parts[0].size);
    memcpy(bytes + parts[0].size, parts[1].data, parts[1].size);
    if (note_parse(cx, (Slice){bytes, parts[0].size + parts[1].size}, note) != ERR_OK) {
        bad_cosignature(cx, audit, rows, "it is no line of a note");
        return ERR_OK;
    }
    const NoteLine *line = &note->lines[note->line_count - 1];
    if (!slice_equal(line->line, parts[1]) || !slice_equal(line->name, db_col_text(rows, 2)))
        bad_cosignature(cx, audit, rows, "it is of another name");
    // Who watches no more can't be asked for the key.
    NoteKey key;
    if (db_col_null(rows, 6) || note_key_parse(cx, db_col_text(rows, 6), &key) != ERR_OK)
        return ERR_OK;
    uint64_t seconds = 0;
    if (note_verify(note, &key, &seconds) != NOTE_HOLDS)
        bad_cosignature(cx, audit, rows, "it does not hold");
    else if (seconds != (uint64_t)db_col_int(rows, 3))
        bad_cosignature(cx, audit, rows, "seconds");
    return ERR_OK;
}

// That the one which it follows is there.
static Err check_before(Cx *cx, Audit *audit, const DbRows *rows)
{
    Slice name = db_col_text(rows, 2);
    int64_t follows = db_col_int(rows, 7);
    bool has = follows == 0;
    if (!has) TRY(has_cosigned(cx, audit, name, follows, &has));
    if (!has)
        audit_find_add(&audit->findings, AUDIT_COSIGNATURE,
                       cx_printf(cx, "cosignature(, %lld, " SLICE_FMT ")", (long long)follows,
                                 SLICE_ARG(name)),
                       SLICE("it is gone: a later one follows it"));
    return ERR_OK;
}

static Err check_cosignatures(Cx *cx, Audit *audit, uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT c.tenant, c.size, c.name, c.seconds, c.line, k.note, w.vkey, c.follows "
                 "FROM cosignature c "
                 "LEFT JOIN checkpoint k ON k.tenant = c.tenant AND k.size = c.size "
                 "LEFT JOIN watcher w ON w.tenant = c.tenant AND w.name = c.name "
                 "ORDER BY c.tenant, c.size, c.name, c.seconds",
                 NULL, 0, &rows));
    for (bool row = true;; ++*things) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = check_cosignature(&own, audit, rows);
        if (err == ERR_OK) err = check_before(&own, audit, rows);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
}

// --- rows without events: what can be said of them from themselves

static Err check_plain(Cx *cx, Audit *audit, AuditKind kind, const char *sql, const char *table,
                       uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, sql, NULL, 0, &rows));
    for (bool row = true;; ++*things) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        audit_find_add(
            &audit->findings, kind,
            audit_find_row(cx, table, db_col_text(rows, 0), base64_hex(cx, db_col_blob(rows, 1))),
            SLICE("a value can't be"));
    }
}

Err audit_ledger(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    TRY(check_meta(cx, audit, ret_things));
    TRY(check_watchers(cx, audit, ret_things));
    if (!audit->options->quick) TRY(check_cosignatures(cx, audit, ret_things));
    TRY(check_plain(cx, audit, AUDIT_REFUSAL,
                    "SELECT tenant, id FROM refusal WHERE length(id) <> 16 OR size < 0 OR "
                    "time_ms <= 0 OR tenant = '' OR source = '' OR reason = ''",
                    "refusal", ret_things));
    TRY(check_plain(cx, audit, AUDIT_RUN,
                    "SELECT tenant, id FROM sync_run WHERE length(id) <> 16 OR started_ms <= 0 OR "
                    "(ended_ms <> 0 AND ended_ms < started_ms) OR "
                    "(ended_ms = 0) <> (result = '')",
                    "sync_run", ret_things));
    if (audit->log == NULL || audit->options->quick) return ERR_OK;
    return audit_statement_all(cx, audit, ret_things);
}
