#include "http/http_documents.h"

#include "base/limits.h"
#include "desk/invoice/document/container.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_print.h"
#include "desk/invoice/document/refusal.h"
#include "http/arriving.h"
#include "http/http_parts.h"
#include "http/multipart.h"

// A form field that was left empty is sent, too: neither name nor bytes.
static size_t files_in(const Multipart *form)
{
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        const MultipartPart *part = &form->parts[i];
        bool file = part->is_file || slice_equal(part->name, SLICE("file"));
        if (file && (part->file_name.size > 0 || part->bytes.size > 0)) count++;
    }
    return count;
}

Err http_documents_hand_in(Call *call)
{
    Cx *cx = call->cx;
    Slice type = exchange_get(call->exchange, "Content-Type");
    if (!slice_equal_nocase(slice_sub(type, 0, 19), SLICE("multipart/form-data"))) {
        call_problem(call, HTTP_PROBLEM_MEDIA_TYPE, SLICE("multipart/form-data is expected"));
        return ERR_OK;
    }
    Multipart *form = arena_alloc(&cx->arena, sizeof *form);
    if (multipart_parse(cx, type, exchange_body(call->exchange), form) != ERR_OK) {
        call_problem(call, HTTP_PROBLEM_BAD_REQUEST, err_text(cx));
        return ERR_OK;
    }
    // One reference an answer: a second file would be lost, and its sender told that all is well.
    if (files_in(form) > 1)
        return err_set(cx, ERR_INPUT, "file: is one a request, and here are several");
    const MultipartPart *file = multipart_file(form, SLICE("file"));
    if (file == NULL) return err_set(cx, ERR_INPUT, "file: is required");
    if (file->bytes.size == 0) {
        refusal_note(call->cx, flow_committer(call->http->flow), call->actor.tenant, SLICE("http"),
                     REASON_EMPTY, 0);
        call_problem(call, HTTP_PROBLEM_EMPTY, SLICE(""));
        return ERR_OK;
    }
    Slice key = exchange_get(call->exchange, "Idempotency-Key");
    if (key.size > LIMIT_IDEMPOTENCY_BYTES)
        return err_set(cx, ERR_INPUT, "idempotency_key: is too long");
    Arrival arrival = {.tenant = call->actor.tenant,
                       .actor = call->actor.name,
                       .source = SLICE("http"),
                       .file_name = slice_sub(file->file_name, 0, LIMIT_FILE_NAME_BYTES),
                       .idempotency = key,
                       .bytes = file->bytes};
    return arriving_start(call, &arrival, arriving_wait(call));
}

Err http_documents_list(Call *call)
{
    Cx *cx = call->cx;
    DocumentList list = {.state = call_query(call, "state"),
                         .day = call_query(call, "day"),
                         .cursor = call_query(call, "cursor")};
    TRY(call_query_int(call, "limit", &list.limit));
    if (list.limit == 0) list.limit = 50;
    if (list.limit > 200) return err_set(cx, ERR_INPUT, "limit: is 1 to 200");
    DocumentView *views = NULL;
    size_t count = 0;
    Slice next = SLICE(""), json;
    TRY(document_list(cx, call->db, call->actor.tenant, &list, &views, &count, &next));
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        document_print(cx, &out, &views[i]);
    json_out_end_array(&out);
    json_out_key(&out, SLICE("next_cursor"));
    if (next.size > 0)
        json_out_string(&out, next);
    else
        json_out_null(&out);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_documents_get(Call *call)
{
    Cx *cx = call->cx;
    DocumentView view;
    Slice json;
    int from = 0; // of a zip, the first entry that is shown
    TRY(call_query_int(call, "entries", &from));
    TRY(document_find(cx, call->db, call->actor.tenant, call->parameters[0], &view));
    if (from > 0)
        TRY(container_entries(cx, call->db, call->actor.tenant, from, CONTAINER_PAGE, &view));
    TRY(document_print_whole(cx, &view, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// What a browser may be told the bytes are. XML is never shown as a page.
static Slice type_of(Slice media, Slice bytes)
{
    if (slice_equal(media, SLICE("pdf"))) return SLICE("application/pdf");
    if (slice_equal(media, SLICE("ofd"))) return SLICE("application/ofd");
    if (slice_equal(media, SLICE("xml"))) return SLICE("application/xml");
    if (slice_equal(media, SLICE("zip"))) return SLICE("application/zip");
    if (!slice_equal(media, SLICE("image"))) return SLICE("application/octet-stream");
    if (slice_starts(bytes, SLICE("\x89PNG"))) return SLICE("image/png");
    if (slice_starts(bytes, SLICE("\xFF\xD8"))) return SLICE("image/jpeg");
    if (slice_starts(bytes, SLICE("GIF8"))) return SLICE("image/gif");
    if (slice_starts(bytes, SLICE("BM"))) return SLICE("image/bmp");
    if (slice_starts(bytes, SLICE("RIFF"))) return SLICE("image/webp");
    if (slice_starts(bytes, SLICE("II*")) || slice_starts(bytes, SLICE("MM")))
        return SLICE("image/tiff");
    return SLICE("application/octet-stream");
}

// RFC 6266: the name as it was, in UTF-8, and an ASCII one for those who can't.
static Slice disposition_of(Cx *cx, Slice media, Slice reference, Slice name)
{
    static const char hex[] = "0123456789ABCDEF";
    bool shown = slice_equal(media, SLICE("pdf")) || slice_equal(media, SLICE("image"));
    Text text = text_open(cx, LIMIT_FIELD_BYTES * 2);
    text_printf(&text, "%s; filename=\"" SLICE_FMT "\"", shown ? "inline" : "attachment",
                SLICE_ARG(reference));
    if (name.size > 0 && name.size <= LIMIT_FILE_NAME_BYTES / 4) {
        text_add(&text, SLICE("; filename*=UTF-8''"));
        for (size_t i = 0; i < name.size; i++) {
            unsigned char c = (unsigned char)name.data[i];
            bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
            if (!plain) text_byte(&text, '%');
            if (!plain) text_byte(&text, hex[c >> 4]);
            text_byte(&text, plain ? (char)c : hex[c & 15]);
        }
    }
    return text_so_far(&text);
}

Err http_documents_original(Call *call)
{
    Cx *cx = call->cx;
    DocumentView view;
    Slice bytes;
    TRY(document_original(cx, call->http->flow, call->actor.tenant, call->parameters[0], &bytes,
                          &view));
    call->status = 200;
    call->type = type_of(view.media, bytes);
    call->body = bytes;
    // Whatever the bytes do, they do it without scripts, forms or this site's rights.
    call->policy = SLICE("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                         "frame-ancestors 'self'");
    call->cache = SLICE("private, no-store");
    exchange_set(call->exchange, "Content-Disposition",
                 disposition_of(cx, view.media, view.reference, view.file_name));
    return ERR_OK;
}

Err http_documents_retry(Call *call)
{
    Cx *cx = call->cx;
    Slice reference = call->parameters[0], json;
    Store *store = flow_store(call->http->flow);
    Db *db = NULL;
    DocumentView view;
    if (arriving_wait(call) == ARRIVING_WAIT_OUTCOME) return arriving_retry(call, reference);
    TRY(flow_retry(cx, call->http->flow, call->actor.tenant, call->actor.name, reference, NULL,
                   NULL));
    TRY(store_take(cx, store, &db));
    Err err = document_find(cx, db, call->actor.tenant, reference, &view);
    store_give(store, db);
    TRY(err);
    TRY(document_print_whole(cx, &view, &json));
    call_json(call, 202, json);
    return ERR_OK;
}
