// For tests above the store: a store in a fresh folder, commands that wait for their answer,
// drafts.
#pragma once
#include <pthread.h>
#include <stdlib.h>

#include "base/test.h"
#include "commit/commit.h"
#include "crypto/keyfile.h"
#include "ledger/promise_text.h"

typedef struct Wait {
    pthread_mutex_t mutex;
    pthread_cond_t answered;
    bool done;
    Receipt receipt;
    Outcome outcome;
    Err err;
} Wait;
#define WAIT_INIT                                                                                  \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER                   \
    }

static inline void wait_answer(Wait *wait)
{
    (void)pthread_cond_signal(&wait->answered);
    (void)pthread_mutex_unlock(&wait->mutex);
}
static inline void wait_received(void *self, const Receipt *receipt)
{
    Wait *wait = self;
    (void)pthread_mutex_lock(&wait->mutex);
    wait->receipt = *receipt;
    if (receipt->promise != NULL) (void)promise_hold(receipt->promise); // the test drops it
    wait->done = true;
    wait_answer(wait);
}
static inline void wait_decided(void *self, Outcome *outcome)
{
    Wait *wait = self;
    (void)pthread_mutex_lock(&wait->mutex);
    wait->outcome = *outcome;
    if (outcome->promise != NULL) (void)promise_hold(outcome->promise);
    wait->done = true;
    wait_answer(wait);
}
static inline void wait_worked(void *self, Err err)
{
    Wait *wait = self;
    (void)pthread_mutex_lock(&wait->mutex);
    wait->err = err;
    wait->done = true;
    wait_answer(wait);
}
static inline void wait_for(Wait *wait)
{
    (void)pthread_mutex_lock(&wait->mutex);
    while (!wait->done)
        (void)pthread_cond_wait(&wait->answered, &wait->mutex);
    (void)pthread_mutex_unlock(&wait->mutex);
}

static inline Store *fixture_store(Cx *cx, const char *name)
{
    const char *folder = cx_printf(cx, "%s/%s", test_folder(), name).data;
    const char *key_file = cx_printf(cx, "%s.key", folder).data;
    AeadKey key;
    EXPECT_OK(keyfile_create(cx, key_file, &key));
    StoreOptions options = {.folder = folder, .key_file = key_file, .create = true, .write = true};
    Store *store = NULL;
    EXPECT_OK(store_open(cx, &options, &store));
    return store;
}

// Two keys of a log, as publish/log.c makes them; the signers are closed by fixture_keys_close.
typedef struct FixtureKeys {
    Slice origin;
    NoteKey keys[2];
    Signer *signers[2];
} FixtureKeys;
static inline FixtureKeys fixture_keys(Cx *cx)
{
    static const NoteKeyType types[2] = {NOTE_KEY_ED25519, NOTE_KEY_SM2};
    FixtureKeys made = {.origin = SLICE("log.example/a")};
    for (int i = 0; i < 2; i++) {
        const uint8_t seed[SIGNER_SEED_SIZE] = {1, (uint8_t)i};
        EXPECT_OK(signer_open(cx, i == 0 ? SIGNER_ED25519 : SIGNER_SM2, seed, &made.signers[i]));
        const SignerPublic public_key = signer_public(made.signers[i]);
        EXPECT_OK(note_key(cx, made.origin, types[i], &public_key, &made.keys[i]));
    }
    return made;
}
static inline void fixture_keys_close(FixtureKeys *keys)
{
    signer_close(keys->signers[0]);
    signer_close(keys->signers[1]);
}
// The promise names that leaf at that sequence, under both keys; drops it.
static inline void fixture_expect_promised(Cx *cx, const FixtureKeys *keys, Promise *promise,
                                           uint64_t sequence, const Digest *leaf)
{
    Slice file, origin;
    Proof proof;
    static Note note; // large
    Checkpoint checkpoint;
    uint64_t first = 0, ms = 0;
    EXPECT(promise != NULL);
    EXPECT_OK(promise_print(cx, promise, sequence - 1, SLICE(""), &file));
    promise_drop(promise);
    EXPECT_OK(proof_parse(cx, file, &proof));
    EXPECT_OK(note_parse(cx, proof.note, &note));
    for (int i = 0; i < 2; i++)
        EXPECT(note_verify(&note, &keys->keys[i], NULL) == NOTE_HOLDS);
    EXPECT_OK(checkpoint_parse(cx, note.text, &checkpoint));
    EXPECT_OK(promise_text_parse(cx, &checkpoint, &origin, &first, &ms));
    EXPECT(slice_equal(origin, keys->origin) && first + proof.index + 1 == sequence && ms > 0);
    EXPECT(tree_includes(proof.index, checkpoint.size, leaf, &proof.path, &checkpoint.root));
}

static inline Receipt fixture_arrive(Cx *cx, Committer *committer, const Arrival *arrival)
{
    Wait wait = WAIT_INIT;
    EXPECT_OK(commit_receive(cx, committer, arrival, wait_received, &wait));
    wait_for(&wait);
    return wait.receipt;
}

static inline Receipt fixture_receive(Cx *cx, Committer *committer, Slice bytes, Slice key)
{
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("a.xml"),
                             .idempotency = key,
                             .bytes = bytes};
    return fixture_arrive(cx, committer, &arrival);
}

static inline Receipt fixture_receive_of(Cx *cx, Committer *committer, Slice tenant, Slice bytes)
{
    const Arrival arrival = {.tenant = tenant,
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("a.xml"),
                             .idempotency = SLICE(""),
                             .bytes = bytes};
    return fixture_arrive(cx, committer, &arrival);
}

// The receiver frees .invoices.
static inline Outcome fixture_decide(Cx *cx, Committer *committer, const uint8_t *document,
                                     const Reading *reading)
{
    Decision decision = {.tenant = SLICE("local"),
                         .actor = SLICE("local"),
                         .source = SLICE("test"),
                         .reading = reading};
    memcpy(decision.document, document, COMMIT_ID_SIZE);
    Wait wait = WAIT_INIT;
    EXPECT_OK(commit_decide(cx, committer, &decision, wait_decided, &wait));
    wait_for(&wait);
    return wait.outcome;
}

// One invoice: fields by pairs, ended by DRAFT_FIELD_COUNT.
typedef struct FixtureField {
    Field field;
    const char *value;
} FixtureField;
static inline void fixture_draft(Cx *cx, Reading *reading, Source source, SealState seal,
                                 const FixtureField *fields, size_t count)
{
    Draft *draft = NULL;
    EXPECT_OK(reading_add_draft(cx, reading, &draft));
    for (size_t i = 0; i < count; i++)
        EXPECT_OK(draft_set(cx, draft, fields[i].field, slice_of(fields[i].value), source, 1000));
    draft->seal.state = seal;
}
#define FIXTURE_FIELDS(...)                                                                        \
    (const FixtureField[]){__VA_ARGS__},                                                           \
        sizeof((const FixtureField[]){__VA_ARGS__}) / sizeof(FixtureField)

static inline int64_t fixture_count(Cx *cx, Store *store, const char *sql)
{
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t count = row ? db_col_int(rows, 0) : -1;
    db_rows_close(rows);
    rows = NULL;
    store_give(store, db);
    return count;
}
