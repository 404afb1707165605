#include "desk/people/audit_log/audit_log_refused.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"

#define MINUTE_MS UINT64_C(60'000)
#define TEXT_SIZE 96 // of a kind's texts that are kept; longer ones are cut

typedef struct Kept {
    char bytes[TEXT_SIZE];
    size_t size;
} Kept;

// One kind: what is written of it when its minute is over.
typedef struct Kind {
    Digest key; // of tenant, who and act
    bool used;
    uint64_t from_ms, to_ms; // of the first and the newest
    uint64_t count;          // since the entry that was written
    Kept tenant, actor, source, address, act, object_kind;
} Kind;

struct AuditLogRefused {
    Committer *committer;
    pthread_mutex_t mutex; // over all below
    Kind kinds[LIMIT_AUDIT_REFUSED];
    Kind others; // all that there is no room for
    uint64_t swept_ms;
};

static Kept keep(Slice text)
{
    Kept kept = {.size = text.size < TEXT_SIZE ? text.size : TEXT_SIZE};
    if (kept.size > 0) memcpy(kept.bytes, text.data, kept.size);
    return kept;
}

static Slice kept_slice(const Kept *kept)
{
    return (Slice){kept->bytes, kept->size};
}

Err audit_log_refused_open(Cx *cx, Committer *committer, AuditLogRefused **ret_refused)
{
    AuditLogRefused *refused = calloc(1, sizeof *refused); // owned: by whoever opened it
    if (refused == NULL) return err_set(cx, ERR_STORE, "out of memory");
    refused->committer = committer;
    (void)pthread_mutex_init(&refused->mutex, NULL);
    *ret_refused = refused;
    return ERR_OK;
}

static void write_note(AuditLogRefused *refused, Cx *cx, const AuditNote *note)
{
    Err err = commit_audit(cx, refused->committer, note);
    (void)err; // as the header says
}

static void write_count(AuditLogRefused *refused, Cx *cx, Kind *kind)
{
    if (kind->count == 0) return;
    AuditNote note = {
        .tenant = kept_slice(&kind->tenant),
        .actor = kept_slice(&kind->actor),
        .source = kept_slice(&kind->source),
        .address = kept_slice(&kind->address),
        .act = kept_slice(&kind->act),
        .object_kind = kept_slice(&kind->object_kind),
        .after = cx_printf(
            cx, "{\"count\":\"%llu\",\"from\":\"" SLICE_FMT "\",\"to\":\"" SLICE_FMT "\"}",
            (unsigned long long)kind->count, SLICE_ARG(date_rfc3339(cx, kind->from_ms)),
            SLICE_ARG(date_rfc3339(cx, kind->to_ms))),
        .result = SLICE("refused"),
    };
    write_note(refused, cx, &note);
}

static void sweep(AuditLogRefused *refused, Cx *cx, uint64_t now_ms, bool all)
{
    for (size_t i = 0; i <= LIMIT_AUDIT_REFUSED; i++) {
        Kind *kind = i < LIMIT_AUDIT_REFUSED ? &refused->kinds[i] : &refused->others;
        // A clock that went back must not keep a kind for ever.
        bool over = now_ms < kind->from_ms || now_ms - kind->from_ms >= MINUTE_MS;
        if (!kind->used || !(all || over)) continue;
        write_count(refused, cx, kind);
        *kind = (Kind){};
    }
    refused->swept_ms = now_ms;
}

static void start(Kind *kind, const Digest *key, const AuditNote *note, uint64_t now_ms)
{
    *kind = (Kind){.key = *key,
                   .used = true,
                   .from_ms = now_ms,
                   .to_ms = now_ms,
                   .tenant = keep(note->tenant),
                   .actor = keep(note->actor),
                   .source = keep(note->source),
                   .address = keep(note->address),
                   .act = keep(note->act),
                   .object_kind = keep(note->object_kind)};
}

// The kind with this key, or room for it, or NULL.
static Kind *find(AuditLogRefused *refused, const Digest *key)
{
    Kind *room = NULL;
    for (size_t i = 0; i < LIMIT_AUDIT_REFUSED; i++) {
        Kind *kind = &refused->kinds[i];
        if (kind->used && digest_equal(&kind->key, key)) return kind;
        if (!kind->used && room == NULL) room = kind;
    }
    return room;
}

// True when this one is written by itself.
static bool count(AuditLogRefused *refused, const AuditNote *note, const Digest *key,
                  uint64_t now_ms)
{
    static const AuditNote others = {
        .actor = {"others", 6}, .source = {"http", 4}, .act = {"access", 6}};
    Kind *kind = find(refused, key);
    bool first = kind != NULL && !kind->used;
    if (first) start(kind, key, note, now_ms);
    if (kind == NULL) kind = &refused->others;
    if (!kind->used) start(kind, key, &others, now_ms);
    kind->to_ms = now_ms;
    if (!first) kind->count++;
    return first;
}

void audit_log_refused(AuditLogRefused *refused, Cx *cx, const AuditNote *note, Slice who)
{
    if (refused == NULL) return;
    const Slice parts[] = {note->tenant, SLICE("\n"), who, SLICE("\n"), note->act};
    const Digest key = digest_of_parts(DIGEST_SHA256, parts, sizeof parts / sizeof parts[0]);
    uint64_t now_ms = cx_now_ms(cx);
    (void)pthread_mutex_lock(&refused->mutex);
    if (now_ms < refused->swept_ms || now_ms - refused->swept_ms >= MINUTE_MS)
        sweep(refused, cx, now_ms, false);
    bool first = count(refused, note, &key, now_ms);
    (void)pthread_mutex_unlock(&refused->mutex);
    if (!first) return;
    AuditNote one = *note;
    one.result = SLICE("refused");
    write_note(refused, cx, &one);
}

void audit_log_refused_flush(AuditLogRefused *refused, Cx *cx, bool now)
{
    if (refused == NULL) return;
    (void)pthread_mutex_lock(&refused->mutex);
    sweep(refused, cx, cx_now_ms(cx), now);
    (void)pthread_mutex_unlock(&refused->mutex);
}

void audit_log_refused_close(AuditLogRefused *refused)
{
    if (refused == NULL) return;
    (void)pthread_mutex_destroy(&refused->mutex);
    free(refused);
}
