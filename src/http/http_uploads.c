#include "http/http_uploads.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "desk/invoice/document/refusal.h"
#include "http/arriving.h"
#include "http/http_audit.h"
#include "http/http_parts.h"

#define TUS_VERSION "1.0.0"

static void common(Call *call)
{
    exchange_set(call->exchange, "Tus-Resumable", SLICE(TUS_VERSION));
}

// Every request but OPTIONS names the version (tus 1.0.0, "Tus-Resumable").
static bool right_version(Call *call)
{
    common(call);
    if (slice_equal(exchange_get(call->exchange, "Tus-Resumable"), SLICE(TUS_VERSION))) return true;
    exchange_set(call->exchange, "Tus-Version", SLICE(TUS_VERSION));
    call_problem(call, HTTP_PROBLEM_TUS_VERSION, SLICE(""));
    return false;
}

// "Sat, 21 Nov 2026 10:30:00 GMT" (RFC 9110 §5.6.7).
static Slice http_time(Cx *cx, uint64_t ms)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; // 1970-01-01 was a Thursday
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int32_t day = (int32_t)(ms / DATE_MS_PER_DAY);
    Date date = date_of_days(day);
    int second = (int)(ms % DATE_MS_PER_DAY / 1000);
    return cx_printf(cx, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + day % 7 * 3, date.day,
                     months + (date.month - 1) * 3, date.year, second / 3600, second / 60 % 60,
                     second % 60);
}

static void say_where(Call *call, const UploadsState *state)
{
    Cx *cx = call->cx;
    Exchange *exchange = call->exchange;
    exchange_set(exchange, "Upload-Offset",
                 cx_printf(cx, "%llu", (unsigned long long)state->offset));
    Slice expires = http_time(cx, state->expires_ms);
    exchange_set(exchange, "Upload-Expires", expires);
    if (state->reference.size > 0) exchange_set(exchange, "Fapiao-Reference", state->reference);
}

Err http_uploads_options(Call *call)
{
    common(call);
    exchange_set(call->exchange, "Allow", SLICE("POST, OPTIONS"));
    exchange_set(call->exchange, "Tus-Version", SLICE(TUS_VERSION));
    exchange_set(call->exchange, "Tus-Extension", SLICE("creation,termination,expiration"));
    exchange_set(call->exchange, "Tus-Max-Size", cx_printf(call->cx, "%zu", LIMIT_DOCUMENT_BYTES));
    call_empty(call, 204);
    return ERR_OK;
}

// Upload-Metadata: "filename 5Y+R56Wo,idempotency_key YWJj": names and base64 values.
static Err read_metadata(Cx *cx, Slice metadata, UploadsState *wanted)
{
    Slice rest = metadata, pair;
    bool done = false;
    while (slice_cut(&rest, ',', &done, &pair)) {
        Slice value = slice_trim(pair), name, bytes;
        bool end = false;
        if (!slice_cut(&value, ' ', &end, &name)) continue;
        if (base64_decode(cx, slice_trim(value), false, &bytes) != ERR_OK)
            return err_set(cx, ERR_INPUT, "upload_metadata: is no base64");
        if (slice_equal(name, SLICE("filename"))) wanted->file_name = bytes;
        if (slice_equal(name, SLICE("idempotency_key"))) wanted->idempotency = bytes;
    }
    return ERR_OK;
}

static void note_refusal(Call *call, Reason reason, uint64_t size)
{
    refusal_note(call->cx, flow_committer(call->http->flow), call->actor.tenant, SLICE("http"),
                 reason, size);
}

// What the last chunk shall be held for goes with the address: a tus client sends the chunks to
// where it was told, and asks there when it goes on later, and can't be taught to say more.
static Slice place_of(Call *call, Slice id)
{
    static const char *const waits[] = {[ARRIVING_WAIT_RECEIPT] = "",
                                        [ARRIVING_WAIT_OUTCOME] = "?wait=outcome",
                                        [ARRIVING_WAIT_PROOF] = "?wait=proof"};
    return cx_printf(call->cx, "/api/v1/uploads/" SLICE_FMT "%s", SLICE_ARG(id),
                     waits[arriving_wait(call)]);
}

// A header that has to be there, and a number.
static Err number_of(Call *call, const char *header, const char *field, uint64_t *ret_number)
{
    Slice text = exchange_get(call->exchange, header);
    if (slice_u64(text, ret_number)) return ERR_OK;
    return err_set(call->cx, ERR_INPUT, "%s: %s", field,
                   text.size > 0 ? "is no number" : "is required");
}

Err http_uploads_create(Call *call)
{
    Cx *cx = call->cx;
    if (!right_version(call)) return ERR_OK;
    UploadsState wanted = {.file_name = SLICE(""), .idempotency = SLICE("")};
    TRY(number_of(call, "Upload-Length", "upload_length", &wanted.length));
    if (exchange_body(call->exchange).size > 0)
        return err_set(cx, ERR_INPUT, "bytes are sent with PATCH");
    if (wanted.length == 0) {
        note_refusal(call, REASON_EMPTY, 0);
        call_problem(call, HTTP_PROBLEM_EMPTY, SLICE(""));
        return ERR_OK;
    }
    TRY(read_metadata(cx, exchange_get(call->exchange, "Upload-Metadata"), &wanted));
    Slice id;
    Err err = uploads_create(cx, call->http->uploads, call->actor.tenant, &wanted, &id);
    if (err == ERR_LIMIT) {
        bool large = wanted.length > LIMIT_DOCUMENT_BYTES;
        note_refusal(call, large ? REASON_TOO_LARGE : REASON_NO_ROOM, wanted.length);
        call_problem(call, large ? HTTP_PROBLEM_TOO_LARGE : HTTP_PROBLEM_NO_ROOM, err_text(cx));
        return ERR_OK;
    }
    if (err == ERR_CONFLICT) {
        call_problem(call, HTTP_PROBLEM_BUSY, err_text(cx));
        return ERR_OK;
    }
    TRY(err);
    exchange_set(call->exchange, "Location", place_of(call, id));
    wanted.offset = 0;
    wanted.expires_ms = cx_now_ms(cx) + UPLOADS_LIFE_MS;
    say_where(call, &wanted);
    call_empty(call, 201);
    return ERR_OK;
}

// On the loop's thread: the document has its reference (or a problem stands in the call).
static void handed_in(Call *call)
{
    if (call->is_problem) return;
    // Small and rare: a line of text. Should it fail, the key keeps the document from doubling.
    Err err = uploads_finish(call->cx, call->http->uploads, call->actor.tenant, call->parameters[0],
                             call->reference);
    (void)err;
    call_empty(call, exchange_method(call->exchange) == METHOD_HEAD ? 200 : 204);
}

// Whole: handed in like any document. The upload's own id is its key where the caller gave none,
// so that a repeated last chunk, or a crash before the answer, never makes two of it.
static Err hand_in(Call *call, const UploadsState *state)
{
    Cx *cx = call->cx;
    Slice bytes;
    TRY(uploads_bytes(cx, call->http->uploads, call->actor.tenant, call->parameters[0], &bytes));
    Arrival arrival = {.tenant = call->actor.tenant,
                       .actor = call->actor.name,
                       .source = SLICE("http"),
                       .file_name = state->file_name,
                       .idempotency = state->idempotency,
                       .bytes = bytes};
    if (arrival.idempotency.size == 0)
        arrival.idempotency = cx_printf(cx, "tus:" SLICE_FMT, SLICE_ARG(call->parameters[0]));
    call->then = handed_in;
    return arriving_start(call, &arrival, arriving_wait(call));
}

Err http_uploads_head(Call *call)
{
    if (!right_version(call)) return ERR_OK;
    UploadsState state;
    TRY(uploads_find(call->cx, call->http->uploads, call->actor.tenant, call->parameters[0],
                     &state));
    say_where(call, &state);
    exchange_set(call->exchange, "Upload-Length",
                 cx_printf(call->cx, "%llu", (unsigned long long)state.length));
    call_empty(call, 200);
    if (state.offset < state.length || state.reference.size > 0) return ERR_OK;
    // It was whole when the server went down: its reference is due.
    return hand_in(call, &state);
}

Err http_uploads_patch(Call *call)
{
    Cx *cx = call->cx;
    Slice body = exchange_body(call->exchange);
    uint64_t offset = 0;
    if (!right_version(call)) return ERR_OK;
    if (!slice_equal_nocase(exchange_get(call->exchange, "Content-Type"),
                            SLICE("application/offset+octet-stream"))) {
        call_problem(call, HTTP_PROBLEM_MEDIA_TYPE,
                     SLICE("application/offset+octet-stream is expected"));
        return ERR_OK;
    }
    TRY(number_of(call, "Upload-Offset", "upload_offset", &offset));
    if (body.size > LIMIT_TUS_CHUNK_BYTES)
        return err_set(cx, ERR_LIMIT, "a chunk is at most %zu bytes", LIMIT_TUS_CHUNK_BYTES);
    UploadsState state;
    TRY(uploads_find(cx, call->http->uploads, call->actor.tenant, call->parameters[0], &state));
    Err err = ERR_OK;
    if (state.reference.size == 0 && offset == state.offset &&
        body.size > state.length - state.offset)
        return err_set(cx, ERR_LIMIT, "more than the %llu bytes that were announced",
                       (unsigned long long)state.length);
    if (state.reference.size == 0)
        err = uploads_append(cx, call->http->uploads, call->actor.tenant, call->parameters[0],
                             offset, body, &state);
    else if (offset != state.offset || body.size > 0)
        err = err_set(cx, ERR_CONFLICT, "the upload is whole");
    if (err == ERR_CONFLICT) {
        call_problem(call, HTTP_PROBLEM_OFFSET, err_text(cx));
        return ERR_OK;
    }
    if (err == ERR_LIMIT) { // nothing is refused yet: the upload can go on once there is room
        call_problem(call, HTTP_PROBLEM_NO_ROOM, SLICE(""));
        return ERR_OK;
    }
    if (err != ERR_OK) return err;
    say_where(call, &state);
    call_empty(call, 204);
    if (state.offset < state.length || state.reference.size > 0) return ERR_OK;
    return hand_in(call, &state);
}

Err http_uploads_delete(Call *call)
{
    if (!right_version(call)) return ERR_OK;
    const AuditNote note = http_audit_note(call, "upload.cancel", "upload", call->parameters[0]);
    TRY(http_audit_wrote(
        call, &note,
        uploads_remove(call->cx, call->http->uploads, call->actor.tenant, call->parameters[0])));
    call_empty(call, 204);
    return ERR_OK;
}
