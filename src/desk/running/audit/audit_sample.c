#include "desk/running/audit/audit_sample.h"

#include "desk/running/audit/audit_events.h"
#include "desk/running/audit/audit_file.h"
#include "ledger/checkpoint.h"

typedef struct Sample {
    TreeReader reader;
    LogHead head;
} Sample;

static void bad_hash(Cx *cx, Audit *audit, uint64_t leaf, const char *why)
{
    uint64_t at = tree_stored_index(0, leaf) * DIGEST_SIZE;
    audit_find_add(&audit->findings, AUDIT_HASHES,
                   cx_printf(cx, "ledger/hashes@%llu, leaf %llu", (unsigned long long)at,
                             (unsigned long long)leaf),
                   slice_of(why));
}

// The path from the leaf to the newest root goes through hashes that nothing else has looked at.
static Err check_event(Cx *cx, Audit *audit, const AuditEvent *event, void *self)
{
    const Sample *sample = self;
    uint64_t leaf = event->sequence - 1;
    if (leaf >= sample->head.size || event->leaf_hash.size != DIGEST_SIZE) return ERR_OK;
    TreeProof proof;
    Digest hash;
    memcpy(hash.bytes, event->leaf_hash.data, DIGEST_SIZE);
    Err err = tree_inclusion(cx, &sample->reader, leaf, sample->head.size, &proof);
    if (err == ERR_STORE || err == ERR_LIMIT) return err;
    if (err != ERR_OK)
        bad_hash(cx, audit, leaf, "a hash on its path is missing");
    else if (!tree_includes(leaf, sample->head.size, &hash, &proof, &sample->head.root))
        bad_hash(cx, audit, leaf, "its path does not lead to the root of the newest checkpoint");
    return ERR_OK;
}

static void bad_head(Cx *cx, Audit *audit, const Sample *sample, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_CHECKPOINT,
                   cx_printf(cx, "checkpoint(, %llu)", (unsigned long long)sample->head.size),
                   slice_of(why));
}

static Err check_head(Cx *cx, Audit *audit, const Sample *sample)
{
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (note == NULL) return err_set(cx, ERR_LIMIT, "a note does not fit");
    Checkpoint checkpoint;
    if (note_parse(cx, sample->head.note, note) != ERR_OK ||
        checkpoint_parse(cx, note->text, &checkpoint) != ERR_OK ||
        checkpoint.size != sample->head.size ||
        !digest_equal(&checkpoint.root, &sample->head.root)) {
        bad_head(cx, audit, sample, "its note can't be read, or says another size or root");
        return ERR_OK;
    }
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (note_verify(note, &log_keys(audit->log)[i], NULL) != NOTE_HOLDS)
            bad_head(cx, audit, sample, "one of our signatures does not hold");
    if (sample->head.size > audit->events)
        bad_head(cx, audit, sample, "it covers events that are not there");
    return audit_file_checkpoint(cx, audit, sample->head.size);
}

Err audit_sample_tree(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    Sample sample = {.reader = log_reader(audit->log)};
    TRY(log_head(cx, audit->log, audit->db, &sample.head));
    if (sample.head.size == 0) return ERR_OK;
    TRY(check_head(cx, audit, &sample));
    return audit_events_each(cx, audit, 0, false, check_event, &sample, ret_things);
}
