#include "desk/invoice/verify/verify_tries.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"
#include "desk/invoice/verify/verify_tag.h"

// One try is one 64-bit word: 60 bits of the number's tag, 4 bits of count. 0 = a free place.
//
//   63                                                4 3      0
//   +-----------------------------------------------+--------+
//   | keyed tag of code | number, upper 60 bits       | count  |
//   +-----------------------------------------------+--------+
#define COUNT_MASK    UINT64_C(15)
#define ROOM_MIN      ((size_t)1024)
#define FAILURE_MAX   8 // writes in a row that fail when it closes; then it gives up
#define PAUSE_SECONDS 1
#define ROW_WORDS     ((size_t)64) // a row: small enough for one page with others

struct VerifyTries {
    pthread_mutex_t lock;
    pthread_cond_t changed; // there is something to write, a write is done, or it closes
    pthread_t writer;
    bool closing;
    Store *store;
    Committer *committer;
    const World *world;
    uint8_t key[VERIFY_TAG_KEY_SIZE]; // of this folder
    int32_t day_number;               // of `day`, since 1970
    char day[DATE_TEXT_SIZE + 1];
    uint64_t *table; // open addressing
    size_t room, count;
    uint64_t *dirty; // tags whose count is not written yet
    size_t dirty_count, dirty_room;
    uint64_t *batch; // what the write under way writes
    size_t batch_count;
    char batch_day[DATE_TEXT_SIZE + 1];
    bool writing;
    int failures;
};

static uint64_t *array(size_t count)
{
    assert(count > 0);
    uint64_t *words = calloc(count, sizeof *words); // owned: by the tries, until close
    if (words == NULL) abort();
    return words;
}

// The place of `tag`, or the free one where it belongs.
static uint64_t *place(uint64_t *table, size_t room, uint64_t tag)
{
    size_t at = (size_t)(tag >> 4) & (room - 1);
    while (table[at] != 0 && (table[at] & ~COUNT_MASK) != tag)
        at = (at + 1) & (room - 1);
    return &table[at];
}

static void grow(VerifyTries *tries)
{
    if (tries->count * 4 < tries->room * 3 || tries->room >= LIMIT_VERIFY_TRIES) return;
    size_t room = tries->room * 2;
    uint64_t *table = array(room);
    for (size_t i = 0; i < tries->room; i++)
        if (tries->table[i] != 0)
            *place(table, room, tries->table[i] & ~COUNT_MASK) = tries->table[i];
    free(tries->table);
    tries->table = table;
    tries->room = room;
}

static void mark_dirty(VerifyTries *tries, uint64_t tag)
{
    if (tries->dirty_count == tries->dirty_room) {
        size_t room = tries->dirty_room * 2;
        uint64_t *dirty = array(room);
        memcpy(dirty, tries->dirty, tries->dirty_count * sizeof *dirty);
        free(tries->dirty);
        tries->dirty = dirty;
        tries->dirty_room = room;
    }
    tries->dirty[tries->dirty_count++] = tag;
}

static void new_day(VerifyTries *tries, uint64_t now_ms)
{
    const int32_t number = date_days_in_china(now_ms);
    if (number == tries->day_number) return;
    tries->day_number = number;
    char day[DATE_TEXT_SIZE + 1];
    (void)date_print(date_in_china(now_ms), day);
    if (strcmp(day, tries->day) == 0) return;
    memcpy(tries->day, day, sizeof day);
    memset(tries->table, 0, tries->room * sizeof *tries->table);
    tries->count = tries->dirty_count = 0;
}

// Runs in the committer's transaction. The batch is this thread's alone while `writing` stands.
// Many words a row: rows of single tags would cost more than answering did. What a number's words
// say is the greatest of their counts.
static Err write_batch(Cx *cx, Db *db, void *self)
{
    static const char forget[] = "DELETE FROM attempt WHERE tenant = '' AND day < $1";
    static const char put[] = "INSERT INTO attempt (tenant, day, tag, count)"
                              " VALUES ('', $1, $2, $3) ON CONFLICT (tenant, day, tag) DO NOTHING";
    VerifyTries *tries = self;
    DbValue day = db_text(slice_of(tries->batch_day));
    TRY(db_run(cx, db, forget, DB_VALUES(day), NULL));
    for (size_t i = 0; i < tries->batch_count; i += ROW_WORDS) {
        size_t left = tries->batch_count - i, count = left < ROW_WORDS ? left : ROW_WORDS;
        Slice words = {(const char *)&tries->batch[i], count * sizeof *tries->batch};
        TRY(db_run(cx, db, put, DB_VALUES(day, db_blob(words), db_int((int64_t)count)), NULL));
    }
    return ERR_OK;
}

static void written(void *self, Err err)
{
    VerifyTries *tries = self;
    (void)pthread_mutex_lock(&tries->lock);
    tries->failures = err == ERR_OK ? 0 : tries->failures + 1;
    // What failed is written again with its newest count, unless the day is over.
    if (err != ERR_OK && strcmp(tries->batch_day, tries->day) == 0)
        for (size_t i = 0; i < tries->batch_count; i++)
            mark_dirty(tries, tries->batch[i] & ~COUNT_MASK);
    tries->writing = false;
    (void)pthread_cond_signal(&tries->changed);
    (void)pthread_mutex_unlock(&tries->lock);
}

// With the lock held.
static void write_next(VerifyTries *tries)
{
    free(tries->batch);
    tries->batch = tries->dirty;
    tries->batch_count = tries->dirty_count;
    tries->dirty_room = ROOM_MIN;
    tries->dirty = array(tries->dirty_room);
    tries->dirty_count = 0;
    for (size_t i = 0; i < tries->batch_count; i++)
        tries->batch[i] = *place(tries->table, tries->room, tries->batch[i]);
    memcpy(tries->batch_day, tries->day, sizeof tries->batch_day);
    tries->writing = true;
    Cx cx;
    cx_init(&cx, tries->world, LIMIT_MIB);
    Err err = commit_work(&cx, tries->committer, write_batch, written, tries);
    cx_done(&cx);
    if (err == ERR_OK) return;
    // The queue is full: a second later there is room.
    tries->writing = false;
    tries->failures++;
    for (size_t i = 0; i < tries->batch_count; i++)
        mark_dirty(tries, tries->batch[i] & ~COUNT_MASK);
}

static bool has_work(const VerifyTries *tries)
{
    return !tries->writing && tries->dirty_count > 0;
}

// Waits a moment after each write, so that a thousand tries are one write of a few pages and not a
// hundred of them. What a crash takes is at most the tries of that moment.
static void *writer_main(void *self)
{
    VerifyTries *tries = self;
    (void)pthread_mutex_lock(&tries->lock);
    while (!tries->closing) {
        while (!tries->closing && !has_work(tries))
            (void)pthread_cond_wait(&tries->changed, &tries->lock);
        if (!tries->closing) write_next(tries);
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += PAUSE_SECONDS;
        int waited = 0;
        while (!tries->closing && waited == 0)
            waited = pthread_cond_timedwait(&tries->changed, &tries->lock, &until);
    }
    while (tries->writing || (tries->dirty_count > 0 && tries->failures < FAILURE_MAX)) {
        if (!tries->writing) write_next(tries);
        while (tries->writing)
            (void)pthread_cond_wait(&tries->changed, &tries->lock);
    }
    (void)pthread_mutex_unlock(&tries->lock);
    return NULL;
}

static void take_row(VerifyTries *tries, Slice words)
{
    for (size_t at = 0; at + sizeof(uint64_t) <= words.size; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, words.data + at, sizeof word);
        grow(tries);
        uint64_t *known = place(tries->table, tries->room, word & ~COUNT_MASK);
        bool room = *known != 0 || tries->count * 8 < tries->room * 7;
        if (!room || (word & COUNT_MASK) == 0 || word <= *known) continue;
        tries->count += *known == 0;
        *known = word;
    }
}

static Err read_back(Cx *cx, VerifyTries *tries)
{
    static const char sql[] = "SELECT tag FROM attempt WHERE tenant = '' AND day = $1";
    Db *db = NULL;
    TRY(store_take(cx, tries->store, &db));
    DbRows *rows = NULL;
    bool more = false;
    Err err = db_query(cx, db, sql, DB_VALUES(db_text(slice_of(tries->day))), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &more);
    while (err == ERR_OK && more) {
        take_row(tries, db_col_blob(rows, 0));
        err = db_next(cx, rows, &more);
    }
    db_rows_close(rows);
    store_give(tries->store, db);
    return err;
}

static void dispose(VerifyTries *tries)
{
    (void)pthread_mutex_destroy(&tries->lock);
    (void)pthread_cond_destroy(&tries->changed);
    free(tries->table);
    free(tries->dirty);
    free(tries->batch);
    free(tries);
}

Err verify_tries_open(Cx *cx, Store *store, Committer *committer, VerifyTries **ret_tries)
{
    VerifyTries *tries = calloc(1, sizeof *tries); // owned: until verify_tries_close
    if (tries == NULL) abort();
    (void)pthread_mutex_init(&tries->lock, NULL);
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&tries->changed, &steady);
    (void)pthread_condattr_destroy(&steady);
    tries->store = store;
    tries->committer = committer;
    tries->world = cx->world;
    Digest key = store_tag(store, SLICE("attempt"), SLICE("key"));
    _Static_assert(sizeof key.bytes >= sizeof tries->key, "a key for the tag");
    memcpy(tries->key, key.bytes, sizeof tries->key);
    tries->room = tries->dirty_room = ROOM_MIN;
    tries->table = array(tries->room);
    tries->dirty = array(tries->dirty_room);
    new_day(tries, cx_now_ms(cx));
    Err err = read_back(cx, tries);
    if (err == ERR_OK && pthread_create(&tries->writer, NULL, writer_main, tries) != 0)
        err = err_set(cx, ERR_STORE, "cannot start a thread");
    if (err != ERR_OK)
        dispose(tries);
    else
        *ret_tries = tries;
    return err;
}

void verify_tries_close(VerifyTries *tries)
{
    if (tries == NULL) return;
    (void)pthread_mutex_lock(&tries->lock);
    tries->closing = true;
    (void)pthread_cond_broadcast(&tries->changed);
    (void)pthread_mutex_unlock(&tries->lock);
    (void)pthread_join(tries->writer, NULL);
    dispose(tries);
}

static uint64_t tag_of(Cx *cx, const VerifyTries *tries, Slice code, Slice number)
{
    size_t size = code.size + 1 + number.size;
    char *bytes = arena_alloc(&cx->arena, size);
    memcpy(bytes, code.data, code.size);
    bytes[code.size] = '|';
    memcpy(bytes + code.size + 1, number.data, number.size);
    uint64_t tag = verify_tag(tries->key, (Slice){bytes, size}) & ~COUNT_MASK;
    return tag == 0 ? COUNT_MASK + 1 : tag;
}

Err verify_tries_count(Cx *cx, VerifyTries *tries, Slice code, Slice number)
{
    uint64_t tag = tag_of(cx, tries, code, number);
    bool over = true;
    (void)pthread_mutex_lock(&tries->lock);
    new_day(tries, cx_now_ms(cx));
    grow(tries);
    uint64_t *word = place(tries->table, tries->room, tag);
    bool is_new = *word == 0;
    // A full table refuses numbers that it doesn't know yet: guessing at that rate is an attack.
    bool room = !is_new || tries->count * 8 < tries->room * 7;
    if (room && (*word & COUNT_MASK) < VERIFY_TRIES_A_DAY) {
        *word = (is_new ? tag : *word) + 1;
        tries->count += is_new;
        mark_dirty(tries, tag);
        over = false;
        if (tries->dirty_count == 1 && !tries->writing) (void)pthread_cond_signal(&tries->changed);
    }
    (void)pthread_mutex_unlock(&tries->lock);
    if (over)
        return err_set(cx, ERR_LIMIT, "this number was asked for %d times today",
                       VERIFY_TRIES_A_DAY);
    return ERR_OK;
}

uint64_t verify_tries_seconds_left(Cx *cx)
{
    const uint64_t now_ms = cx_now_ms(cx);
    return (date_begins_in_china(date_days_in_china(now_ms) + 1) - now_ms + 999) / 1000;
}
