// The check of events: dense, each leaf hash is that of its row, each follows its subject's last.
#include "desk/running/audit/audit_events.h"

#include "base/limits.h"
#include "commit/event_log.h"

#define SAMPLE_LEAST  UINT64_C(1000) // events
#define SAMPLE_PART   UINT64_C(100)  // one in so many
#define TAIL          UINT64_C(1000) // the newest ones, always
#define PROGRESS_MASK UINT64_C(4095)
#define GAP_MAX       UINT64_C(1'000'000) // a number so far off is no gap but a stray row

static const char *const all_sql =
    "SELECT sequence, type, follows, time_ms, tenant, subject, previous, leaf_hash, commit_sha256, "
    "commit_sm3, actor, source FROM event WHERE sequence >= $1 ORDER BY sequence";
static const char *const content_sql =
    "SELECT sequence, type, follows, time_ms, tenant, subject, previous, leaf_hash, commit_sha256, "
    "commit_sm3, actor, source, content FROM event WHERE sequence >= $1 ORDER BY sequence";
static const char *const one_sql =
    "SELECT sequence, type, follows, time_ms, tenant, subject, previous, leaf_hash, commit_sha256, "
    "commit_sm3, actor, source, content FROM event WHERE sequence = $1";

static AuditEvent event_of(const DbRows *rows, bool content)
{
    return (AuditEvent){.sequence = (uint64_t)db_col_int(rows, 0),
                        .type = db_col_int(rows, 1),
                        .follows = db_col_int(rows, 2),
                        .time_ms = db_col_int(rows, 3),
                        .tenant = db_col_text(rows, 4),
                        .subject = db_col_blob(rows, 5),
                        .previous = db_col_blob(rows, 6),
                        .leaf_hash = db_col_blob(rows, 7),
                        .sha256 = db_col_blob(rows, 8),
                        .sm3 = db_col_blob(rows, 9),
                        .actor = db_col_text(rows, 10),
                        .source = db_col_text(rows, 11),
                        .content = content ? db_col_blob(rows, 12) : SLICE("")};
}

typedef struct Walk {
    Audit *audit;
    AuditVisit *visit;
    void *self;
    bool content;
    uint64_t count, all;
} Walk;

static Err visit_rows(Cx *cx, Walk *walk, DbRows *rows)
{
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        const AuditEvent event = event_of(rows, walk->content);
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = walk->visit(&own, walk->audit, &event, walk->self);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
        if ((++walk->count & PROGRESS_MASK) == 0)
            audit_check_progress(walk->audit, walk->count, walk->all);
    }
}

// One number out of each stretch of equal length: sorted, and none twice.
static uint64_t sampled(const Audit *audit, uint64_t stretch, uint64_t index)
{
    uint64_t mix = audit->seed + (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    mix = (mix ^ mix >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mix = (mix ^ mix >> 27) * UINT64_C(0x94D049BB133111EB);
    return index * stretch + (mix ^ mix >> 31) % stretch + 1;
}

static Err visit_sample(Cx *cx, Walk *walk)
{
    const Audit *audit = walk->audit;
    uint64_t size = audit->events / SAMPLE_PART;
    if (size < SAMPLE_LEAST) size = SAMPLE_LEAST;
    uint64_t tail = audit->events < TAIL ? 0 : audit->events - TAIL;
    uint64_t stretch = tail / size == 0 ? 1 : tail / size;
    walk->all = (tail < size ? tail : size) + audit->events - tail;
    for (uint64_t i = 0, sequence; (sequence = sampled(audit, stretch, i)) <= tail; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        TRY(db_query(cx, audit->db, one_sql, DB_VALUES(db_int((int64_t)sequence)), &rows));
        TRY(visit_rows(cx, walk, rows));
    }
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, content_sql, DB_VALUES(db_int((int64_t)tail + 1)), &rows));
    return visit_rows(cx, walk, rows);
}

Err audit_events_each(Cx *cx, Audit *audit, uint64_t from, bool content, AuditVisit *visit,
                      void *self, uint64_t *ret_count)
{
    Walk walk = {.audit = audit, .visit = visit, .self = self, .all = audit->events};
    if (audit->options->quick) {
        walk.content = true;
        TRY(visit_sample(cx, &walk));
        *ret_count = walk.count;
        return ERR_OK;
    }
    walk.content = content;
    walk.all = from > audit->events ? 0 : audit->events - from;
    // Below 1 too: a forged row may have any number.
    int64_t first = from == 0 ? INT64_MIN : (int64_t)from;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, content ? content_sql : all_sql, DB_VALUES(db_int(first)), &rows));
    TRY(visit_rows(cx, &walk, rows));
    *ret_count = walk.count;
    return ERR_OK;
}

typedef struct Chain {
    uint64_t next; // sequence that is expected
    char tenant[EVENT_LOG_TENANT_SIZE];
    size_t tenant_size;
    bool known;                        // false = none yet: the platform's name is empty, too
    uint8_t tag[LEAF_TENANT_TAG_SIZE]; // of that tenant
} Chain;

static bool sizes_fit(const AuditEvent *event)
{
    return event->previous.size == DIGEST_SIZE && event->leaf_hash.size == DIGEST_SIZE &&
           event->sha256.size == DIGEST_SIZE && event->sm3.size == DIGEST_SIZE &&
           event->type >= 0 && event->type < LEAF_TYPE_COUNT;
}

static void digest_copy(Digest *to, Slice from)
{
    memcpy(to->bytes, from.data, DIGEST_SIZE);
}

static Digest leaf_of(const Audit *audit, Chain *chain, const AuditEvent *event)
{
    Slice key = store_log_key(audit->store);
    if (!chain->known || !slice_equal((Slice){chain->tenant, chain->tenant_size}, event->tenant)) {
        chain->known = true;
        leaf_tenant_tag(key, event->tenant, chain->tag);
        chain->tenant_size = event->tenant.size < sizeof chain->tenant ? event->tenant.size : 0;
        memcpy(chain->tenant, event->tenant.data, chain->tenant_size);
    }
    Leaf leaf = {.type = (LeafType)event->type,
                 .subject = leaf_subject(key, event->subject),
                 .time_ms = (uint64_t)event->time_ms};
    memcpy(leaf.tenant_tag, chain->tag, sizeof leaf.tenant_tag);
    digest_copy(&leaf.previous, event->previous);
    digest_copy(&leaf.commitment.sha256, event->sha256);
    digest_copy(&leaf.commitment.sm3, event->sm3);
    LeafBytes packed = leaf_pack(&leaf);
    return leaf_hash(&packed);
}

// Numbers are dense from 1. *ret_stray: it can't be placed.
static void check_number(Cx *cx, Audit *audit, Chain *chain, const AuditEvent *event,
                         bool *ret_stray)
{
    *ret_stray = event->sequence < chain->next || event->sequence - chain->next > GAP_MAX;
    if (*ret_stray) {
        audit_find_add(&audit->findings, AUDIT_EVENT_GAP, audit_find_event(cx, event->sequence),
                       cx_printf(cx, "expected %llu", (unsigned long long)chain->next));
        return;
    }
    for (; chain->next < event->sequence; chain->next++)
        audit_find_add(&audit->findings, AUDIT_EVENT_GAP, audit_find_event(cx, chain->next),
                       SLICE("missing"));
    chain->next++;
}

static void check_follows(Cx *cx, Audit *audit, const AuditEvent *event, const AuditSeen *note)
{
    static const Digest zeros;
    const AuditSeen *before = NULL;
    if (event->follows > 0 && (uint64_t)event->follows < event->sequence)
        before = audit_scratch_find(&audit->notes, (uint64_t)event->follows - 1);
    const Digest *wanted = event->follows == 0 ? &zeros : before == NULL ? NULL : &before->leaf;
    bool same = event->follows == 0 || (before != NULL && memcmp(before->subject, note->subject,
                                                                 sizeof note->subject) == 0);
    if (wanted == NULL || !same)
        audit_find_add(&audit->findings, AUDIT_EVENT_CHAIN, audit_find_event(cx, event->sequence),
                       cx_printf(cx, "it follows event %lld, which is not its subject's",
                                 (long long)event->follows));
    else if (!slice_equal(event->previous, digest_slice(wanted)))
        audit_find_add(&audit->findings, AUDIT_EVENT_CHAIN, audit_find_event(cx, event->sequence),
                       SLICE("previous is not the leaf hash of the event before"));
}

static Err check_event(Cx *cx, Audit *audit, const AuditEvent *event, void *self)
{
    Chain *chain = self;
    bool stray = false, whole = !audit->options->quick;
    if (whole) check_number(cx, audit, chain, event, &stray);
    Slice where = audit_find_event(cx, event->sequence);
    if (!sizes_fit(event)) {
        audit_find_add(&audit->findings, AUDIT_EVENT_LEAF, where,
                       SLICE("a value has no such size"));
        return ERR_OK;
    }
    Digest leaf = leaf_of(audit, chain, event);
    if (!slice_equal(event->leaf_hash, digest_slice(&leaf)))
        audit_find_add(&audit->findings, AUDIT_EVENT_LEAF, where, SLICE(""));
    if (!whole || stray) return ERR_OK;
    AuditSeen note = {
        .leaf = leaf,
        .time_ms = (uint64_t)event->time_ms,
        .mark = audit_check_mark(event->type, event->tenant, event->actor, event->source)};
    audit_check_subject(event->tenant, event->subject, note.subject);
    check_follows(cx, audit, event, &note);
    audit->types[event->type]++;
    void *place = NULL;
    TRY(audit_scratch_at(cx, &audit->notes, event->sequence - 1, &place));
    memcpy(place, &note, sizeof note);
    return ERR_OK;
}

static Err next_sequence(Cx *cx, Audit *audit, uint64_t *ret_next)
{
    *ret_next = 1;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT tenant, next_sequence FROM head ORDER BY tenant", NULL, 0,
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (slice_empty(db_col_text(rows, 0)))
            *ret_next = (uint64_t)db_col_int(rows, 1);
        else
            audit_find_add(&audit->findings, AUDIT_HEAD,
                           cx_printf(cx, "head(" SLICE_FMT ")", SLICE_ARG(db_col_text(rows, 0))),
                           SLICE("there is one head, without a tenant"));
    }
}

Err audit_events(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    Chain chain = {.next = 1};
    TRY(audit_events_each(cx, audit, 0, false, check_event, &chain, ret_things));
    uint64_t next = 0;
    TRY(next_sequence(cx, audit, &next));
    // The last events may be gone: the head still says how many there were.
    if (next != audit->events + 1)
        audit_find_add(&audit->findings, AUDIT_HEAD, SLICE("head()"),
                       cx_printf(cx, "next_sequence is %llu, and the last event is %llu",
                                 (unsigned long long)next, (unsigned long long)audit->events));
    for (uint64_t gone = audit->events + 1; gone < next; gone++) {
        audit_find_add(&audit->findings, AUDIT_EVENT_GAP, audit_find_event(cx, gone),
                       SLICE("missing"));
        if (gone - audit->events > LIMIT_AUDIT_FINDINGS_OF_KIND) break;
    }
    return ERR_OK;
}
