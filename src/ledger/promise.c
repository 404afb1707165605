#include "ledger/promise.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/text.h"

#define SIGNATURE_MAX 4 // of the log's own keys

struct Promise {
    atomic_int holders;
    uint64_t first, count;
    Digest *stored; // in stored order
    uint64_t stored_count;
    char *text; // what is signed
    size_t text_size;
    NoteKey keys[SIGNATURE_MAX];
    const Signer *signers[SIGNATURE_MAX];
    size_t key_count;
    pthread_mutex_t mutex; // over all below
    char *note;            // NULL until somebody asks for it
    size_t note_size;
};

static char *copied(Slice bytes)
{
    char *copy = malloc(bytes.size); // owned: promise_drop
    assert(copy != NULL);
    memcpy(copy, bytes.data, bytes.size);
    return copy;
}

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
    (void)pthread_mutex_init(&promise->mutex, NULL);
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

// Under the mutex. Many promises are never asked for, and a signature is the most that one costs:
// so it is made for the first who asks, not by the thread that has the next group to commit.
static Err sign(Cx *cx, Promise *promise)
{
    Slice lines[SIGNATURE_MAX], note, text = {promise->text, promise->text_size};
    if (promise->note != NULL) return ERR_OK;
    for (size_t i = 0; i < promise->key_count; i++)
        TRY(note_sign(cx, &promise->keys[i], promise->signers[i], text, 0, &lines[i]));
    TRY(note_print(cx, text, lines, promise->key_count, &note));
    promise->note = copied(note);
    promise->note_size = note.size;
    return ERR_OK;
}

Err promise_make(Cx *cx, Slice origin, uint64_t first_index, uint64_t time_ms, const Digest *leaves,
                 size_t count, const NoteKey *keys, const Signer *const *signers, size_t key_count,
                 Promise **ret_promise)
{
    assert(count > 0);
    assert(key_count >= 1 && key_count <= SIGNATURE_MAX);
    if (first_index > INT64_MAX - count)
        return err_set(cx, ERR_INPUT, "no log has a leaf %" PRIu64, first_index);
    Checkpoint checkpoint = {.size = count};
    checkpoint.origin = cx_printf(cx, SLICE_FMT "/promise", SLICE_ARG(origin));
    checkpoint.extension =
        cx_printf(cx, "first %" PRIu64 "\ntime %" PRIu64 "\n", first_index, time_ms);
    Promise *promise = grown(first_index, leaves, count, &checkpoint.root);
    Slice text;
    Err err = checkpoint_print(cx, &checkpoint, &text);
    if (err != ERR_OK) {
        promise_drop(promise);
        return err;
    }
    promise->text = copied(text);
    promise->text_size = text.size;
    memcpy(promise->keys, keys, key_count * sizeof *keys);
    memcpy(promise->signers, signers, key_count * sizeof(const Signer *));
    promise->key_count = key_count;
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
    (void)pthread_mutex_destroy(&promise->mutex);
    free(promise->stored);
    free(promise->text);
    free(promise->note);
    free(promise);
}

Err promise_print(Cx *cx, const Promise *promise, uint64_t index, Slice extra, Slice *ret_bytes)
{
    if (index < promise->first || index - promise->first >= promise->count)
        return err_set(cx, ERR_INPUT, "leaf %" PRIu64 " is none of the %" PRIu64 " from %" PRIu64,
                       index, promise->count, promise->first);
    Promise *self = (Promise *)(uintptr_t)promise; // what it says does not change
    (void)pthread_mutex_lock(&self->mutex);
    Err err = sign(cx, self);
    (void)pthread_mutex_unlock(&self->mutex);
    TRY(err);
    Proof proof = {.extra = extra,
                   .index = index - promise->first,
                   .note = {promise->note, promise->note_size}};
    TreeReader reader = {.self = self, .read = read_stored};
    TRY(tree_inclusion(cx, &reader, proof.index, promise->count, &proof.path));
    return proof_print(cx, &proof, ret_bytes);
}
