#include "desk/invoice/receipt/receipt.h"

#include "base/base64.h"
#include "commit/event_body.h"
#include "desk/running/watch/watch_view.h"

bool receipt_form_of(Slice name, ReceiptForm *ret_form)
{
    static const struct {
        const char *name;
        ReceiptForm form;
    } forms[] = {{"", RECEIPT_PROOF},
                 {"proof", RECEIPT_PROOF},
                 {"public", RECEIPT_PUBLIC},
                 {"promise", RECEIPT_PROMISE}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!slice_equal(slice_of(forms[i].name), name)) continue;
        *ret_form = forms[i].form;
        return true;
    }
    return false;
}

typedef struct Found {
    Slice document; // id
    DocState state;
    Slice first_reference; // of a duplicate
} Found;

static Err find_document(Cx *cx, Db *db, Slice tenant, Slice reference, Found *ret_found)
{
    Found found = {};
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT document, state, reason FROM document_state "
                 "WHERE tenant = $1 AND document = "
                 "(SELECT id FROM document WHERE tenant = $1 AND reference = $2)",
                 DB_VALUES(db_text(tenant), db_text(reference)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row)
        return err_set(cx, ERR_MISSING, "there is no document '" SLICE_FMT "'",
                       SLICE_ARG(reference));
    if (!commit_state_of(db_col_text(rows, 1), &found.state))
        return err_set(cx, ERR_CORRUPT, "a document's state is unknown");
    TRY(cx_copy(cx, db_col_blob(rows, 0), &found.document));
    TRY(cx_copy(cx, db_col_text(rows, 2), &found.first_reference));
    *ret_found = found;
    return ERR_OK;
}

// The first event of a document is "received".
static Err find_received(Cx *cx, Log *log, Db *db, Slice tenant, Slice document,
                         LogEvent *ret_event)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT sequence FROM event WHERE tenant = $1 AND subject = $2 AND follows = 0",
                 DB_VALUES(db_text(tenant), db_blob(document)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_CORRUPT, "a document has no event");
    TRY(log_event(cx, log, db, (uint64_t)db_col_int(rows, 0), ret_event));
    if (ret_event->type != EVENT_RECEIVED)
        return err_set(cx, ERR_CORRUPT, "a document's first event is of type %lld",
                       (long long)ret_event->type);
    return ERR_OK;
}

// Whether the event says that it came from this document. One that was erased says nothing.
static Err is_of(Cx *cx, Log *log, Db *db, const LogEvent *event, Slice document, bool *ret_is)
{
    ProofOpening opening;
    EventBody body;
    *ret_is = false;
    TRY(log_event_opening(cx, log, db, event, false, &opening));
    if (!opening.open) return ERR_OK;
    TRY(event_body_parse(cx, opening.canonical, &body));
    *ret_is = slice_equal(body.document, base64_hex(cx, document));
    return ERR_OK;
}

// The invoice that its first reading founded or joined, whichever it is by now, and when that was
// decided. false when there is none.
static Err find_carrier(Cx *cx, Db *db, Slice tenant, Slice document, Slice *ret_invoice,
                        int64_t *ret_ms, bool *ret_found)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT r.invoice, c.time_ms FROM carrier c "
                 "JOIN reading r ON r.tenant = c.tenant AND r.id = c.reading "
                 "WHERE c.tenant = $1 AND c.document = $2 AND c.ordinal = 0",
                 DB_VALUES(db_text(tenant), db_blob(document)), &rows));
    TRY(db_next(cx, rows, ret_found));
    if (!*ret_found) return ERR_OK;
    *ret_ms = db_col_int(rows, 1);
    return cx_copy(cx, db_col_blob(rows, 0), ret_invoice);
}

// Where the events of its decision begin: the first one about that invoice. The time narrows it
// down to those of one group; which of them it is stands in the event itself.
static Err find_first(Cx *cx, Log *log, Db *db, Slice tenant, Slice document, LogEvent *ret_event,
                      bool *ret_found)
{
    Slice invoice;
    int64_t time_ms = 0;
    bool carried = false;
    *ret_found = false;
    TRY(find_carrier(cx, db, tenant, document, &invoice, &time_ms, &carried));
    if (!carried) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT sequence FROM event WHERE tenant = $1 AND subject = $2 AND time_ms = $3 "
                 "ORDER BY follows",
                 DB_VALUES(db_text(tenant), db_blob(invoice), db_int(time_ms)), &rows));
    for (bool row = true; !*ret_found;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(log_event(cx, log, db, (uint64_t)db_col_int(rows, 0), ret_event));
        TRY(is_of(cx, log, db, ret_event, document, ret_found));
    }
    return ERR_OK;
}

// Events of one decision are written one behind the other. `wanted` from 1; *ret_count stops there.
static Err walk(Cx *cx, Log *log, Db *db, Slice document, size_t wanted, LogEvent *event,
                size_t *ret_count)
{
    for (*ret_count = 1; *ret_count < wanted;) {
        LogEvent next;
        bool same = false;
        Err err = log_event(cx, log, db, event->sequence + 1, &next);
        if (err == ERR_MISSING) return ERR_OK;
        TRY(err);
        if (next.type != EVENT_ACCEPTED && next.type != EVENT_CARRIER &&
            next.type != EVENT_CONFLICT && next.type != EVENT_MERGED)
            return ERR_OK;
        TRY(is_of(cx, log, db, &next, document, &same));
        if (!same) return ERR_OK;
        *event = next;
        (*ret_count)++;
    }
    return ERR_OK;
}

// *ret_count: how many there are, at most `wanted`; *ret_event is the last of them.
static Err find_outcome(Cx *cx, Log *log, Db *db, Slice tenant, const Found *found, size_t wanted,
                        LogEvent *ret_event, size_t *ret_count)
{
    bool there = false;
    *ret_count = 0;
    if (found->state == DOC_RECEIVED || found->state == DOC_DUPLICATE) return ERR_OK;
    if (found->state == DOC_UNPACKED) {
        *ret_count = 1;
        return log_event_newest(cx, log, db, tenant, found->document, ret_event);
    }
    if (found->state == DOC_QUARANTINED) {
        TRY(log_event_newest(cx, log, db, tenant, found->document, ret_event));
        *ret_count = ret_event->type == EVENT_QUARANTINED ? 1 : 0;
        return ERR_OK;
    }
    TRY(find_first(cx, log, db, tenant, found->document, ret_event, &there));
    if (!there) return ERR_OK;
    return walk(cx, log, db, found->document, wanted, ret_event, ret_count);
}

static Err no_outcome(Cx *cx, const Found *found, Slice reference, size_t count)
{
    if (found->state == DOC_RECEIVED)
        return err_set(cx, ERR_MISSING, "'" SLICE_FMT "' is not decided yet", SLICE_ARG(reference));
    if (found->state == DOC_DUPLICATE)
        return err_set(cx, ERR_MISSING,
                       "'" SLICE_FMT "' is the same file as '" SLICE_FMT "': ask for that one's",
                       SLICE_ARG(reference), SLICE_ARG(found->first_reference));
    return err_set(cx, ERR_MISSING, "'" SLICE_FMT "' has %zu outcomes", SLICE_ARG(reference),
                   count);
}

// "outcome" or "outcome:N"; 0 for anything else.
static size_t ordinal_of(Slice which)
{
    uint64_t number = 1;
    if (slice_equal(which, SLICE("outcome"))) return 1;
    if (!slice_starts(which, SLICE("outcome:"))) return 0;
    if (!slice_u64(slice_sub(which, 8, which.size), &number)) return 0;
    return number <= RECEIPT_OUTCOMES_MAX ? (size_t)number : 0;
}

Err receipt_find(Cx *cx, Log *log, Db *db, Slice tenant, Slice reference, Slice which,
                 LogEvent *ret_event)
{
    Found found;
    size_t wanted = ordinal_of(which), count = 0;
    bool received = which.size == 0 || slice_equal(which, SLICE("received"));
    if (!received && wanted == 0)
        return err_set(cx, ERR_INPUT, "which: is 'received', 'outcome' or 'outcome:1' to %d",
                       RECEIPT_OUTCOMES_MAX);
    TRY(find_document(cx, db, tenant, reference, &found));
    if (received) return find_received(cx, log, db, tenant, found.document, ret_event);
    LogEvent event;
    TRY(find_outcome(cx, log, db, tenant, &found, wanted, &event, &count));
    if (count < wanted) return no_outcome(cx, &found, reference, count);
    *ret_event = event;
    return ERR_OK;
}

Err receipt_outcomes(Cx *cx, Log *log, Db *db, Slice tenant, Slice reference, size_t *ret_count)
{
    Found found;
    LogEvent event;
    TRY(find_document(cx, db, tenant, reference, &found));
    return find_outcome(cx, log, db, tenant, &found, RECEIPT_OUTCOMES_MAX, &event, ret_count);
}

// One leaf under the log's own key: the same statement as the one that its group was given.
static Err print_promise(Cx *cx, Log *log, const LogEvent *event, const ProofOpening *opening,
                         Slice *ret_bytes)
{
    Leaf leaf;
    Slice extra;
    Promise *promise = NULL;
    if (!leaf_unpack(leaf_slice(&event->leaf), &leaf))
        return err_set(cx, ERR_CORRUPT, "leaf %llu is damaged",
                       (unsigned long long)event->sequence);
    TRY(proof_opening_print(cx, opening, &extra));
    TRY(promise_make(cx, log_origin(log), event->sequence - 1, leaf.time_ms, &event->leaf_hash, 1,
                     log_keys(log), log_signers(log), LOG_PROMISE_KEYS, &promise));
    Err err = promise_print(cx, promise, event->sequence - 1, extra, ret_bytes);
    promise_drop(promise);
    return err;
}

Err receipt_print(Cx *cx, Log *log, Db *db, const LogEvent *event, ReceiptKind kind,
                  Slice *ret_bytes)
{
    ProofOpening opening;
    if (kind.form == RECEIPT_PROMISE && kind.sm2)
        return err_set(cx, ERR_INPUT, "sm2: a promise has no line of its own for that");
    TRY(log_event_opening(cx, log, db, event, kind.form == RECEIPT_PUBLIC, &opening));
    if (kind.form == RECEIPT_PROMISE) return print_promise(cx, log, event, &opening, ret_bytes);
    // A checkpoint that enough witnesses have signed, before a newer one that they have not.
    WatchBrief watch;
    TRY(watch_view_brief(cx, db, &watch));
    return log_proof(cx, log, db, event, &opening,
                     (LogProofOptions){.witnesses = watch.need, .sm2 = kind.sm2}, ret_bytes);
}
