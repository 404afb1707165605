#include "publish/log.h"

static Err is_mirror(Cx *cx, Db *db, Slice name, bool *ret_is)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM watcher WHERE tenant = '' AND name = $1 AND kind = 'mirror'",
                 DB_VALUES(db_text(name)), &rows));
    return db_next(cx, rows, ret_is);
}

// The checkpoint with the lines that a receipt bears: one whose key the holder was not given would
// have it refused.
static Err note_for_receipt(Cx *cx, const Log *log, Db *db, Slice whole, bool sm2, Slice *ret_note)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Slice lines[NOTE_SIGNATURES_MAX];
    size_t count = 0;
    TRY(note_parse(cx, whole, note));
    for (size_t i = 0; i < note->line_count; i++) {
        const NoteLine *line = &note->lines[i];
        bool left_out = !sm2 && note_line_is_of(line, &log_keys(log)[1]);
        if (!left_out && !slice_equal(line->name, log_origin(log)))
            TRY(is_mirror(cx, db, line->name, &left_out));
        if (!left_out) lines[count++] = line->line;
    }
    return note_print(cx, note->text, lines, count, ret_note);
}

Err log_proof(Cx *cx, Log *log, Db *db, const LogEvent *event, const ProofOpening *opening,
              LogProofOptions options, Slice *ret_bytes)
{
    LogHead head;
    Proof proof = {.index = event->sequence - 1};
    TRY(log_head_over(cx, log, db, proof.index, options.witnesses, &head));
    TRY(note_for_receipt(cx, log, db, head.note, options.sm2, &proof.note));
    const TreeReader reader = log_reader(log);
    TRY(tree_inclusion(cx, &reader, proof.index, head.size, &proof.path));
    if (!tree_includes(proof.index, head.size, &event->leaf_hash, &proof.path, &head.root))
        return err_set(cx, ERR_CORRUPT, "the stored hashes do not lead from event %llu to the root",
                       (unsigned long long)event->sequence);
    TRY(proof_opening_print(cx, opening, &proof.extra));
    return proof_print(cx, &proof, ret_bytes);
}
