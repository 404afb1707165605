#include "commit/decide.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "commit/file_name.h"
#include "commit/uuid7.h"
#include "model/reading_again.h"
#include "model/reading_json.h"

static Slice id_slice(const uint8_t *id)
{
    return (Slice){(const char *)id, COMMIT_ID_SIZE};
}

static Err document_key(Cx *cx, Store *store, Slice tenant, Slice document, AeadKey *ret_key)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = store_key_find(cx, store, db, tenant, document, ret_key);
    store_give(store, db);
    return err;
}

// Printed in an arena of its own: what a growing text leaves behind would wait with the command.
static Err print_canonical(Cx *cx, const Draft *draft, Slice *ret_canonical, bool *ret_plain)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Slice canonical = {};
    Err err = reading_json_print_canonical(&own, draft, &canonical, ret_plain);
    err = err == ERR_OK ? cx_copy(cx, canonical, ret_canonical)
                        : err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

static Err prepare_draft(Cx *cx, Store *store, const Deciding *deciding, const Draft *draft,
                         DecidingDraft *ret)
{
    Slice canonical;
    bool plain = false;
    TRY(print_canonical(cx, draft, &canonical, &plain));
    TRY(reading_again_of(cx, draft, canonical, plain, &ret->draft));
    ret->canonical = canonical;
    ret->basis = verdict_basis(draft);
    ret->sha256 = digest_of(DIGEST_SHA256, canonical);
    ret->fields = join_fields(cx, &ret->draft);
    uuid7_make(cx, ret->reading);
    uuid7_make(cx, ret->invoice);
    Slice about =
        event_log_about(cx, SLICE("fapiao/reading/v1"), deciding->tenant, id_slice(ret->reading));
    TRY(aead_seal(cx, &deciding->document_key, about, canonical, &ret->sealed));
    return store_key_new(cx, store, deciding->tenant, id_slice(ret->invoice), &ret->key,
                         &ret->wrapped);
}

// A draft without an identity (no number, or one that OCR alone saw) founds nothing: it waits.
static Err prepare_drafts(Cx *cx, Store *store, const Reading *reading, Deciding *deciding)
{
    deciding->drafts = arena_try_array(&cx->arena, reading->draft_count, sizeof *deciding->drafts);
    if (deciding->drafts == NULL) return err_set(cx, ERR_LIMIT, "the readings do not fit");
    for (size_t i = 0; i < reading->draft_count; i++) {
        DecidingDraft *draft = &deciding->drafts[deciding->draft_count];
        TRY(join_identities(cx, store, deciding->tenant, &reading->drafts[i], draft->identities,
                            &draft->identity_count));
        if (draft->identity_count == 0) {
            deciding->reason =
                slice_empty(reading->drafts[i].number) ? REASON_NOT_INVOICE : REASON_NEEDS_OCR;
            continue;
        }
        draft->ordinal = (int)i;
        TRY(prepare_draft(cx, store, deciding, &reading->drafts[i], draft));
        deciding->draft_count++;
    }
    if (deciding->draft_count > 0) deciding->reason = REASON_NONE;
    return ERR_OK;
}

// Names are told until there is no room for the next; `skipped` counts them all.
static Err prepare_container(Cx *cx, const Reading *reading, Deciding *deciding)
{
    deciding->entries = reading->entry_count;
    deciding->skipped = reading->skipped_count;
    Text names = text_open(cx, LIMIT_ZIP_SKIPPED);
    size_t size = 0;
    for (size_t i = 0; i < reading->skipped_count; i++) {
        Slice name = file_name_clean(cx, reading->skipped[i]);
        size += name.size + 1;
        if (size > LIMIT_ZIP_SKIPPED) break;
        text_add(&names, name);
        text_byte(&names, '\n');
    }
    return text_done(cx, &names, &deciding->skipped_names);
}

static Err prepare_names(Cx *cx, Slice tenant, Slice actor, Slice source, Deciding *deciding)
{
    TRY(cx_copy(cx, tenant, &deciding->tenant));
    TRY(cx_copy(cx, actor, &deciding->actor));
    return cx_copy(cx, source, &deciding->source);
}

Err decide_prepare(Cx *cx, Store *store, const Decision *decision, Deciding *ret_deciding)
{
    Deciding deciding = {.media = decision->reading->media, .reason = decision->reading->reason};
    memcpy(deciding.document, decision->document, COMMIT_ID_SIZE);
    TRY(prepare_names(cx, decision->tenant, decision->actor, decision->source, &deciding));
    TRY(document_key(cx, store, deciding.tenant, id_slice(deciding.document),
                     &deciding.document_key));
    const Reading *reading = decision->reading;
    if (deciding.reason == REASON_NONE && reading->draft_count + reading->entry_count == 0)
        return err_set(cx, ERR_INPUT, "a reading without invoices says why");
    if (deciding.reason == REASON_NONE && reading->entry_count > 0)
        TRY(prepare_container(cx, reading, &deciding));
    else if (deciding.reason == REASON_NONE)
        TRY(prepare_drafts(cx, store, decision->reading, &deciding));
    *ret_deciding = deciding;
    return ERR_OK;
}

Err decide_prepare_release(Cx *cx, Store *store, const Release *release, Deciding *ret_deciding)
{
    Deciding deciding = {.release = true};
    memcpy(deciding.document, release->document, COMMIT_ID_SIZE);
    TRY(prepare_names(cx, release->tenant, release->actor, release->source, &deciding));
    TRY(document_key(cx, store, deciding.tenant, id_slice(deciding.document),
                     &deciding.document_key));
    *ret_deciding = deciding;
    return ERR_OK;
}

static void outcome_fail(Outcome *outcome, Err err, const char *text)
{
    outcome->err = err;
    (void)snprintf(outcome->err_text, sizeof outcome->err_text, "%s", text);
}

static Err outcome_add(Cx *cx, Outcome *outcome, Slice invoice, Slice code, Slice number,
                       Relation relation)
{
    size_t size = (outcome->invoice_count + 1) * sizeof *outcome->invoices;
    OutcomeInvoice *grown = realloc(outcome->invoices, size); // owned: by the outcome's receiver
    if (grown == NULL) return err_set(cx, ERR_LIMIT, "out of memory");
    outcome->invoices = grown;
    OutcomeInvoice *added = &grown[outcome->invoice_count++];
    *added = (OutcomeInvoice){.relation = relation};
    memcpy(added->invoice, invoice.data, COMMIT_ID_SIZE);
    (void)snprintf(added->code, sizeof added->code, SLICE_FMT, SLICE_ARG(code));
    (void)snprintf(added->number, sizeof added->number, SLICE_FMT, SLICE_ARG(number));
    return ERR_OK;
}

// Decided before: the answer is what was decided.
static Err answer_again(Cx *cx, Db *db, const Deciding *deciding, Outcome *outcome)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT c.invoice, i.code, i.number, c.relation FROM carrier c "
                 "JOIN invoice i ON i.tenant = c.tenant AND i.id = c.invoice "
                 "WHERE c.tenant = $1 AND c.document = $2 ORDER BY c.ordinal",
                 DB_VALUES(db_text(deciding->tenant), db_blob(id_slice(deciding->document))),
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Relation relation = RELATION_NEW;
        (void)commit_relation_of(db_col_text(rows, 3), &relation);
        TRY(outcome_add(cx, outcome, db_col_blob(rows, 0), db_col_text(rows, 1),
                        db_col_text(rows, 2), relation));
    }
}

typedef struct Standing {
    bool found, done;
    DocState state;
    Reason reason;
    char reference[COMMIT_REFERENCE_SIZE];
} Standing;

static Err find_standing(Cx *cx, Db *db, const Deciding *deciding, Standing *ret_standing)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT state, reason, done_ms, reference FROM document_state "
                 "WHERE tenant = $1 AND document = $2",
                 DB_VALUES(db_text(deciding->tenant), db_blob(id_slice(deciding->document))),
                 &rows));
    Standing standing = {};
    TRY(db_next(cx, rows, &standing.found));
    if (standing.found) {
        if (!commit_state_of(db_col_text(rows, 0), &standing.state))
            return err_set(cx, ERR_CORRUPT, "a document's state is unknown");
        (void)reason_of_code(db_col_text(rows, 1), &standing.reason);
        standing.done = !db_col_null(rows, 2);
        (void)snprintf(standing.reference, sizeof standing.reference, SLICE_FMT,
                       SLICE_ARG(db_col_text(rows, 3)));
    }
    *ret_standing = standing;
    return ERR_OK;
}

// What the events of one decision share.
typedef struct Run {
    EventLog *log;
    Db *db;
    uint64_t time_ms;
    Deciding *deciding;
    Slice reference;
} Run;

static Err append(Cx *cx, const Run *run, Event event)
{
    Deciding *deciding = run->deciding;
    event.tenant = deciding->tenant;
    event.actor = deciding->actor;
    event.source = deciding->source;
    event.time_ms = run->time_ms;
    event.document = id_slice(deciding->document);
    event.body.document = base64_hex(cx, event.document);
    event.body.reference = run->reference;
    EventMark *mark = deciding->mark.sequence == 0 ? &deciding->mark : &deciding->last;
    TRY(event_log_append(cx, run->log, run->db, &event, mark));
    deciding->outcome.sequence = mark->sequence;
    return ERR_OK;
}

// An event of the document itself.
static Err append_own(Cx *cx, const Run *run, EventType type, Slice reason)
{
    Deciding *deciding = run->deciding;
    bool read = type == EVENT_QUARANTINED;
    return append(
        cx, run,
        (Event){.type = type,
                .subject = id_slice(deciding->document),
                .key = &deciding->document_key,
                .body = {.media = read ? slice_of(reading_media_name(deciding->media)) : SLICE(""),
                         .reason = reason}});
}

static Err append_unpacked(Cx *cx, const Run *run)
{
    Deciding *deciding = run->deciding;
    return append(cx, run,
                  (Event){.type = EVENT_UNPACKED,
                          .subject = id_slice(deciding->document),
                          .key = &deciding->document_key,
                          .body = {.entries = cx_printf(cx, "%zu", deciding->entries),
                                   .media = slice_of(reading_media_name(deciding->media)),
                                   .skipped = cx_printf(cx, "%zu", deciding->skipped),
                                   .skipped_names = deciding->skipped_names}});
}

// A container is unpacked when every one of its entries is a document.
static Err run_unpacked(Cx *cx, const Run *run)
{
    Deciding *deciding = run->deciding;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(
        cx, run->db, "SELECT COUNT(*) FROM document_entry WHERE tenant = $1 AND container = $2",
        DB_VALUES(db_text(deciding->tenant), db_blob(id_slice(deciding->document))), &rows));
    TRY(db_next(cx, rows, &row));
    int64_t there = row ? db_col_int(rows, 0) : 0;
    if (there != (int64_t)deciding->entries) {
        outcome_fail(&deciding->outcome, ERR_CONFLICT, "not all of its files are there");
        return ERR_OK;
    }
    deciding->outcome.state = DOC_UNPACKED;
    return append_unpacked(cx, run);
}

// An invoice under the same number.
typedef struct Candidate {
    uint8_t invoice[COMMIT_ID_SIZE];
    JoinFields fields; // as all texts here in the arena
    JoinNames names;
    int64_t basis;
    bool conflict;
    bool same; // the one that the reading joins is this one, too
    unsigned differs;
} Candidate;

#define CANDIDATES_ROOM 16 // at first; doubled

static Err read_candidate(Cx *cx, DbRows *rows, const DecidingDraft *draft, Candidate *ret)
{
    Slice id = db_col_blob(rows, 0);
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "an invoice's id is damaged");
    memcpy(ret->invoice, id.data, COMMIT_ID_SIZE);
    TRY(cx_copy(cx, db_col_text(rows, 1), &ret->fields.date));
    for (int i = 0; i < 3; i++) {
        ret->fields.known[i] = !db_col_null(rows, 2 + i);
        ret->fields.fen[i] = db_col_int(rows, 2 + i);
    }
    TRY(cx_copy(cx, db_col_text(rows, 5), &ret->fields.seller_tax_id));
    TRY(cx_copy(cx, db_col_text(rows, 6), &ret->fields.buyer_tax_id));
    ret->basis = db_col_int(rows, 7);
    ret->conflict = db_col_int(rows, 8) != 0;
    ret->differs = join_differs(&ret->fields, &draft->fields);
    Slice code, number, digital;
    TRY(cx_copy(cx, db_col_text(rows, 9), &code));
    TRY(cx_copy(cx, db_col_text(rows, 10), &number));
    TRY(cx_copy(cx, db_col_text(rows, 11), &digital));
    ret->names = join_named(code, number, digital);
    return ERR_OK;
}

static JoinNames names_of(const DecidingDraft *draft)
{
    return join_named(draft->draft.code, draft->draft.number, draft->draft.digital_number);
}

// Nearly every number is a new one: that is one look into one index.
static Err is_known(Cx *cx, const Run *run, const DecidingDraft *draft, bool *ret_known)
{
    *ret_known = false;
    for (size_t i = 0; i < draft->identity_count && !*ret_known; i++) {
        const JoinIdentity *identity = &draft->identities[i];
        AUTO_ROWS DbRows *rows = NULL;
        TRY(db_query(cx, run->db,
                     "SELECT 1 FROM identity WHERE tenant = $1 AND scheme = $2 AND tag = $3",
                     DB_VALUES(db_text(run->deciding->tenant), db_text(identity->scheme),
                               db_blob(digest_slice(&identity->tag))),
                     &rows));
        TRY(db_next(cx, rows, ret_known));
    }
    return ERR_OK;
}

static Err find_candidates(Cx *cx, const Run *run, const DecidingDraft *draft,
                           Candidate **ret_candidates, size_t *ret_count)
{
    bool known = false;
    TRY(is_known(cx, run, draft, &known));
    *ret_candidates = NULL;
    *ret_count = 0;
    if (!known) return ERR_OK;
    // IN, not a join with identity: so it is a look-up by two keys, however many invoices there
    // are.
    static const char *const sql =
        "SELECT i.id, i.issue_date, i.amount, i.tax, i.total, s.tax_id, b.tax_id, "
        "i.basis, i.conflict, i.code, i.number, i.digital_number FROM invoice i "
        "JOIN party s ON s.tenant = i.tenant AND s.id = i.seller "
        "JOIN party b ON b.tenant = i.tenant AND b.id = i.buyer "
        "WHERE i.tenant = $1 AND i.id IN ("
        "SELECT invoice FROM identity WHERE tenant = $1 AND scheme = $2 AND tag = $3 UNION "
        "SELECT invoice FROM identity WHERE tenant = $1 AND scheme = $4 AND tag = $5) "
        "ORDER BY i.id";
    const JoinIdentity *one = &draft->identities[0];
    const JoinIdentity *two = &draft->identities[draft->identity_count - 1];
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, run->db, sql,
                 DB_VALUES(db_text(run->deciding->tenant), db_text(one->scheme),
                           db_blob(digest_slice(&one->tag)), db_text(two->scheme),
                           db_blob(digest_slice(&two->tag))),
                 &rows));
    Candidate *all = NULL;
    size_t count = 0, room = 0;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (count == room) {
            room = room == 0 ? CANDIDATES_ROOM : room * 2;
            Candidate *grown = arena_try_array(&cx->arena, room, sizeof *all);
            if (grown == NULL) return err_set(cx, ERR_LIMIT, "too many invoices of one number");
            if (count > 0) memcpy(grown, all, count * sizeof *all);
            all = grown;
        }
        all[count] = (Candidate){};
        TRY(read_candidate(cx, rows, draft, &all[count]));
        // What came to one of them by a name that weaker evidence gave it is not of that name.
        const JoinNames names = names_of(draft);
        if (join_shares_name(&all[count].names, &names)) count++;
    }
    *ret_candidates = all;
    *ret_count = count;
    return ERR_OK;
}

// The strongest, the oldest among equals: with `fitting`, of those that do not contradict, else of
// those that do.
static const Candidate *best(const Candidate *all, size_t count, bool fitting)
{
    const Candidate *found = NULL;
    for (size_t i = 0; i < count; i++)
        if ((all[i].differs == 0) == fitting && (found == NULL || all[i].basis < found->basis))
            found = &all[i];
    return found;
}

// Whether `one`, which contradicts neither the reading nor what that joins, is the same invoice.
static bool is_same(const DecidingDraft *draft, const Candidate *joined, const Candidate *one)
{
    const JoinNames names = names_of(draft);
    const Candidate *const both[] = {joined, one};
    for (size_t i = 0; i < 2; i++) {
        bool weaker = (int64_t)draft->basis > both[i]->basis;
        if (join_names_differ(&both[i]->names, &names)) return false;
        // Nothing weaker gives an invoice another name (publish/merge.h).
        if (weaker && slice_empty(both[i]->names.number)) return false;
    }
    return true;
}

// Which of the others are the same invoice as `joined`, and which contradict it though the reading
// itself does not: it may know less than they do. Those that are flagged did so before.
static void weigh_others(const DecidingDraft *draft, const Candidate *joined, Candidate *all,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Candidate *one = &all[i];
        if (one == joined || one->differs != 0) continue;
        unsigned differs = join_differs(&joined->fields, &one->fields);
        for (size_t j = 0; j < i; j++)
            if (all[j].same) differs |= join_differs(&all[j].fields, &one->fields);
        one->same = differs == 0 && is_same(draft, joined, one);
        if (!one->conflict) one->differs = differs;
    }
}

static Err write_identities(Cx *cx, const Run *run, const DecidingDraft *draft, Slice invoice,
                            bool is_new)
{
    for (size_t i = 0; i < draft->identity_count; i++)
        // Not ON CONFLICT: the guard refuses a row whose key is there before it comes to that.
        TRY(db_run(cx, run->db,
                   is_new ? "INSERT INTO identity (tenant, scheme, tag, invoice, time_ms) "
                            "VALUES ($1, $2, $3, $4, $5)"
                          : "INSERT INTO identity (tenant, scheme, tag, invoice, time_ms) "
                            "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM identity "
                            "WHERE tenant = $1 AND scheme = $2 AND tag = $3 AND invoice = $4)",
                   DB_VALUES(db_text(run->deciding->tenant), db_text(draft->identities[i].scheme),
                             db_blob(digest_slice(&draft->identities[i].tag)), db_blob(invoice),
                             db_int((int64_t)run->time_ms)),
                   NULL));
    return ERR_OK;
}

static Err write_reading(Cx *cx, const Run *run, const DecidingDraft *draft, Slice invoice)
{
    const Deciding *deciding = run->deciding;
    return db_run(cx, run->db,
                  "INSERT INTO reading (tenant, id, document, ordinal, reader, invoice, basis, "
                  "content, time_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_VALUES(db_text(deciding->tenant), db_blob(id_slice(draft->reading)),
                            db_blob(id_slice(deciding->document)), db_int(draft->ordinal),
                            db_text(SLICE(READING_VERSION)), db_blob(invoice),
                            db_int((int64_t)draft->basis), db_blob(draft->sealed),
                            db_int((int64_t)run->time_ms)),
                  NULL);
}

// The newcomer is flagged once.
static Err append_own_conflict(Cx *cx, const Run *run, const DecidingDraft *draft,
                               const Candidate *against)
{
    return append(cx, run,
                  (Event){.type = EVENT_CONFLICT,
                          .subject = id_slice(draft->invoice),
                          .key = &draft->key,
                          .body = {.differs = join_names(cx, against->differs),
                                   .other = base64_hex(cx, id_slice(against->invoice))}});
}

// Events of another invoice than the reading's own. Of an erased one there is nothing left to say.
static Err append_of(Cx *cx, const Run *run, const Candidate *one, Event event)
{
    AeadKey key;
    Err err = store_key_find(cx, run->log->store, run->db, run->deciding->tenant,
                             id_slice(one->invoice), &key);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    event.subject = id_slice(one->invoice);
    event.key = &key;
    return append(cx, run, event);
}

// The others are flagged, too, unless they are already.
static Err append_conflicts(Cx *cx, const Run *run, const uint8_t *invoice, const Candidate *all,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].conflict || all[i].differs == 0) continue;
        TRY(append_of(cx, run, &all[i],
                      (Event){.type = EVENT_CONFLICT,
                              .body = {.differs = join_names(cx, all[i].differs),
                                       .other = base64_hex(cx, id_slice(invoice))}}));
    }
    return ERR_OK;
}

static Err append_merged(Cx *cx, const Run *run, const Candidate *joined, const Candidate *all,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!all[i].same) continue;
        TRY(append_of(cx, run, &all[i],
                      (Event){.type = EVENT_MERGED,
                              .body = {.other = base64_hex(cx, id_slice(joined->invoice))}}));
    }
    return ERR_OK;
}

static Err run_draft(Cx *cx, const Run *run, DecidingDraft *draft)
{
    Deciding *deciding = run->deciding;
    Candidate *all = NULL;
    size_t count = 0;
    TRY(find_candidates(cx, run, draft, &all, &count));
    const Candidate *joined = best(all, count, true);
    if (joined != NULL) weigh_others(draft, joined, all, count);
    const Candidate *against = best(all, count, false);
    Relation relation = joined != NULL    ? RELATION_CARRIER
                        : against != NULL ? RELATION_VARIANT
                                          : RELATION_NEW;
    AeadKey key = draft->key;
    Slice invoice = id_slice(joined != NULL ? joined->invoice : draft->invoice);
    if (joined != NULL)
        TRY(store_key_find(cx, run->log->store, run->db, deciding->tenant, invoice, &key));
    else
        TRY(store_key_put(cx, run->db, deciding->tenant, invoice, draft->wrapped));
    TRY(write_identities(cx, run, draft, invoice, joined == NULL));
    TRY(write_reading(cx, run, draft, invoice));

    if (!draft->sm3_known) draft->sm3 = digest_of(DIGEST_SM3, draft->canonical);
    draft->sm3_known = true;
    Event event = {.type = joined != NULL ? EVENT_CARRIER : EVENT_ACCEPTED,
                   .subject = invoice,
                   .key = &key,
                   .first = joined == NULL,
                   .may_wait = joined == NULL,
                   .draft = &draft->draft,
                   .draft_json = draft->canonical,
                   .reading = id_slice(draft->reading),
                   .ordinal = draft->ordinal,
                   .basis = draft->basis};
    event.body.basis = slice_of(verdict_basis_name(draft->basis));
    event.body.media = slice_of(reading_media_name(deciding->media));
    event.body.ordinal = cx_printf(cx, "%d", draft->ordinal);
    event.body.reader = SLICE(READING_VERSION);
    event.body.reading = base64_hex(cx, event.reading);
    event.body.reading_sha256 = base64_hex(cx, digest_slice(&draft->sha256));
    event.body.reading_sm3 = base64_hex(cx, digest_slice(&draft->sm3));
    event.body.relation = slice_of(commit_relation_name(relation));
    if (against != NULL) {
        event.body.other = base64_hex(cx, id_slice(against->invoice));
        event.body.differs = join_names(cx, against->differs);
        deciding->outcome.state = DOC_CONFLICT;
    }
    TRY(append(cx, run, event));
    if (relation == RELATION_VARIANT) TRY(append_own_conflict(cx, run, draft, against));
    const uint8_t *own = joined != NULL ? joined->invoice : draft->invoice;
    TRY(append_conflicts(cx, run, own, all, count));
    if (joined != NULL) TRY(append_merged(cx, run, joined, all, count));
    return outcome_add(cx, &deciding->outcome, invoice, draft->draft.code, draft->draft.number,
                       relation);
}

static Err run_release(Cx *cx, const Run *run, const Standing *standing)
{
    Outcome *outcome = &run->deciding->outcome;
    if (standing->state != DOC_QUARANTINED) {
        outcome_fail(outcome, ERR_CONFLICT, "only a document in quarantine can be read again");
        return ERR_OK;
    }
    outcome->state = DOC_RECEIVED;
    return append_own(cx, run, EVENT_RELEASED, SLICE(""));
}

Err decide_run(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Deciding *deciding)
{
    free(deciding->outcome.invoices); // of an attempt that failed
    deciding->outcome = (Outcome){.state = DOC_ACCEPTED};
    deciding->mark = (EventMark){};
    Outcome *outcome = &deciding->outcome;
    Standing standing = {};
    TRY(find_standing(cx, db, deciding, &standing));
    if (!standing.found) {
        outcome_fail(outcome, ERR_MISSING, "there is no such document");
        return ERR_OK;
    }
    Run run = {.log = log,
               .db = db,
               .time_ms = time_ms,
               .deciding = deciding,
               .reference = slice_of(standing.reference)};
    if (deciding->release) return run_release(cx, &run, &standing);
    if (standing.done) {
        outcome->state = standing.state;
        outcome->reason = standing.reason;
        return answer_again(cx, db, deciding, outcome);
    }
    if (deciding->entries > 0) return run_unpacked(cx, &run);
    if (deciding->draft_count == 0) {
        outcome->state = DOC_QUARANTINED;
        outcome->reason = deciding->reason;
        return append_own(cx, &run, EVENT_QUARANTINED,
                          slice_of(reason_row(deciding->reason)->code));
    }
    for (size_t i = 0; i < deciding->draft_count; i++)
        TRY(run_draft(cx, &run, &deciding->drafts[i]));
    return ERR_OK;
}
