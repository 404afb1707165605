#include "cli/client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "desk/invoice/document/container.h"
#include "format/json/json_in.h"

#define FORM_MAX       (LIMIT_REQUEST_BYTES - LIMIT_MIB) // larger ones go in chunks
#define POLL_US        20'000
#define DECIDE_WAIT_MS UINT64_C(120'000)

struct Client {
    CURL *curl;
    int folder_fd;
    // A header; "" = none.
    char organisation[128];
    char socket_path[64]; // through the open folder: a socket's address is short, a path is not
};

typedef struct Incoming {
    Cx *cx;
    Text body;
    ClientReply *reply;
} Incoming;

static size_t on_body(char *data, size_t size, size_t count, void *self)
{
    Incoming *incoming = self;
    text_add(&incoming->body, (Slice){data, size * count});
    return incoming->body.full ? 0 : size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *self)
{
    Incoming *incoming = self;
    Slice value = {data, size * count}, name;
    bool done = false;
    (void)slice_cut(&value, ':', &done, &name);
    Slice *place = slice_equal_nocase(name, SLICE("Location")) ? &incoming->reply->location
                   : slice_equal_nocase(name, SLICE("Fapiao-Reference"))
                       ? &incoming->reply->reference
                       : NULL;
    if (place != NULL && cx_copy(incoming->cx, slice_trim(value), place) != ERR_OK) return 0;
    return size * count;
}

Err client_open(Cx *cx, const char *folder, Client **ret_client)
{
    int folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0 || faccessat(folder_fd, "fapiao.sock", F_OK, 0) != 0) {
        if (folder_fd >= 0) (void)close(folder_fd);
        return err_set(cx, ERR_MISSING, "no server is running on '%s'", folder);
    }
    Client *client = calloc(1, sizeof *client); // owned: until client_close
    if (client == NULL) abort();
    client->folder_fd = folder_fd;
    client->curl = curl_easy_init();
    if (client->curl == NULL) abort();
    (void)snprintf(client->socket_path, sizeof client->socket_path, "/proc/self/fd/%d/fapiao.sock",
                   folder_fd);
    ClientReply reply;
    Err err = client_ask(cx, client, "GET", "/api/v1/health", NULL, SLICE(""), &reply);
    if (err != ERR_OK || reply.status != 200) {
        client_close(client);
        return err_set(cx, ERR_MISSING, "no server answers on '%s'", folder);
    }
    *ret_client = client;
    return ERR_OK;
}

void client_close(Client *client)
{
    if (client == NULL) return;
    curl_easy_cleanup(client->curl);
    (void)close(client->folder_fd);
    free(client);
}

void client_organisation(Client *client, Slice tenant)
{
    (void)snprintf(client->organisation, sizeof client->organisation,
                   "Fapiao-Organisation: " SLICE_FMT, SLICE_ARG(tenant));
}

static void set_request(Client *client, const char *method, const char *url, Slice body,
                        struct curl_slist *list, Incoming *incoming)
{
    CURL *curl = client->curl;
    curl_easy_reset(curl);
    bool sends = strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
    (void)curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, client->socket_path);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (sends) (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    if (sends) (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (strcmp(method, "HEAD") == 0) (void)curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, incoming);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, incoming);
}

Err client_ask(Cx *cx, Client *client, const char *method, const char *target,
               const char *const *headers, Slice body, ClientReply *ret_reply)
{
    *ret_reply = (ClientReply){.location = SLICE(""), .reference = SLICE("")};
    Incoming incoming = {cx, text_open(cx, LIMIT_DOCUMENT_BYTES + LIMIT_MIB), ret_reply};
    // An answer without "100 Continue" before it: the server is here.
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    if (client->organisation[0] != '\0') list = curl_slist_append(list, client->organisation);
    for (; headers != NULL && *headers != NULL; headers++)
        list = curl_slist_append(list, *headers);
    const char *url = cx_printf(cx, "http://localhost%s", target).data;
    set_request(client, method, url, body, list, &incoming);
    CURLcode code = curl_easy_perform(client->curl);
    curl_slist_free_all(list);
    if (code != CURLE_OK)
        return err_set(cx, ERR_STORE, "the server did not answer: %s", curl_easy_strerror(code));
    long status = 0;
    (void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    ret_reply->status = (int)status;
    return text_done(cx, &incoming.body, &ret_reply->body);
}

// The server's own reason, in both languages.
static Err refused(Cx *cx, const ClientReply *reply)
{
    Err kind = reply->status == 404   ? ERR_MISSING
               : reply->status == 409 ? ERR_CONFLICT
               : reply->status == 413 ? ERR_LIMIT
               : reply->status >= 500 ? ERR_STORE
                                      : ERR_INPUT;
    JsonIn *in = NULL;
    if (json_in_open(cx, reply->body, &in) != ERR_OK)
        return err_set(cx, kind, "the server answered %d", reply->status);
    Slice zh = json_in_string(json_in_get(json_in_root(in), "detail"));
    Slice en = json_in_string(json_in_get(json_in_root(in), "detail_en"));
    Err err = err_set(cx, kind, SLICE_FMT " " SLICE_FMT, SLICE_ARG(zh), SLICE_ARG(en));
    json_in_close(in);
    return err;
}

static Err hand_in_form(Cx *cx, Client *client, Slice file_name, Slice bytes, ClientReply *reply)
{
    uint8_t random[16];
    cx_random(cx, random, sizeof random);
    Slice boundary = base64_hex(cx, (Slice){(char *)random, sizeof random}), body;
    Text text = text_open(cx, LIMIT_REQUEST_BYTES);
    text_printf(&text,
                "--" SLICE_FMT "\r\nContent-Disposition: form-data; name=\"file\"; "
                "filename=\"",
                SLICE_ARG(boundary));
    for (size_t i = 0; i < file_name.size; i++) {
        char c = file_name.data[i];
        if (c == '"' || c == '\\') text_byte(&text, '\\');
        text_byte(&text, c == '\r' || c == '\n' ? ' ' : c);
    }
    text_add(&text, SLICE("\"\r\n\r\n"));
    text_add(&text, bytes);
    text_printf(&text, "\r\n--" SLICE_FMT "--\r\n", SLICE_ARG(boundary));
    TRY(text_done(cx, &text, &body));
    const char *headers[] = {
        cx_printf(cx, "Content-Type: multipart/form-data; boundary=" SLICE_FMT, SLICE_ARG(boundary))
            .data,
        NULL};
    return client_ask(cx, client, "POST", "/api/v1/documents?wait=outcome", headers, body, reply);
}

// Nobody goes on with it: what has arrived would lie there for a day, on a disk that is full.
static Err give_up(Cx *cx, Client *client, const char *target)
{
    static const char *const headers[] = {"Tus-Resumable: 1.0.0", NULL};
    ClientReply gone;
    return client_ask(cx, client, "DELETE", target, headers, SLICE(""), &gone);
}

static Err hand_in_chunks(Cx *cx, Client *client, Slice file_name, Slice bytes, ClientReply *reply)
{
    Slice name = base64_encode(cx, file_name);
    const char *begin[] = {
        "Tus-Resumable: 1.0.0", cx_printf(cx, "Upload-Length: %zu", bytes.size).data,
        cx_printf(cx, "Upload-Metadata: filename " SLICE_FMT, SLICE_ARG(name)).data, NULL};
    TRY(client_ask(cx, client, "POST", "/api/v1/uploads?wait=outcome", begin, SLICE(""), reply));
    if (reply->status != 201) return ERR_OK;
    const char *target = NULL;
    TRY(cx_cstr(cx, reply->location, &target));
    for (size_t at = 0; at < bytes.size; at += LIMIT_TUS_CHUNK_BYTES) {
        const char *headers[] = {"Tus-Resumable: 1.0.0",
                                 "Content-Type: application/offset+octet-stream",
                                 cx_printf(cx, "Upload-Offset: %zu", at).data, NULL};
        Slice chunk = slice_sub(bytes, at, LIMIT_TUS_CHUNK_BYTES);
        TRY(client_ask(cx, client, "PATCH", target, headers, chunk, reply));
        if (reply->status != 204) return give_up(cx, client, target);
    }
    return ERR_OK;
}

Err client_document(Cx *cx, Client *client, Slice reference, uint64_t wait_ms, Slice *ret_document)
{
    uint64_t end = cx->world->steady_ms(cx->world->self) + wait_ms;
    const char *target = cx_printf(cx, "/api/v1/documents/" SLICE_FMT, SLICE_ARG(reference)).data;
    for (useconds_t pause = POLL_US;; pause = pause < 1'000'000 ? pause * 2 : pause) {
        ClientReply reply;
        DocumentView view;
        TRY(client_ask(cx, client, "GET", target, NULL, SLICE(""), &reply));
        if (reply.status != 200) return refused(cx, &reply);
        TRY(client_view(cx, reply.body, &view));
        *ret_document = reply.body;
        if (view.state != DOC_RECEIVED) return ERR_OK;
        if (cx->world->steady_ms(cx->world->self) >= end) return ERR_OK;
        (void)usleep(pause);
    }
}

// Problems of a document that is not kept have the code of its reason.
static Reason not_kept(Cx *cx, const ClientReply *reply)
{
    Reason reason = REASON_NONE;
    JsonIn *in = NULL;
    if (reply->status < 400 || json_in_open(cx, reply->body, &in) != ERR_OK) return REASON_NONE;
    bool known = reason_of_code(json_in_string(json_in_get(json_in_root(in), "code")), &reason);
    json_in_close(in);
    return known ? reason : REASON_NONE;
}

Err client_hand_in(Cx *cx, Client *client, Slice file_name, Slice bytes, Slice *ret_document,
                   Reason *ret_refused)
{
    ClientReply reply;
    if (bytes.size <= FORM_MAX)
        TRY(hand_in_form(cx, client, file_name, bytes, &reply));
    else
        TRY(hand_in_chunks(cx, client, file_name, bytes, &reply));
    *ret_document = SLICE("");
    *ret_refused = not_kept(cx, &reply);
    if (*ret_refused != REASON_NONE) return ERR_OK;
    if (reply.status < 200 || reply.status > 299) return refused(cx, &reply);
    return client_document(cx, client, reply.reference, DECIDE_WAIT_MS, ret_document);
}

static Err text_of(Cx *cx, const JsonValue *object, const char *key, Slice *ret_text)
{
    return cx_copy(cx, json_in_string(json_in_get(object, key)), ret_text);
}

static Relation relation_of(Slice name)
{
    for (int i = RELATION_NEW; i < RELATION_VARIANT; i++)
        if (slice_equal(name, slice_of(commit_relation_name((Relation)i)))) return (Relation)i;
    return RELATION_VARIANT;
}

static Err view_invoices(Cx *cx, const JsonValue *array, DocumentView *view)
{
    size_t count = 0;
    for (const JsonValue *one = json_in_first(array); one != NULL; one = json_in_next(one))
        count++;
    view->invoices = arena_try_array(&cx->arena, count + 1, sizeof *view->invoices);
    if (view->invoices == NULL) return err_set(cx, ERR_LIMIT, "too many invoices");
    for (const JsonValue *one = json_in_first(array); one != NULL; one = json_in_next(one)) {
        DocumentInvoice *invoice = &view->invoices[view->invoice_count++];
        invoice->id = SLICE("");
        invoice->relation = relation_of(json_in_string(json_in_get(one, "relation")));
        TRY(text_of(cx, one, "kind", &invoice->kind));
        TRY(text_of(cx, one, "code", &invoice->code));
        TRY(text_of(cx, one, "number", &invoice->number));
    }
    return ERR_OK;
}

static Err view_document(Cx *cx, const JsonValue *root, DocumentView *view);

// Of a zip: one page of its documents.
static Err view_entries(Cx *cx, const JsonValue *entries, DocumentView *view)
{
    const JsonValue *items = json_in_get(entries, "items");
    size_t count = 0;
    uint64_t next = 0;
    for (const JsonValue *one = json_in_first(items); one != NULL; one = json_in_next(one))
        count++;
    view->entries = arena_try_array(&cx->arena, count + 1, sizeof *view->entries);
    if (view->entries == NULL) return err_set(cx, ERR_LIMIT, "too many entries");
    for (const JsonValue *one = json_in_first(items); one != NULL; one = json_in_next(one)) {
        DocumentView *entry = &view->entries[view->entry_count++];
        *entry = (DocumentView){.id = SLICE("")};
        TRY(view_document(cx, one, entry));
    }
    if (slice_u64(json_in_string(json_in_get(entries, "next_cursor")), &next))
        view->entries_next = (int64_t)next;
    return ERR_OK;
}

static Err view_document(Cx *cx, const JsonValue *root, DocumentView *view)
{
    TRY(text_of(cx, root, "reference", &view->reference));
    TRY(text_of(cx, root, "first_reference", &view->first_reference));
    TRY(text_of(cx, root, "media", &view->media));
    TRY(text_of(cx, root, "file_name", &view->file_name));
    TRY(text_of(cx, root, "sha256", &view->sha256));
    TRY(text_of(cx, root, "source", &view->source));
    (void)json_in_int(json_in_get(root, "size"), &view->size);
    Slice reason = json_in_string(json_in_get(json_in_get(root, "reason"), "code"));
    if (!reason_of_code(reason, &view->reason)) view->reason = REASON_NONE;
    if (!commit_state_of(json_in_string(json_in_get(root, "state")), &view->state))
        return err_set(cx, ERR_INPUT, "the server's answer is no document");
    TRY(view_entries(cx, json_in_get(root, "entries"), view));
    return view_invoices(cx, json_in_get(root, "invoices"), view);
}

Err client_view(Cx *cx, Slice document, DocumentView *ret_view)
{
    JsonIn *in = NULL;
    DocumentView view = {.id = SLICE("")};
    TRY(json_in_open(cx, document, &in));
    Err err = view_document(cx, json_in_root(in), &view);
    json_in_close(in);
    if (err == ERR_OK) *ret_view = view;
    return err;
}

// The document of that reference with every one of its entries, as they stand.
static Err all_entries(Cx *cx, Client *client, Slice reference, DocumentView *ret_view)
{
    DocumentView whole = {.id = SLICE("")};
    for (int64_t from = 0;;) {
        ClientReply reply;
        DocumentView page;
        const char *target = cx_printf(cx, "/api/v1/documents/" SLICE_FMT "?entries=%lld",
                                       SLICE_ARG(reference), (long long)from)
                                 .data;
        TRY(client_ask(cx, client, "GET", target, NULL, SLICE(""), &reply));
        if (reply.status != 200) return refused(cx, &reply);
        TRY(client_view(cx, reply.body, &page));
        DocumentView *joined =
            arena_try_array(&cx->arena, whole.entry_count + page.entry_count + 1, sizeof *joined);
        if (joined == NULL) return err_set(cx, ERR_LIMIT, "too many entries");
        if (whole.entry_count > 0)
            memcpy(joined, whole.entries, whole.entry_count * sizeof *joined);
        memcpy(joined + whole.entry_count, page.entries, page.entry_count * sizeof *joined);
        page.entries = joined;
        page.entry_count += whole.entry_count;
        whole = page;
        if (whole.entries_next <= from) break;
        from = whole.entries_next;
    }
    *ret_view = whole;
    return ERR_OK;
}

static bool any_open(const DocumentView *view)
{
    for (size_t i = 0; i < view->entry_count; i++)
        if (view->entries[i].state == DOC_RECEIVED) return true;
    return false;
}

// With the zips in it joined; *ret_open: something is in progress.
static Err look(Cx *cx, Client *client, Slice reference, DocumentView *ret_view, bool *ret_open)
{
    TRY(all_entries(cx, client, reference, ret_view));
    *ret_open = any_open(ret_view);
    for (size_t i = 0; i < ret_view->entry_count; i++) {
        DocumentView inner = {};
        if (ret_view->entries[i].state != DOC_UNPACKED) continue;
        TRY(all_entries(cx, client, ret_view->entries[i].reference, &inner));
        *ret_open |= any_open(&inner);
        TRY(container_join(cx, &inner, i, ret_view));
        i += inner.entry_count - (inner.entry_count > 0);
    }
    return ERR_OK;
}

Err client_entries(Cx *cx, Client *client, DocumentView *view)
{
    if (view->state != DOC_UNPACKED && view->state != DOC_DUPLICATE) return ERR_OK;
    uint64_t end = cx->world->steady_ms(cx->world->self) + DECIDE_WAIT_MS;
    for (useconds_t pause = POLL_US;; pause = pause < 1'000'000 ? pause * 2 : pause) {
        DocumentView seen = {};
        bool open = false;
        TRY(look(cx, client, view->first_reference, &seen, &open));
        view->entries = seen.entries;
        view->entry_count = seen.entry_count;
        if (!open || cx->world->steady_ms(cx->world->self) >= end) return ERR_OK;
        (void)usleep(pause);
    }
}
