#include "publish/fold.h"

#include "base/base64.h"
#include "base/date.h"
#include "commit/tally.h"
#include "publish/day_fold.h"
#include "publish/invoice_fold.h"

// A document's row, as it stands: texts in the arena.
typedef struct Standing {
    bool found;
    DocState state; // of an erased one: what it was
    TallyPlace place;
    int64_t received_ms;
} Standing;

static Err find_standing(Cx *cx, Db *db, const Fact *fact, Slice document, Standing *ret_standing)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT CASE state WHEN 'erased' THEN reason ELSE state END, source, "
                 "received_day, received_ms FROM document_state "
                 "WHERE tenant = $1 AND document = $2",
                 DB_VALUES(db_text(fact->tenant), db_blob(document)), &rows));
    *ret_standing = (Standing){.received_ms = (int64_t)fact->time_ms};
    TRY(db_next(cx, rows, &ret_standing->found));
    if (!ret_standing->found) return ERR_OK;
    if (!commit_state_of(db_col_text(rows, 0), &ret_standing->state))
        return err_set(cx, ERR_CORRUPT, "a document's state is unknown");
    ret_standing->place.tenant = fact->tenant;
    TRY(cx_copy(cx, db_col_text(rows, 1), &ret_standing->place.source));
    TRY(cx_copy(cx, db_col_text(rows, 2), &ret_standing->place.day));
    ret_standing->received_ms = db_col_int(rows, 3);
    return ERR_OK;
}

static Err move(Cx *cx, Db *db, const Fact *fact, const Standing *standing, DocState to)
{
    if (!standing->found) return ERR_OK;
    return tally_moved(cx, fact->tally, db, &standing->place, standing->state, to);
}

// An event of a document itself.
static Err move_own(Cx *cx, Db *db, const Fact *fact, DocState to)
{
    Standing standing;
    TRY(find_standing(cx, db, fact, fact->subject, &standing));
    return move(cx, db, fact, &standing, to);
}

static Err fold_received(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    Digest sha256;
    uint64_t size = 0;
    TRY(base64_unhex(cx, body->sha256, sha256.bytes, DIGEST_SIZE));
    if (!slice_u64(body->size, &size)) return err_set(cx, ERR_CORRUPT, "an event has no size");
    char day[DATE_TEXT_SIZE + 1];
    bool same = !slice_empty(body->same_as);
    const TallyPlace place = {.tenant = fact->tenant,
                              .day = date_print(date_in_china(fact->time_ms), day),
                              .source = fact->source};
    TRY(tally_came(cx, fact->tally, db, &place, same ? DOC_DUPLICATE : DOC_RECEIVED));
    return db_run(cx, db,
                  "INSERT INTO document_state (tenant, document, reference, state, reason, media, "
                  "file_name, sha256, size, source, received_ms, received_day, done_ms) "
                  "VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12)",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->reference),
                            db_text(same ? SLICE("duplicate") : SLICE("received")),
                            db_text(body->same_as), db_text(body->file_name),
                            db_blob(digest_slice(&sha256)), db_int((int64_t)size),
                            db_text(fact->source), db_int((int64_t)fact->time_ms),
                            db_text(place.day), same ? db_int((int64_t)fact->time_ms) : db_null()),
                  NULL);
}

// A file that came in a zip.
static Err fold_entry(Cx *cx, Db *db, const Fact *fact)
{
    uint64_t entry = 0;
    uint8_t container[COMMIT_ID_SIZE];
    TRY(base64_unhex(cx, fact->body->container, container, sizeof container));
    if (!slice_u64(fact->body->entry, &entry))
        return err_set(cx, ERR_CORRUPT, "an event does not say which entry it is");
    return db_run(cx, db,
                  "INSERT INTO document_entry (tenant, container, entry, document) "
                  "VALUES ($1, $2, $3, $4)",
                  DB_VALUES(db_text(fact->tenant),
                            db_blob((Slice){(const char *)container, sizeof container}),
                            db_int((int64_t)entry), db_blob(fact->subject)),
                  NULL);
}

static Err fold_unpacked(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    uint64_t entries = 0, skipped = 0;
    if (!slice_u64(body->entries, &entries) || !slice_u64(body->skipped, &skipped))
        return err_set(cx, ERR_CORRUPT, "an event does not say how many entries there are");
    TRY(db_run(cx, db,
               "INSERT INTO document_container (tenant, document, entries, skipped, skipped_names) "
               "VALUES ($1, $2, $3, $4, $5)",
               DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_int((int64_t)entries),
                         db_int((int64_t)skipped), db_text(body->skipped_names)),
               NULL));
    TRY(move_own(cx, db, fact, DOC_UNPACKED));
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'unpacked', reason = '', media = $3, "
                  "done_ms = $4 WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->media),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_quarantined(Cx *cx, Db *db, const Fact *fact)
{
    TRY(move_own(cx, db, fact, DOC_QUARANTINED));
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'quarantined', reason = $3, media = $4, "
                  "done_ms = $5 WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject),
                            db_text(fact->body->reason), db_text(fact->body->media),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_released(Cx *cx, Db *db, const Fact *fact)
{
    TRY(move_own(cx, db, fact, DOC_RECEIVED));
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'received', reason = '', done_ms = NULL "
                  "WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL);
}

// A document of several invoices is in conflict when one of them is.
static Err fold_decided(Cx *cx, Db *db, const Fact *fact, const Standing *standing)
{
    bool conflict = !slice_empty(fact->body->other) || standing->state == DOC_CONFLICT;
    DocState state = conflict ? DOC_CONFLICT : DOC_ACCEPTED;
    TRY(move(cx, db, fact, standing, state));
    return db_run(cx, db,
                  "UPDATE document_state SET state = $3, reason = '', media = $4, done_ms = $5 "
                  "WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->document),
                            db_text(slice_of(commit_state_name(state))), db_text(fact->body->media),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_reading(Cx *cx, Db *db, const Fact *fact)
{
    Standing standing;
    TRY(find_standing(cx, db, fact, fact->document, &standing));
    TRY(invoice_fold_reading(cx, db, fact, standing.received_ms));
    return fold_decided(cx, db, fact, &standing);
}

static Err fold_conflict(Cx *cx, Db *db, const Fact *fact)
{
    TRY(day_fold_take(cx, db, fact->tally, fact->tenant, fact->subject));
    TRY(db_run(cx, db, "UPDATE invoice SET conflict = 1 WHERE tenant = $1 AND id = $2",
               DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL));
    return day_fold_put(cx, db, fact->tenant, fact->subject);
}

// It counts as what it was. A rebuild has not seen it before.
static Err count_erased(Cx *cx, Db *db, const Fact *fact, Slice day)
{
    Standing standing;
    DocState state;
    TRY(find_standing(cx, db, fact, fact->subject, &standing));
    if (standing.found) return ERR_OK;
    if (!commit_state_of(fact->body->state, &state) || state == DOC_ERASED)
        return err_set(cx, ERR_CORRUPT, "an event does not say what was erased");
    const TallyPlace place = {.tenant = fact->tenant, .day = day, .source = fact->body->origin};
    return tally_came(cx, fact->tally, db, &place, state);
}

// What is left of a document: that it was there, when it was decided and what had become of it
// (column reason), by which its day counts it still. A rebuild can't open what came before, so all
// of it stands in this event. Older ones do not say when it was decided.
static Err fold_erased(Cx *cx, Db *db, const Fact *fact)
{
    static const char *const drops[] = {
        "DELETE FROM document_state WHERE tenant = $1 AND document = $2",
        "DELETE FROM document_container WHERE tenant = $1 AND document = $2",
        "DELETE FROM document_entry WHERE tenant = $1 AND document = $2"};
    const EventBody *body = fact->body;
    Digest sha256;
    uint64_t size = 0, received = 0, decided = fact->time_ms;
    TRY(base64_unhex(cx, body->sha256, sha256.bytes, DIGEST_SIZE));
    if (!slice_u64(body->size, &size) || !slice_u64(body->received, &received) ||
        (!slice_empty(body->decided) && !slice_u64(body->decided, &decided)))
        return err_set(cx, ERR_CORRUPT, "an event does not say what was erased");
    char text[DATE_TEXT_SIZE + 1];
    Slice day = date_print(date_in_china(received), text);
    TRY(count_erased(cx, db, fact, day));
    for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++)
        TRY(db_run(cx, db, drops[i], DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)),
                   NULL));
    return db_run(cx, db,
                  "INSERT INTO document_state (tenant, document, reference, state, reason, media, "
                  "file_name, sha256, size, source, received_ms, received_day, done_ms) "
                  "VALUES ($1, $2, $3, 'erased', $4, '', '', $5, $6, $7, $8, $9, $10)",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->reference),
                            db_text(body->state), db_blob(digest_slice(&sha256)),
                            db_int((int64_t)size), db_text(body->origin), db_int((int64_t)received),
                            db_text(day), db_int((int64_t)decided)),
                  NULL);
}

// No id leads from one of which nothing is left.
static Err fold_invoice_erased(Cx *cx, Db *db, const Fact *fact)
{
    return db_run(cx, db, "DELETE FROM invoice_joined WHERE tenant = $1 AND former = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL);
}

static Err fold_audited(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    return db_run(cx, db,
                  "INSERT INTO audit_entry (tenant, sequence, time_ms, actor, act, object_kind, "
                  "object, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(db_text(fact->tenant), db_int((int64_t)fact->sequence),
                            db_int((int64_t)fact->time_ms), db_text(fact->actor),
                            db_text(body->act), db_text(body->object_kind), db_text(body->object),
                            db_text(body->result)),
                  NULL);
}

// Whoever keeps copies of invoices takes these anew. Every event of an invoice changes its newest
// sequence; a reading, moreover, what is known under its number. What else changes by a fact is
// touched where it is written (red_fold.c).
static void touch(Db *db, const Fact *fact)
{
    bool of_document = fact->type == EVENT_RECEIVED || fact->type == EVENT_QUARANTINED ||
                       fact->type == EVENT_RELEASED || fact->type == EVENT_UNPACKED;
    if (of_document || fact->type == EVENT_AUDITED || fact->type == EVENT_BOUND) return;
    // An accepted one is new: nobody knows its id yet.
    if (fact->type != EVENT_ACCEPTED) db_touch(db, fact->tenant, fact->subject);
    if (fact->draft != NULL) invoice_fold_touch(db, fact->draft);
}

Err fold_fact(Cx *cx, Db *db, const Fact *fact)
{
    touch(db, fact);
    switch (fact->type) {
    case EVENT_RECEIVED:
        TRY(fold_received(cx, db, fact));
        return slice_empty(fact->body->container) ? ERR_OK : fold_entry(cx, db, fact);
    case EVENT_UNPACKED:
        return fold_unpacked(cx, db, fact);
    case EVENT_QUARANTINED:
        return fold_quarantined(cx, db, fact);
    case EVENT_RELEASED:
        return fold_released(cx, db, fact);
    case EVENT_ACCEPTED:
    case EVENT_CARRIER:
        return fold_reading(cx, db, fact);
    case EVENT_CONFLICT:
        return fold_conflict(cx, db, fact);
    case EVENT_AUDITED:
        return fold_audited(cx, db, fact);
    case EVENT_BOUND:
        return ERR_OK; // no projection says anything of it
    case EVENT_MERGED:
        return invoice_fold_join(cx, db, fact);
    case EVENT_ERASED:
        return slice_empty(fact->body->document) ? fold_invoice_erased(cx, db, fact)
                                                 : fold_erased(cx, db, fact);
    case EVENT_VOIDED:
    case EVENT_REDDENED:
    case EVENT_CORRECTED:
    case EVENT_VERIFIED:
    case EVENT_ENTERED:
    case EVENT_ARCHIVED:
        break;
    }
    return err_set(cx, ERR_CORRUPT, "no projection knows event type %d", (int)fact->type);
}
