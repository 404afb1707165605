#include "commit/decide.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "commit/candidate.h"
#include "commit/uuid7.h"

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
                 DB_VALUES(db_text(deciding->tenant), db_blob(uuid7_slice(deciding->document))),
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
                 DB_VALUES(db_text(deciding->tenant), db_blob(uuid7_slice(deciding->document))),
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
    event.document = uuid7_slice(deciding->document);
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
                .subject = uuid7_slice(deciding->document),
                .key = &deciding->document_key,
                .body = {.media = read ? slice_of(reading_media_name(deciding->media)) : SLICE(""),
                         .reason = reason}});
}

static Err append_unpacked(Cx *cx, const Run *run)
{
    Deciding *deciding = run->deciding;
    return append(cx, run,
                  (Event){.type = EVENT_UNPACKED,
                          .subject = uuid7_slice(deciding->document),
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
        DB_VALUES(db_text(deciding->tenant), db_blob(uuid7_slice(deciding->document))), &rows));
    TRY(db_next(cx, rows, &row));
    int64_t there = row ? db_col_int(rows, 0) : 0;
    if (there != (int64_t)deciding->entries) {
        outcome_fail(&deciding->outcome, ERR_CONFLICT, "not all of its files are there");
        return ERR_OK;
    }
    deciding->outcome.state = DOC_UNPACKED;
    return append_unpacked(cx, run);
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
                  DB_VALUES(db_text(deciding->tenant), db_blob(uuid7_slice(draft->reading)),
                            db_blob(uuid7_slice(deciding->document)), db_int(draft->ordinal),
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
                          .subject = uuid7_slice(draft->invoice),
                          .key = &draft->key,
                          .body = {.differs = join_names(cx, against->differs),
                                   .other = base64_hex(cx, uuid7_slice(against->invoice))}});
}

// Events of another invoice than the reading's own. Of an erased one there is nothing left to say.
static Err append_of(Cx *cx, const Run *run, const Candidate *one, Event event)
{
    AeadKey key;
    Err err = store_key_find(cx, run->log->store, run->db, run->deciding->tenant,
                             uuid7_slice(one->invoice), &key);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    event.subject = uuid7_slice(one->invoice);
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
                                       .other = base64_hex(cx, uuid7_slice(invoice))}}));
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
                              .body = {.other = base64_hex(cx, uuid7_slice(joined->invoice))}}));
    }
    return ERR_OK;
}

static Err run_draft(Cx *cx, const Run *run, DecidingDraft *draft)
{
    Deciding *deciding = run->deciding;
    Candidate *all = NULL;
    size_t count = 0;
    TRY(candidate_find(cx, run->db, deciding->tenant, draft, &all, &count));
    const Candidate *joined = candidate_best(all, count, true);
    if (joined != NULL) candidate_weigh(draft, joined, all, count);
    const Candidate *against = candidate_best(all, count, false);
    Relation relation = joined != NULL    ? RELATION_CARRIER
                        : against != NULL ? RELATION_VARIANT
                                          : RELATION_NEW;
    AeadKey key = draft->key;
    Slice invoice = uuid7_slice(joined != NULL ? joined->invoice : draft->invoice);
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
                   .reading = uuid7_slice(draft->reading),
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
        event.body.other = base64_hex(cx, uuid7_slice(against->invoice));
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
