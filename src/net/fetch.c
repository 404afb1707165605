#include "net/fetch.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"

#define CONNECT_SHARE 2 // of the time at most half is spent on connecting

typedef struct Incoming {
    Cx *cx;
    Text body;
    FetchReply *reply;
    const atomic_bool *stop;
} Incoming;

static void global_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) abort();
}

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
    Slice *place = slice_equal_nocase(name, SLICE("Content-Type")) ? &incoming->reply->type
                   : slice_equal_nocase(name, SLICE("Location"))   ? &incoming->reply->location
                                                                   : NULL;
    if (place != NULL && cx_copy(incoming->cx, slice_trim(value), place) != ERR_OK) return 0;
    return size * count;
}

static int on_progress(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const Incoming *incoming = self;
    return incoming->stop != NULL && atomic_load(incoming->stop);
}

static void set_where(CURL *curl, const FetchRequest *request, const char *url)
{
    uint64_t ms = request->timeout_ms == 0 ? LIMIT_FETCH_MS : request->timeout_ms;
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ms);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(ms / CONNECT_SHARE + 1));
    if (request->stall_ms > 0) {
        (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)(request->stall_ms / 1000 + 1));
    }
    if (request->ca_file != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (request->pin != NULL) {
        // Whoever holds that key is the one: its name and its issuer add nothing.
        (void)curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, request->pin);
        (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

static void set_what(CURL *curl, const FetchRequest *request, struct curl_slist *list,
                     Incoming *incoming)
{
    bool get = strcmp(request->method, "GET") == 0;
    if (!get) {
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
        (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, incoming);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, incoming);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, incoming);
}

static Err failed(Cx *cx, CURLcode code, const FetchRequest *request, const Incoming *incoming)
{
    if (incoming->body.full)
        return err_set(cx, ERR_LIMIT, "the answer of '" SLICE_FMT "' is too large",
                       SLICE_ARG(request->url));
    Err kind = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ? ERR_INPUT
               : code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
                       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM
                   ? ERR_DENIED
                   : ERR_STORE;
    return err_set(cx, kind, "'" SLICE_FMT "' did not answer: %s", SLICE_ARG(request->url),
                   curl_easy_strerror(code));
}

Err fetch_ask(Cx *cx, const FetchRequest *request, FetchReply *ret_reply)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, global_init);
    const char *url = NULL;
    TRY(cx_cstr(cx, request->url, &url));
    FetchReply reply = {.type = SLICE(""), .location = SLICE("")};
    size_t most = request->answer_max == 0 ? LIMIT_FETCH_BYTES : request->answer_max;
    Incoming incoming = {cx, text_open(cx, most), &reply, request->stop};
    CURL *curl = curl_easy_init();
    if (curl == NULL) abort();
    // An answer at once, without "100 Continue" before it; nothing that we did not say.
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++)
        list = curl_slist_append(list, *line);
    set_where(curl, request, url);
    set_what(curl, request, list, &incoming);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK) return failed(cx, code, request, &incoming);
    reply.status = (int)status;
    TRY(text_done(cx, &incoming.body, &reply.body));
    *ret_reply = reply;
    return ERR_OK;
}

Err fetch_check_url(Cx *cx, Slice url)
{
    CURLU *parts = curl_url();
    const char *text = NULL;
    if (parts == NULL) abort();
    bool good = url.size <= LIMIT_FIELD_BYTES && cx_cstr(cx, url, &text) == ERR_OK &&
                (slice_starts(url, SLICE("http://")) || slice_starts(url, SLICE("https://"))) &&
                curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK;
    static const CURLUPart none[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                     CURLUPART_FRAGMENT};
    for (size_t i = 0; good && i < sizeof none / sizeof none[0]; i++) {
        char *part = NULL;
        good = curl_url_get(parts, none[i], &part, 0) != CURLUE_OK;
        curl_free(part);
    }
    curl_url_cleanup(parts);
    if (!good)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no http or https address",
                       SLICE_ARG(slice_sub(url, 0, 200)));
    return ERR_OK;
}
