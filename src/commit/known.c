#include "commit/known.h"

#include <stdlib.h>

#define ROOM_FIRST ((size_t)4096) // slots; doubled when three quarters are taken

static uint64_t word_at(const uint8_t *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    return word;
}

// A folded product with two random numbers: digests are random, but files can be made to share
// bits.
static uint32_t hash_of(const Known *known, const Digest *sha256)
{
    uint64_t a = word_at(sha256->bytes) ^ known->secret[0];
    uint64_t b = word_at(sha256->bytes + sizeof a) ^ known->secret[1];
    unsigned __int128 product = (unsigned __int128)a * b;
    uint32_t hash = (uint32_t)(product >> 64) ^ (uint32_t)product;
    return hash == 0 ? 1 : hash;
}

static void make(Known *known, size_t room)
{
    known->slots = calloc(room, sizeof *known->slots); // owned: known_done
    if (known->slots == NULL) abort();                 // as an arena does for sizes we choose
    known->room = room;
    known->count = 0;
}

static bool slot_equal(const KnownSlot *a, const KnownSlot *b)
{
    return a->hash == b->hash && memcmp(a->head, b->head, sizeof a->head) == 0;
}

static void put(Known *known, const KnownSlot *slot)
{
    size_t at = slot->hash & (known->room - 1);
    for (; known->slots[at].hash != 0; at = (at + 1) & (known->room - 1))
        if (slot_equal(&known->slots[at], slot)) return;
    known->slots[at] = *slot;
    known->count++;
}

static void grow(Known *known)
{
    const Known old = *known;
    make(known, 2 * old.room);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].hash != 0) put(known, &old.slots[i]);
    free(old.slots);
}

void known_add(Known *known, const Digest *sha256, const uint8_t *document)
{
    KnownSlot slot = {.hash = hash_of(known, sha256)};
    memcpy(slot.head, document, sizeof slot.head);
    if (known->count * 4 >= known->room * 3) grow(known);
    put(known, &slot);
}

bool known_next(const Known *known, const Digest *sha256, size_t *at,
                uint8_t ret_head[static KNOWN_HEAD_SIZE])
{
    uint32_t hash = hash_of(known, sha256);
    // A free slot ends it, and one of four is free.
    for (;;) {
        const KnownSlot *slot = &known->slots[(hash + *at) & (known->room - 1)];
        if (slot->hash == 0) return false;
        ++*at;
        if (slot->hash != hash) continue;
        memcpy(ret_head, slot->head, sizeof slot->head);
        return true;
    }
}

static Err add_rows(Cx *cx, Known *known, DbRows *rows)
{
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Slice id = db_col_blob(rows, 0), sha256 = db_col_blob(rows, 1);
        if (id.size != COMMIT_ID_SIZE || sha256.size != DIGEST_SIZE)
            return err_set(cx, ERR_CORRUPT, "the row of a document is damaged");
        Digest digest;
        memcpy(digest.bytes, sha256.data, DIGEST_SIZE);
        known_add(known, &digest, (const uint8_t *)id.data);
    }
}

Err known_load(Cx *cx, Known *known, Db *db)
{
    if (known->slots != NULL) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT id, sha256 FROM document WHERE same_as IS NULL", NULL, 0, &rows));
    cx_random(cx, known->secret, sizeof known->secret);
    make(known, ROOM_FIRST);
    Err err = add_rows(cx, known, rows);
    if (err != ERR_OK) known_done(known);
    return err;
}

void known_done(Known *known)
{
    free(known->slots);
    *known = (Known){};
}
