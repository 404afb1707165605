#include "desk/running/audit/audit_subject.h"

#include "base/base64.h"
#include "commit/event_log.h"
#include "commit/join.h"
#include "model/reading_json.h"
#include "model/verdict.h"

static void bad(Cx *cx, Audit *audit, AuditKind kind, const char *table, Slice tenant, Slice id,
                const char *why)
{
    audit_find_add(&audit->findings, kind, audit_find_row(cx, table, tenant, base64_hex(cx, id)),
                   slice_of(why));
}

static Err was_erased(Cx *cx, Audit *audit, Slice tenant, Slice subject, bool *ret_erased)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT 1 FROM event WHERE tenant = $1 AND subject = $2 AND type = $3",
                 DB_VALUES(db_text(tenant), db_blob(subject), db_int(EVENT_ERASED)), &rows));
    return db_next(cx, rows, ret_erased);
}

Err audit_subject_key(Cx *cx, Audit *audit, Slice tenant, Slice subject, AeadKey *ret_key,
                      AuditKeyState *ret_state)
{
    *ret_state = AUDIT_KEY_OPEN;
    Err err = store_key_find(cx, audit->store, audit->db, tenant, subject, ret_key);
    if (err == ERR_OK) return ERR_OK;
    *ret_state = AUDIT_KEY_LOST;
    if (err == ERR_CORRUPT) {
        bad(cx, audit, AUDIT_KEY_DAMAGED, "content_key", tenant, subject, "");
        return ERR_OK;
    }
    if (err != ERR_MISSING) return err;
    bool erased = false;
    TRY(was_erased(cx, audit, tenant, subject, &erased));
    if (erased) *ret_state = AUDIT_KEY_ERASED;
    // A whole audit says it once for each subject: audit_rows.c.
    if (!erased && audit->options->quick)
        bad(cx, audit, AUDIT_KEY_GONE, "content_key", tenant, subject, "");
    return ERR_OK;
}

typedef struct Document {
    bool found, same;
    Slice reference, sha256, same_as; // same_as: reference of the first
    Slice idempotency;
    int64_t size;
    StorePlace place;
} Document;

static Err find_document(Cx *cx, Audit *audit, Slice tenant, Slice id, Document *ret_document)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT d.reference, d.sha256, d.size, d.same_as, d.segment, d.position, "
                 "d.stored_size, f.reference, d.idempotency FROM document d LEFT JOIN document f "
                 "ON f.tenant = d.tenant AND f.id = d.same_as WHERE d.tenant = $1 AND d.id = $2",
                 DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    Document document = {};
    TRY(db_next(cx, rows, &document.found));
    if (document.found) {
        TRY(cx_copy(cx, db_col_text(rows, 0), &document.reference));
        TRY(cx_copy(cx, db_col_blob(rows, 1), &document.sha256));
        document.size = db_col_int(rows, 2);
        document.same = !db_col_null(rows, 3);
        document.place =
            (StorePlace){db_col_int(rows, 4), db_col_int(rows, 5), db_col_int(rows, 6)};
        TRY(cx_copy(cx, db_col_text(rows, 7), &document.same_as));
        TRY(cx_copy(cx, db_col_blob(rows, 8), &document.idempotency));
    }
    *ret_document = document;
    return ERR_OK;
}

static Err check_bytes(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body,
                       const Document *document)
{
    Slice sealed, bytes;
    const StorePlace *place = &document->place;
    const char *name = store_segment_name(cx, audit->store, place->segment);
    Slice row = audit_find_row(cx, "document", event->tenant, base64_hex(cx, event->subject));
    Slice where = cx_printf(cx, "segments/%s@%lld, " SLICE_FMT, name, (long long)place->position,
                            SLICE_ARG(row));
    Err err = store_fetch(cx, audit->store, *place, &sealed);
    AeadKey key;
    AuditKeyState state = AUDIT_KEY_LOST;
    if (err == ERR_OK)
        TRY(audit_subject_key(cx, audit, event->tenant, event->subject, &key, &state));
    if (err == ERR_OK && state != AUDIT_KEY_OPEN) return ERR_OK;
    if (err == ERR_OK) {
        Slice about =
            event_log_about(cx, SLICE("fapiao/document/v1"), event->tenant, event->subject);
        err = aead_open(cx, &key, about, sealed, &bytes);
    }
    if (err == ERR_LIMIT || err == ERR_STORE) return err;
    if (err != ERR_OK) {
        audit_find_add(&audit->findings, AUDIT_BYTES, where, document->reference);
        return ERR_OK;
    }
    Digest sha256 = digest_of(DIGEST_SHA256, bytes), sm3 = digest_of(DIGEST_SM3, bytes);
    if (!slice_equal(body->sha256, base64_hex(cx, digest_slice(&sha256))) ||
        !slice_equal(body->sm3, base64_hex(cx, digest_slice(&sm3))))
        audit_find_add(&audit->findings, AUDIT_BYTES, where, document->reference);
    return ERR_OK;
}

Err audit_subject_document(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body)
{
    Document document;
    TRY(find_document(cx, audit, event->tenant, event->subject, &document));
    if (!document.found) {
        audit->broken = true;
        if (audit->options->quick)
            bad(cx, audit, AUDIT_DOCUMENT_GONE, "document", event->tenant, event->subject, "");
        return ERR_OK;
    }
    struct {
        bool fits;
        const char *name;
    } const fits[] = {
        {slice_equal(document.reference, body->reference), "reference"},
        {slice_equal(base64_hex(cx, document.sha256), body->sha256), "sha256"},
        {slice_equal(base64_hex(cx, document.idempotency), body->idempotency), "idempotency"},
        {slice_equal(cx_printf(cx, "%lld", (long long)document.size), body->size), "size"},
        {slice_equal(document.same_as, body->same_as) &&
             document.same == !slice_empty(body->same_as),
         "same_as"},
        {document.same == (document.place.segment == 0) &&
             document.same == (document.place.position == 0) &&
             document.same == (document.place.size == 0),
         "segment, position, stored_size"},
    };
    for (size_t i = 0; i < sizeof fits / sizeof fits[0]; i++)
        if (!fits[i].fits)
            bad(cx, audit, AUDIT_DOCUMENT, "document", event->tenant, event->subject, fits[i].name);
    if (document.same || document.place.segment == 0) return ERR_OK;
    return check_bytes(cx, audit, event, body, &document);
}

Err audit_subject_reference(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body)
{
    uint8_t id[COMMIT_ID_SIZE];
    Document document = {};
    if (base64_unhex(cx, body->document, id, sizeof id) == ERR_OK)
        TRY(find_document(cx, audit, event->tenant, (Slice){(const char *)id, sizeof id},
                          &document));
    if (document.found && slice_equal(document.reference, body->reference)) return ERR_OK;
    audit_find_add(&audit->findings, AUDIT_EVENT_ROW, audit_find_event(cx, event->sequence),
                   SLICE("its document has another reference, or is not there"));
    return ERR_OK;
}

static void half(const Slice *parts, size_t count, uint8_t ret_key[static 16])
{
    Digest digest = digest_of_parts(DIGEST_SHA256, parts, count);
    memcpy(ret_key, digest.bytes, 16);
}

static void reading_key(Slice tenant, Slice id, uint8_t ret_key[static 16])
{
    half((const Slice[]){tenant, SLICE("\n"), id}, 3, ret_key);
}

static void identity_key(Slice tenant, Slice scheme, Slice tag, Slice invoice,
                         uint8_t ret_key[static 16])
{
    half((const Slice[]){tenant, SLICE("\n"), scheme, SLICE("\n"), tag, invoice}, 6, ret_key);
}

static Err note_identities(Cx *cx, Audit *audit, const AuditEvent *event, const Draft *draft,
                           AuditContent *content)
{
    JoinIdentity identities[JOIN_IDENTITIES_MAX];
    size_t count = 0;
    TRY(join_identities(cx, audit->store, event->tenant, draft, identities, &count));
    for (size_t i = 0; i < count; i++) {
        AuditBagRow row = {.value = event->sequence, .extra = (uint64_t)event->time_ms};
        identity_key(event->tenant, identities[i].scheme, digest_slice(&identities[i].tag),
                     event->subject, row.key);
        TRY(audit_scratch_bag_add(cx, &content->identities, &row));
    }
    return ERR_OK;
}

typedef struct Kept { // a row of reading
    Slice document, invoice, content, reader;
    int64_t ordinal, basis, time_ms;
} Kept;

// *ret_plain stays untouched when it does not open.
static Err open_reading(Cx *cx, Audit *audit, const AuditEvent *event, Slice id, const Kept *kept,
                        Slice *ret_plain, bool *ret_open)
{
    *ret_open = false;
    AeadKey key;
    AuditKeyState state;
    TRY(audit_subject_key(cx, audit, event->tenant, kept->document, &key, &state));
    if (state == AUDIT_KEY_ERASED) return ERR_OK;
    Slice about = event_log_about(cx, SLICE("fapiao/reading/v1"), event->tenant, id);
    Err err = state != AUDIT_KEY_OPEN ? ERR_CORRUPT
                                      : aead_open(cx, &key, about, kept->content, ret_plain);
    if (err == ERR_LIMIT) return err;
    *ret_open = err == ERR_OK;
    if (!*ret_open) bad(cx, audit, AUDIT_READING, "reading", event->tenant, id, "it does not open");
    return ERR_OK;
}

static Err check_reading(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body,
                         Slice id, const Kept *kept, AuditContent *content)
{
    struct {
        bool fits;
        const char *name;
    } const fits[] = {
        {slice_equal(base64_hex(cx, kept->document), body->document), "document"},
        {slice_equal(kept->invoice, event->subject), "invoice"},
        {slice_equal(kept->reader, body->reader), "reader"},
        {slice_equal(cx_printf(cx, "%lld", (long long)kept->ordinal), body->ordinal), "ordinal"},
        {kept->basis >= 0 && kept->basis < BASIS_COUNT &&
             slice_equal(slice_of(verdict_basis_name((Basis)kept->basis)), body->basis),
         "basis"},
        {kept->time_ms == event->time_ms, "time_ms"},
    };
    for (size_t i = 0; i < sizeof fits / sizeof fits[0]; i++)
        if (!fits[i].fits)
            bad(cx, audit, AUDIT_READING, "reading", event->tenant, id, fits[i].name);
    Slice plain = {};
    bool open = false;
    TRY(open_reading(cx, audit, event, id, kept, &plain, &open));
    if (!open) {
        audit->broken = true;
        return ERR_OK;
    }
    Digest sha256 = digest_of(DIGEST_SHA256, plain), sm3 = digest_of(DIGEST_SM3, plain);
    Draft draft;
    if (!slice_equal(base64_hex(cx, digest_slice(&sha256)), body->reading_sha256) ||
        !slice_equal(base64_hex(cx, digest_slice(&sm3)), body->reading_sm3) ||
        reading_json_parse(cx, plain, &draft) != ERR_OK) {
        bad(cx, audit, AUDIT_READING, "reading", event->tenant, id, "content");
        audit->broken = true;
        return ERR_OK;
    }
    return note_identities(cx, audit, event, &draft, content);
}

Err audit_subject_reading(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body,
                          AuditContent *content)
{
    uint8_t bytes[COMMIT_ID_SIZE] = {};
    Slice id = {(const char *)bytes, sizeof bytes};
    if (base64_unhex(cx, body->reading, bytes, sizeof bytes) != ERR_OK) id = SLICE("");
    AuditBagRow named = {.value = event->sequence};
    reading_key(event->tenant, id, named.key);
    TRY(audit_scratch_bag_add(cx, &content->readings, &named));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT document, invoice, content, ordinal, basis, time_ms, reader FROM reading "
                 "WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(event->tenant), db_blob(id)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) {
        audit->broken = true;
        bad(cx, audit, AUDIT_READING_GONE, "reading", event->tenant, id,
            cx_printf(cx, "of event %llu", (unsigned long long)event->sequence).data);
        return ERR_OK;
    }
    const Kept kept = {.document = db_col_blob(rows, 0),
                       .invoice = db_col_blob(rows, 1),
                       .content = db_col_blob(rows, 2),
                       .ordinal = db_col_int(rows, 3),
                       .basis = db_col_int(rows, 4),
                       .time_ms = db_col_int(rows, 5),
                       .reader = db_col_text(rows, 6)};
    return check_reading(cx, audit, event, body, id, &kept, content);
}

// Rows of a time before the events that were looked at now were looked at then.
static bool is_earlier(const Audit *audit, int64_t time_ms)
{
    if (audit->report->from <= 1) return false;
    const AuditSeen *note = audit_scratch_find(&audit->notes, audit->report->from - 2);
    return note != NULL && (uint64_t)time_ms <= note->time_ms;
}

// What is left of an erased document or invoice: rows that no event can name any more, and, of an
// invoice that others carry, keys that its erased readings gave it.
static Err left_over(Cx *cx, Audit *audit, const char *sql, Slice tenant, Slice id, bool *ret_left)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, sql, DB_VALUES(db_text(tenant), db_blob(id), db_int(EVENT_ERASED)),
                 &rows));
    return db_next(cx, rows, ret_left);
}
static const char *const reading_left_sql =
    "SELECT 1 FROM reading r JOIN event e ON e.tenant = r.tenant "
    "AND e.subject IN (r.document, r.invoice) AND e.type = $3 WHERE r.tenant = $1 AND r.id = $2";
static const char *const identity_left_sql =
    "SELECT 1 FROM event WHERE tenant = $1 AND subject = $2 AND type = $3 UNION ALL "
    "SELECT 1 FROM reading r JOIN event e ON e.tenant = r.tenant AND e.subject = r.document "
    "AND e.type = $3 WHERE r.tenant = $1 AND r.invoice = $2";

static Err stray_readings(Cx *cx, Audit *audit, AuditContent *content)
{
    audit_scratch_bag_sort(&content->readings);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT tenant, id, time_ms FROM reading", NULL, 0, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        uint8_t key[16];
        reading_key(db_col_text(rows, 0), db_col_blob(rows, 1), key);
        if (audit_scratch_bag_find(&content->readings, key) != NULL ||
            is_earlier(audit, db_col_int(rows, 2)))
            continue;
        bool left = false;
        TRY(left_over(cx, audit, reading_left_sql, db_col_text(rows, 0), db_col_blob(rows, 1),
                      &left));
        if (!left)
            bad(cx, audit, AUDIT_READING_STRAY, "reading", db_col_text(rows, 0),
                db_col_blob(rows, 1), "");
    }
}

static Slice identity_where(Cx *cx, const DbRows *rows)
{
    return cx_printf(cx, "identity(" SLICE_FMT ", " SLICE_FMT ", " SLICE_FMT ", " SLICE_FMT ")",
                     SLICE_ARG(db_col_text(rows, 0)), SLICE_ARG(db_col_text(rows, 1)),
                     SLICE_ARG(base64_hex(cx, db_col_blob(rows, 2))),
                     SLICE_ARG(base64_hex(cx, db_col_blob(rows, 3))));
}

static Err check_identity(Cx *cx, Audit *audit, const DbRows *rows, AuditScratch *identities)
{
    uint8_t key[16];
    identity_key(db_col_text(rows, 0), db_col_text(rows, 1), db_col_blob(rows, 2),
                 db_col_blob(rows, 3), key);
    AuditBagRow *found = audit_scratch_bag_find(identities, key);
    if (found == NULL) {
        bool left = is_earlier(audit, db_col_int(rows, 4));
        if (!left)
            TRY(left_over(cx, audit, identity_left_sql, db_col_text(rows, 0), db_col_blob(rows, 3),
                          &left));
        if (!left)
            audit_find_add(&audit->findings, AUDIT_IDENTITY_STRAY, identity_where(cx, rows),
                           SLICE(""));
        return ERR_OK;
    }
    found->seen = 1;
    // It was written with the first event that it follows from.
    bool left =
        found->extra == (uint64_t)db_col_int(rows, 4) || is_earlier(audit, db_col_int(rows, 4));
    if (!left)
        TRY(left_over(cx, audit, identity_left_sql, db_col_text(rows, 0), db_col_blob(rows, 3),
                      &left));
    if (!left)
        audit_find_add(&audit->findings, AUDIT_IDENTITY, identity_where(cx, rows),
                       SLICE("time_ms"));
    return ERR_OK;
}

static Err stray_identities(Cx *cx, Audit *audit, AuditContent *content)
{
    AuditScratch *identities = &content->identities;
    audit_scratch_bag_sort(identities);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT tenant, scheme, tag, invoice, time_ms FROM identity", NULL,
                 0, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(check_identity(cx, audit, rows, identities));
    }
    const AuditBagRow *before = NULL;
    for (uint64_t i = 0; i < identities->count; i++) {
        const AuditBagRow *row = audit_scratch_find(identities, i);
        bool again = before != NULL && memcmp(before->key, row->key, sizeof row->key) == 0;
        if (!again && row->seen == 0)
            audit_find_add(
                &audit->findings, AUDIT_IDENTITY_GONE,
                cx_printf(cx, "identity, of event(%llu)", (unsigned long long)row->value),
                SLICE(""));
        before = row;
    }
    return ERR_OK;
}

Err audit_subject_strays(Cx *cx, Audit *audit, AuditContent *content)
{
    TRY(stray_readings(cx, audit, content));
    return stray_identities(cx, audit, content);
}
