#include "ledger/promise.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/text.h"

#define SUFFIX        SLICE("/promise")
#define SIGNATURE_MAX 4 // of the log's own keys

struct Promise {
    atomic_int holders;
    uint64_t first, count;
    Digest *stored; // in stored order
    uint64_t stored_count;
    char *note;
    size_t note_size;
};

static Err read_stored(Cx *cx, void *self, const uint64_t *indexes, size_t count,
                       Digest *ret_hashes)
{
    const Promise *promise = self;
    for (size_t i = 0; i < count; i++) {
        if (indexes[i] >= promise->stored_count)
            return err_set(cx, ERR_CORRUPT, "no hash at %" PRIu64, indexes[i]);
        ret_hashes[i] = promise->stored[indexes[i]];
    }
    return ERR_OK;
}

static Promise *grown(uint64_t first, const Digest *leaves, size_t count, Digest *ret_root)
{
    Promise *promise = calloc(1, sizeof *promise); // owned: promise_drop
    assert(promise != NULL);
    promise->stored_count = tree_stored_count(count);
    promise->stored = calloc(promise->stored_count, sizeof(Digest)); // owned: promise_drop
    assert(promise->stored != NULL);
    atomic_init(&promise->holders, 1);
    promise->first = first;
    promise->count = count;
    TreeEdge edge = {};
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        Digest stored[TREE_LEVELS];
        size_t size = 0;
        tree_grow(&edge, &leaves[i], stored, &size);
        memcpy(promise->stored + at, stored, size * sizeof stored[0]);
        at += size;
    }
    *ret_root = tree_root(&edge);
    return promise;
}

static Err sign(Cx *cx, Slice text, const NoteKey *keys, const Signer *const *signers,
                size_t key_count, Slice *ret_note)
{
    Slice lines[SIGNATURE_MAX];
    assert(key_count >= 1 && key_count <= SIGNATURE_MAX);
    for (size_t i = 0; i < key_count; i++)
        TRY(note_sign(cx, &keys[i], signers[i], text, 0, &lines[i]));
    return note_print(cx, text, lines, key_count, ret_note);
}

Err promise_make(Cx *cx, Slice origin, uint64_t first_index, uint64_t time_ms, const Digest *leaves,
                 size_t count, const NoteKey *keys, const Signer *const *signers, size_t key_count,
                 Promise **ret_promise)
{
    assert(count > 0);
    if (first_index > INT64_MAX - count)
        return err_set(cx, ERR_INPUT, "no log has a leaf %" PRIu64, first_index);
    Checkpoint checkpoint = {.size = count};
    checkpoint.origin = cx_printf(cx, SLICE_FMT "/promise", SLICE_ARG(origin));
    checkpoint.extension =
        cx_printf(cx, "first %" PRIu64 "\ntime %" PRIu64 "\n", first_index, time_ms);
    Promise *promise = grown(first_index, leaves, count, &checkpoint.root);
    Slice text, note;
    Err err = checkpoint_print(cx, &checkpoint, &text);
    if (err == ERR_OK) err = sign(cx, text, keys, signers, key_count, &note);
    if (err != ERR_OK) {
        promise_drop(promise);
        return err;
    }
    promise->note = malloc(note.size); // owned: promise_drop
    assert(promise->note != NULL);
    memcpy(promise->note, note.data, note.size);
    promise->note_size = note.size;
    *ret_promise = promise;
    return ERR_OK;
}

Promise *promise_hold(Promise *promise)
{
    (void)atomic_fetch_add(&promise->holders, 1);
    return promise;
}

void promise_drop(Promise *promise)
{
    if (promise == NULL || atomic_fetch_sub(&promise->holders, 1) != 1) return;
    free(promise->stored);
    free(promise->note);
    free(promise);
}

Err promise_print(Cx *cx, const Promise *promise, uint64_t index, Slice extra, Slice *ret_bytes)
{
    if (index < promise->first || index - promise->first >= promise->count)
        return err_set(cx, ERR_INPUT, "leaf %" PRIu64 " is none of the %" PRIu64 " from %" PRIu64,
                       index, promise->count, promise->first);
    Proof proof = {.extra = extra,
                   .index = index - promise->first,
                   .note = {promise->note, promise->note_size}};
    TreeReader reader = {.self = (void *)(uintptr_t)promise, .read = read_stored};
    TRY(tree_inclusion(cx, &reader, proof.index, promise->count, &proof.path));
    return proof_print(cx, &proof, ret_bytes);
}

// "name N LF" off the head of *rest.
static bool take_number(Slice *rest, Slice name, uint64_t *number)
{
    size_t end = slice_find(*rest, SLICE("\n"));
    if (end == SLICE_NONE || !slice_starts(*rest, name) ||
        !slice_u64(slice_sub(*rest, name.size, end - name.size), number))
        return false;
    *rest = slice_sub(*rest, end + 1, SIZE_MAX);
    return true;
}

Err promise_parse(Cx *cx, const Checkpoint *checkpoint, Slice *ret_origin, uint64_t *ret_first,
                  uint64_t *ret_ms)
{
    Slice rest = checkpoint->extension, origin = checkpoint->origin;
    uint64_t first = 0, ms = 0;
    if (!slice_ends(origin, SUFFIX) || origin.size == SUFFIX.size ||
        !take_number(&rest, SLICE("first "), &first) || !take_number(&rest, SLICE("time "), &ms) ||
        rest.size > 0)
        return err_set(cx, ERR_INPUT, "this checkpoint is no promise");
    Slice again = cx_printf(cx, "first %" PRIu64 "\ntime %" PRIu64 "\n", first, ms);
    if (!slice_equal(again, checkpoint->extension))
        return err_set(cx, ERR_INPUT, "a number of a promise has zeros in front");
    *ret_origin = slice_sub(origin, 0, origin.size - SUFFIX.size);
    *ret_first = first;
    *ret_ms = ms;
    return ERR_OK;
}
