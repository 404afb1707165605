// The check of the tree: the hashes file is what the leaves give, every kept checkpoint has the
// root that they give and our signatures, the head is the newest one, and so is its file.
#include <fcntl.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "desk/running/audit/audit_file.h"
#include "desk/running/audit/audit_sample.h"
#include "ledger/checkpoint.h"
#include "publish/side_row.h"
#include "store/disk.h"

#define BUFFER        ((size_t)8192) // hashes read in one go
#define SIGNATURES    UINT64_C(1000) // of the newest checkpoints, checked in every audit
#define PROGRESS_MASK UINT64_C(4095)

typedef struct Tree {
    TreeEdge edge;
    int fd; // of the hashes; -1
    Digest buffer[BUFFER];
    uint64_t at, count;  // what of the file lies in the buffer
    uint64_t stored;     // hashes so far
    DbRows *checkpoints; // by size
    bool row;
    uint64_t size_last, time_last; // of the checkpoint before
    Digest root_last;
    uint64_t signed_from; // signatures of checkpoints of this size on are checked
} Tree;

static Slice row_name(Cx *cx, uint64_t size)
{
    return cx_printf(cx, "checkpoint(, %llu)", (unsigned long long)size);
}

static void bad(Cx *cx, Audit *audit, uint64_t size, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_CHECKPOINT, row_name(cx, size), slice_of(why));
}

// --- the hashes file

static bool file_hash(Tree *tree, uint64_t index, Digest *ret_hash)
{
    if (index < tree->at || index >= tree->at + tree->count) {
        tree->at = index;
        ssize_t size =
            pread(tree->fd, tree->buffer, sizeof tree->buffer, (off_t)(index * DIGEST_SIZE));
        tree->count = size <= 0 ? 0 : (uint64_t)size / DIGEST_SIZE;
        if (tree->count == 0) return false;
    }
    *ret_hash = tree->buffer[index - tree->at];
    return true;
}

static void check_hash(Cx *cx, Audit *audit, Tree *tree, const Digest *hash, uint64_t leaf)
{
    uint64_t index = tree->stored++;
    // Behind the checkpoint the file may fall short: it is made anew from there.
    if (tree->fd < 0 || (index + 1) * DIGEST_SIZE > audit->hashes_size) return;
    Digest there;
    if (file_hash(tree, index, &there) && digest_equal(&there, hash)) return;
    audit_find_add(&audit->findings, AUDIT_HASHES,
                   cx_printf(cx, "ledger/hashes@%llu, leaf %llu",
                             (unsigned long long)index * DIGEST_SIZE, (unsigned long long)leaf),
                   SLICE(""));
}

static void check_length(Cx *cx, Audit *audit, const Tree *tree)
{
    uint64_t covered = tree_stored_count(tree->size_last) * DIGEST_SIZE;
    uint64_t most = tree->stored * DIGEST_SIZE, size = audit->hashes_size;
    if (size >= covered && size <= most) return;
    audit_find_add(&audit->findings, AUDIT_HASHES,
                   cx_printf(cx, "ledger/hashes@%llu", (unsigned long long)size),
                   cx_printf(cx, "the checkpoint takes %llu bytes, the events give %llu",
                             (unsigned long long)covered, (unsigned long long)most));
}

// --- checkpoints

static void check_signatures(Cx *cx, Audit *audit, uint64_t size, const Note *note)
{
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (note_verify(note, &log_keys(audit->log)[i], NULL) != NOTE_HOLDS)
            bad(cx, audit, size, i == 0 ? "its Ed25519 signature" : "its SM2 signature");
}

static Err check_note(Cx *cx, Audit *audit, const Tree *tree, uint64_t size, Slice root, Slice text)
{
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (note == NULL) return err_set(cx, ERR_LIMIT, "a note does not fit");
    Checkpoint checkpoint;
    if (note_parse(cx, text, note) != ERR_OK ||
        checkpoint_parse(cx, note->text, &checkpoint) != ERR_OK) {
        bad(cx, audit, size, "its note can't be read");
        return ERR_OK;
    }
    if (checkpoint.size != size || !slice_equal(root, digest_slice(&checkpoint.root)))
        bad(cx, audit, size, "its note says another size or root");
    if (!slice_equal(checkpoint.origin, log_origin(audit->log)))
        bad(cx, audit, size, "its note is of another log");
    if (size >= tree->signed_from) check_signatures(cx, audit, size, note);
    return ERR_OK;
}

// What is signed has no time, and nothing but the next row says that one was there.
static Err check_link(Cx *cx, Audit *audit, const Tree *tree)
{
    const DbRows *rows = tree->checkpoints;
    const SideRowCheckpoint row = {.size = (uint64_t)db_col_int(rows, 0),
                                   .time_ms = (uint64_t)db_col_int(rows, 3),
                                   .root = db_col_blob(rows, 1)};
    uint64_t follows = (uint64_t)db_col_int(rows, 5);
    Slice seal = db_col_blob(rows, 6);
    Digest now = side_row_seal(audit->log, &row, follows);
    if (!slice_empty(seal) && !slice_equal(seal, digest_slice(&now)))
        bad(cx, audit, row.size, "its seal is not over this size, root, time and row before");
    if (follows == 0 || follows == tree->size_last) return ERR_OK;
    // On a mirror a smaller one may have come later.
    AUTO_ROWS DbRows *before = NULL;
    bool there = false;
    TRY(db_query(cx, audit->db, "SELECT 1 FROM checkpoint WHERE tenant = '' AND size = $1",
                 DB_VALUES(db_int((int64_t)follows)), &before));
    TRY(db_next(cx, before, &there));
    if (!there) bad(cx, audit, follows, "it is gone: a later one follows it");
    return ERR_OK;
}

// The row that the scan stands at, when the tree has just reached its size or never will.
static Err check_checkpoint(Cx *cx, Audit *audit, Tree *tree, const Digest *root)
{
    DbRows *rows = tree->checkpoints;
    uint64_t size = (uint64_t)db_col_int(rows, 0), time_ms = (uint64_t)db_col_int(rows, 3);
    Slice says = db_col_blob(rows, 1);
    if (!slice_empty(db_col_text(rows, 4))) bad(cx, audit, size, "its tenant is not the empty one");
    if (root == NULL)
        bad(cx, audit, size, "it covers events that are not there");
    else if (!slice_equal(says, digest_slice(root)))
        bad(cx, audit, size, "its root is not that of the events");
    const AuditSeen *last = size == 0 ? NULL : audit_scratch_find(&audit->notes, size - 1);
    if (time_ms < tree->time_last || (last != NULL && time_ms < last->time_ms))
        bad(cx, audit, size, "it is older than what it covers");
    TRY(check_note(cx, audit, tree, size, says, db_col_blob(rows, 2)));
    TRY(check_link(cx, audit, tree));
    tree->size_last = size;
    tree->time_last = time_ms;
    if (says.size == DIGEST_SIZE) memcpy(tree->root_last.bytes, says.data, DIGEST_SIZE);
    return db_next(cx, rows, &tree->row);
}

static Err own_arena(Cx *cx, Audit *audit, Tree *tree, const Digest *root)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Err err = check_checkpoint(&own, audit, tree, root);
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

static Err walk(Cx *cx, Audit *audit, Tree *tree)
{
    static const AuditSeen none; // an event that is missing, which was said
    for (uint64_t i = 0;; i++) {
        while (tree->row && (uint64_t)db_col_int(tree->checkpoints, 0) <= i) {
            Digest root = tree_root(&tree->edge);
            TRY(own_arena(cx, audit, tree, &root));
        }
        if (i >= audit->notes.count) break;
        const AuditSeen *note = audit_scratch_find(&audit->notes, i);
        Digest stored[TREE_LEVELS];
        size_t count = 0;
        tree_grow(&tree->edge, note == NULL ? &none.leaf : &note->leaf, stored, &count);
        for (size_t s = 0; s < count; s++)
            check_hash(cx, audit, tree, &stored[s], i);
        if ((i & PROGRESS_MASK) == 0) audit_check_progress(audit, i, audit->events);
    }
    while (tree->row)
        TRY(own_arena(cx, audit, tree, NULL));
    Digest root = tree_root(&tree->edge);
    audit->report->root = base64_hex(audit->findings.keep, digest_slice(&root));
    return ERR_OK;
}

static Err check_head(Cx *cx, Audit *audit, const Tree *tree)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT tenant, size, root FROM log_head ORDER BY tenant", NULL, 0,
                 &rows));
    bool row = false, found = false;
    for (;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        bool ours = slice_empty(db_col_text(rows, 0));
        found |= ours;
        if (!ours || (uint64_t)db_col_int(rows, 1) != tree->size_last ||
            !slice_equal(db_col_blob(rows, 2), digest_slice(&tree->root_last)))
            audit_find_add(
                &audit->findings, AUDIT_HEAD,
                cx_printf(cx, "log_head(" SLICE_FMT ")", SLICE_ARG(db_col_text(rows, 0))),
                SLICE("it is not the newest checkpoint"));
    }
    if (!found && tree->size_last > 0)
        audit_find_add(&audit->findings, AUDIT_HEAD, SLICE("log_head()"), SLICE("missing"));
    return ERR_OK;
}

static Err find_signed_from(Cx *cx, Audit *audit, Tree *tree)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    if (!audit->options->no_content) return ERR_OK;
    TRY(db_query(cx, audit->db,
                 "SELECT size FROM checkpoint WHERE tenant = '' ORDER BY size DESC "
                 "LIMIT 1 OFFSET $1",
                 DB_VALUES(db_int((int64_t)SIGNATURES)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) tree->signed_from = (uint64_t)db_col_int(rows, 0);
    return ERR_OK;
}

static Err check_all(Cx *cx, Audit *audit, Tree *tree)
{
    TRY(find_signed_from(cx, audit, tree));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT size, root, note, time_ms, tenant, follows, seal FROM checkpoint "
                 "ORDER BY size, tenant",
                 NULL, 0, &rows));
    tree->checkpoints = rows;
    TRY(db_next(cx, rows, &tree->row));
    TRY(walk(cx, audit, tree));
    check_length(cx, audit, tree);
    TRY(check_head(cx, audit, tree));
    return audit_file_checkpoint(cx, audit, tree->size_last);
}

// Without a log: only whether there should be one.
static Err check_none(Cx *cx, Audit *audit)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db,
                 "SELECT (SELECT COUNT(*) FROM checkpoint) + (SELECT COUNT(*) FROM log_head)", NULL,
                 0, &rows));
    TRY(db_next(cx, rows, &row));
    if (db_col_int(rows, 0) == 0 && slice_empty(audit->checkpoint)) return ERR_OK;
    audit_find_add(&audit->findings, AUDIT_META, SLICE("meta(log_origin)"),
                   SLICE("there are checkpoints, and the log's name is missing or none"));
    return ERR_OK;
}

Err audit_tree(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->log == NULL) return check_none(cx, audit);
    if (audit->options->quick) return audit_sample_tree(cx, audit, ret_things);
    const char *folder = disk_path(cx, audit->options->folder, "ledger");
    AUTO_CLOSE int fd = open(disk_path(cx, folder, "hashes"), O_RDONLY | O_CLOEXEC);
    Tree *tree = arena_try_alloc(&cx->arena, sizeof *tree);
    if (tree == NULL) return err_set(cx, ERR_LIMIT, "the tree does not fit");
    tree->fd = fd;
    tree->root_last = tree_empty();
    Err err = check_all(cx, audit, tree);
    *ret_things = tree->stored;
    return err;
}
