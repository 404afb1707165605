#include "desk/people/erasure/erasure.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "format/json/json_out.h"

#define DAY_MS  UINT64_C(86'400'000)
#define COLUMNS "tenant, id, reference, reason, asked_by, asked_ms, decided_by, decided_ms, state "

// How long a request waits for its second person, by the policy in force.
static Err wait_of(Cx *cx, Db *db, uint64_t *ret_ms)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    uint64_t days = 0;
    TRY(db_query(cx, db, "SELECT value FROM policy WHERE tenant = $1 AND name = $2",
                 DB_VALUES(db_text(SLICE("")), db_text(ERASURE_POLICY_DAYS)), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row || !slice_u64(db_col_blob(rows, 0), &days) || days == 0 ||
        days > LIMIT_ERASE_ASKED_DAYS)
        days = LIMIT_ERASE_ASKED_DAYS;
    *ret_ms = days * DAY_MS;
    return ERR_OK;
}

static Err take_row(Cx *cx, const DbRows *rows, uint64_t wait_ms, ErasureRequest *ret_request)
{
    ErasureRequest request = {.asked_ms = (uint64_t)db_col_int(rows, 5),
                              .decided_ms = (uint64_t)db_col_int(rows, 7)};
    request.expires_ms = request.asked_ms + wait_ms;
    TRY(cx_copy(cx, db_col_text(rows, 0), &request.tenant));
    TRY(cx_copy(cx, db_col_blob(rows, 1), &request.id));
    TRY(cx_copy(cx, db_col_text(rows, 2), &request.reference));
    TRY(cx_copy(cx, db_col_text(rows, 3), &request.reason));
    TRY(cx_copy(cx, db_col_text(rows, 4), &request.asked_by));
    TRY(cx_copy(cx, db_col_text(rows, 6), &request.decided_by));
    TRY(cx_copy(cx, db_col_text(rows, 8), &request.state));
    if (slice_equal(request.state, SLICE("asked")) && cx_now_ms(cx) > request.expires_ms)
        request.state = SLICE("expired");
    else if (slice_equal(request.state, SLICE("expired"))) {
        request.expires_ms = request.decided_ms;
        request.decided_ms = 0;
    }
    *ret_request = request;
    return ERR_OK;
}

static bool sees_all(const PermissionActor *actor)
{
    return actor->kind == PERMISSION_LOCAL || (actor->roles & ROLES_PLATFORM) != 0;
}

static AuditNote note_of(const PermissionActor *actor, const char *act,
                         const ErasureRequest *request)
{
    return (AuditNote){.tenant = request->tenant,
                       .actor = actor->name,
                       .source = SLICE("http"),
                       .address = actor->address,
                       .act = slice_of(act),
                       .object_kind = SLICE("document"),
                       .object = request->reference};
}

// ---- expiring ----

typedef struct Expiring {
    ErasureRequest request;
    uint64_t wait_ms;
    bool found;
} Expiring;

static Err find_expired(Cx *cx, const ErasureDesk *desk, Expiring *expiring)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    TRY(store_take(cx, desk->store, &db));
    Err err = wait_of(cx, db, &expiring->wait_ms);
    uint64_t now = cx_now_ms(cx), wait = expiring->wait_ms;
    if (err == ERR_OK)
        err = db_query(cx, db,
                       "SELECT " COLUMNS "FROM erasure_request WHERE state = 'asked' "
                       "AND asked_ms < $1 ORDER BY asked_ms, id LIMIT 1",
                       DB_VALUES(db_int((int64_t)(now > wait ? now - wait : 0))), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &expiring->found);
    if (err == ERR_OK && expiring->found) err = take_row(cx, rows, wait, &expiring->request);
    db_rows_close(rows);
    store_give(desk->store, db);
    return err;
}

// Somebody may have decided, or expired it, meanwhile: then there is nothing to say.
static Err expire_work(Cx *cx, Db *db, void *self)
{
    Expiring *expiring = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "UPDATE erasure_request SET state = 'expired', decided_ms = $3 "
               "WHERE tenant = $1 AND id = $2 AND state = 'asked'",
               DB_VALUES(db_text(expiring->request.tenant), db_blob(expiring->request.id),
                         db_int((int64_t)expiring->request.expires_ms)),
               &changed));
    if (changed == 1) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "somebody else has decided it");
}

Err erasure_expire(Cx *cx, const ErasureDesk *desk, size_t *ret_count)
{
    for (*ret_count = 0; *ret_count < LIMIT_ERASE_PAGE;) {
        Expiring expiring = {};
        TRY(find_expired(cx, desk, &expiring));
        if (!expiring.found) return ERR_OK;
        const ErasureRequest *request = &expiring.request;
        AuditNote note = {.tenant = request->tenant,
                          .actor = SLICE("system"),
                          .source = SLICE("system"),
                          .act = SLICE("erasure.expire"),
                          .object_kind = SLICE("document"),
                          .object = request->reference};
        note.after = cx_printf(
            cx, "{\"reason\":\"" SLICE_FMT "\",\"asked_by\":\"" SLICE_FMT "\",\"days\":\"%llu\"}",
            SLICE_ARG(request->reason), SLICE_ARG(request->asked_by),
            (unsigned long long)(expiring.wait_ms / DAY_MS));
        TRY(commit_wait_audited(cx, desk->committer, expire_work, &expiring, &note));
        ++*ret_count;
    }
    return ERR_OK;
}

// ---- asking ----

static Err find_document(Cx *cx, Db *db, Slice tenant, Slice reference, Slice *ret_document)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT id FROM document WHERE tenant = $1 AND reference = $2",
                 DB_VALUES(db_text(tenant), db_text(reference)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return cx_copy(cx, db_col_blob(rows, 0), ret_document);
    return err_set(cx, ERR_MISSING, "there is no document '" SLICE_FMT "'", SLICE_ARG(reference));
}

static Err check_asked(Cx *cx, Db *db, const ErasureRequest *request)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    uint64_t old = request->expires_ms - request->asked_ms, now = request->asked_ms;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM erasure_request WHERE state = 'asked' AND asked_ms >= $1 "
                 "AND tenant = $2 AND reference = $3",
                 DB_VALUES(db_int((int64_t)(now > old ? now - old : 0)), db_text(request->tenant),
                           db_text(request->reference)),
                 &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "'" SLICE_FMT "' is asked for already",
                   SLICE_ARG(request->reference));
}

static Err ask_work(Cx *cx, Db *db, void *self)
{
    ErasureRequest *request = self;
    uint64_t wait_ms = 0;
    TRY(wait_of(cx, db, &wait_ms));
    request->expires_ms = request->asked_ms + wait_ms;
    Erasure erasure = {.tenant = request->tenant, .reason = request->reason};
    TRY(find_document(cx, db, request->tenant, request->reference, &erasure.document));
    TRY(erase_may(cx, db, request->asked_ms, &erasure));
    TRY(check_asked(cx, db, request));
    return db_run(cx, db,
                  "INSERT INTO erasure_request (" COLUMNS
                  ") VALUES ($1, $2, $3, $4, $5, $6, '', 0, 'asked')",
                  DB_VALUES(db_text(request->tenant), db_blob(request->id),
                            db_text(request->reference), db_text(request->reason),
                            db_text(request->asked_by), db_int((int64_t)request->asked_ms)),
                  NULL);
}

Err erasure_ask(Cx *cx, const ErasureDesk *desk, const PermissionActor *actor, Slice reference,
                Slice reason, ErasureRequest *ret_request)
{
    TRY(permission_check(cx, actor, PERMISSION_ASK_ERASURE));
    uint8_t *id = arena_alloc(&cx->arena, COMMIT_ID_SIZE);
    uuid7_make(cx, id);
    ErasureRequest request = {.tenant = actor->tenant,
                              .id = {(const char *)id, COMMIT_ID_SIZE},
                              .reference = reference,
                              .reason = reason,
                              .asked_by = actor->name,
                              .state = SLICE("asked"),
                              .asked_ms = cx_now_ms(cx)};
    if (!erase_is_reason(reason))
        return err_set(cx, ERR_INPUT,
                       "reason: '" SLICE_FMT "' is none of court_order, personal_data, "
                       "retention_over, wrong_upload",
                       SLICE_ARG(reason));
    size_t expired = 0;
    TRY(erasure_expire(cx, desk, &expired));
    AuditNote note = note_of(actor, "erasure.ask", &request);
    note.after = cx_printf(cx, "{\"reason\":\"" SLICE_FMT "\"}", SLICE_ARG(reason));
    TRY(commit_wait_audited(cx, desk->committer, ask_work, &request, &note));
    *ret_request = request;
    return ERR_OK;
}

// ---- reading ----

Err erasure_list(Cx *cx, Db *db, const PermissionActor *actor, Slice cursor, ErasurePage *ret_page)
{
    uint8_t last[COMMIT_ID_SIZE];
    TRY(permission_check(cx, actor, PERMISSION_READ_ERASURES));
    memset(last, 0xFF, sizeof last);
    if (cursor.size > 0 && base64_unhex(cx, cursor, last, sizeof last) != ERR_OK)
        return err_set(cx, ERR_INPUT, "cursor: is none of ours");
    uint64_t wait_ms = 0;
    TRY(wait_of(cx, db, &wait_ms));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT " COLUMNS "FROM erasure_request WHERE ($1 = 1 OR tenant = $2) "
                 "AND id < $3 ORDER BY id DESC LIMIT $4",
                 DB_VALUES(db_int(sees_all(actor) ? 1 : 0), db_text(actor->tenant),
                           db_blob((Slice){(const char *)last, sizeof last}),
                           db_int((int64_t)LIMIT_ERASE_PAGE + 1)),
                 &rows));
    ErasurePage page = {.requests =
                            arena_alloc(&cx->arena, LIMIT_ERASE_PAGE * sizeof *page.requests),
                        .next = SLICE("")};
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (page.count == LIMIT_ERASE_PAGE) {
            page.next = base64_hex(cx, page.requests[page.count - 1].id);
            break;
        }
        TRY(take_row(cx, rows, wait_ms, &page.requests[page.count++]));
    }
    *ret_page = page;
    return ERR_OK;
}

// ---- deciding ----

typedef struct Deciding {
    ErasureRequest request;
    const PermissionActor *actor;
    const char *state; // that it gets
    Slice id;
    Erasure erasure;
} Deciding;

static Err find_request(Cx *cx, Db *db, Deciding *deciding)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    uint64_t wait_ms = 0;
    TRY(wait_of(cx, db, &wait_ms));
    TRY(db_query(cx, db,
                 "SELECT " COLUMNS "FROM erasure_request WHERE id = $1 AND ($2 = 1 OR tenant = $3)",
                 DB_VALUES(db_blob(deciding->id), db_int(sees_all(deciding->actor) ? 1 : 0),
                           db_text(deciding->actor->tenant)),
                 &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "nobody has asked for that");
    return take_row(cx, rows, wait_ms, &deciding->request);
}

static Err check_decision(Cx *cx, const Deciding *deciding)
{
    const ErasureRequest *request = &deciding->request;
    if (!slice_equal(request->state, SLICE("asked")))
        return err_set(cx, ERR_CONFLICT, "it is " SLICE_FMT, SLICE_ARG(request->state));
    if (slice_equal(request->asked_by, deciding->actor->name))
        return err_set(cx, ERR_DENIED, "who asked can't decide: it takes a second person");
    return ERR_OK;
}

// The row as it is now: two may decide at once.
static Err decide_work(Cx *cx, Db *db, void *self)
{
    Deciding *deciding = self;
    ErasureRequest *request = &deciding->request;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "UPDATE erasure_request SET state = $3, decided_by = $4, decided_ms = $5 "
               "WHERE tenant = $1 AND id = $2 AND state = 'asked'",
               DB_VALUES(db_text(request->tenant), db_blob(request->id),
                         db_text(slice_of(deciding->state)), db_text(request->decided_by),
                         db_int((int64_t)request->decided_ms)),
               &changed));
    if (changed == 1) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "somebody else has decided it");
}

static Err load(Cx *cx, const ErasureDesk *desk, Deciding *deciding)
{
    Db *db = NULL;
    TRY(store_take(cx, desk->store, &db));
    Err err = find_request(cx, db, deciding);
    ErasureRequest *request = &deciding->request;
    if (err == ERR_OK) err = check_decision(cx, deciding);
    if (err == ERR_OK)
        err =
            find_document(cx, db, request->tenant, request->reference, &deciding->erasure.document);
    store_give(desk->store, db);
    return err;
}

Err erasure_decide(Cx *cx, const ErasureDesk *desk, const PermissionActor *actor, Slice id,
                   bool confirm, ErasureRequest *ret_request)
{
    TRY(permission_check(cx, actor, PERMISSION_CONFIRM_ERASURE));
    uint8_t bytes[COMMIT_ID_SIZE];
    if (base64_unhex(cx, id, bytes, sizeof bytes) != ERR_OK)
        return err_set(cx, ERR_MISSING, "nobody has asked for that");
    size_t expired = 0;
    TRY(erasure_expire(cx, desk, &expired));
    Deciding deciding = {.actor = actor,
                         .state = confirm ? "confirmed" : "refused",
                         .id = {(const char *)bytes, sizeof bytes}};
    TRY(load(cx, desk, &deciding));
    ErasureRequest *request = &deciding.request;
    request->decided_by = actor->name;
    request->decided_ms = cx_now_ms(cx);
    AuditNote note = note_of(actor, confirm ? "erasure.confirm" : "erasure.refuse", request);
    note.after = cx_printf(cx, "{\"reason\":\"" SLICE_FMT "\",\"asked_by\":\"" SLICE_FMT "\"}",
                           SLICE_ARG(request->reason), SLICE_ARG(request->asked_by));
    deciding.erasure.tenant = request->tenant;
    deciding.erasure.actor = actor->name;
    deciding.erasure.source = SLICE("http");
    deciding.erasure.reason = request->reason;
    deciding.erasure.asked = request->asked_by;
    TRY(confirm ? commit_wait_erase(cx, desk->committer, &deciding.erasure, decide_work, &deciding,
                                    &note)
                : commit_wait_audited(cx, desk->committer, decide_work, &deciding, &note));
    request->state = slice_of(deciding.state);
    *ret_request = *request;
    return ERR_OK;
}

// ---- printing ----

static void print_one(Cx *cx, JsonOut *out, const ErasureRequest *request)
{
    json_out_object(out);
    json_out_pair(out, "id", base64_hex(cx, request->id));
    json_out_pair(out, "organisation", request->tenant);
    json_out_pair(out, "reference", request->reference);
    json_out_pair(out, "reason", request->reason);
    json_out_pair(out, "asked_by", request->asked_by);
    json_out_pair(out, "asked_name", request->asked_name);
    json_out_pair(out, "asked_at", date_rfc3339(cx, request->asked_ms));
    json_out_pair(out, "decided_by", request->decided_by);
    json_out_pair(out, "decided_name", request->decided_name);
    json_out_time(cx, out, "decided_at", request->decided_ms);
    bool waits = slice_equal(request->state, SLICE("asked")) ||
                 slice_equal(request->state, SLICE("expired"));
    json_out_time(cx, out, "expires_at", waits ? request->expires_ms : 0);
    json_out_pair(out, "state", request->state);
    json_out_end_object(out);
}

Err erasure_print(Cx *cx, const ErasureRequest *request, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    print_one(cx, &out, request);
    return json_out_done(cx, &out, ret_json);
}

Err erasure_print_page(Cx *cx, const ErasurePage *page, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < page->count; i++)
        print_one(cx, &out, &page->requests[i]);
    json_out_end_array(&out);
    json_out_pair(&out, "next_cursor", page->next);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}
