#include "net/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

#define CONNECT_SHARE 2 // of the time at most half is spent on connecting

typedef struct Talk {
    Slice left; // of the message
    const atomic_bool *stop;
    char line[256]; // the server's last one, or its refusal; printable
} Talk;

static void global_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) abort();
}

static size_t on_upload(char *data, size_t size, size_t count, void *self)
{
    Talk *talk = self;
    Slice part = slice_sub(talk->left, 0, size * count);
    if (part.size > 0) memcpy(data, part.data, part.size);
    talk->left = slice_sub(talk->left, part.size, talk->left.size);
    return part.size;
}

// The answers of the server come as headers do.
static size_t on_line(char *data, size_t size, size_t count, void *self)
{
    Talk *talk = self;
    size_t all = size * count, used = 0;
    // What it says to our leave-taking is of no interest after a refusal.
    if (all == 0 || ((talk->line[0] == '4' || talk->line[0] == '5') && data[0] < '4')) return all;
    for (size_t i = 0; i < all && used + 1 < sizeof talk->line; i++)
        if (data[i] >= ' ' && data[i] <= '~') talk->line[used++] = data[i];
    talk->line[used] = '\0';
    return all;
}

static size_t on_body(char *data, size_t size, size_t count, void *self)
{
    (void)data, (void)self;
    return size * count;
}

static int on_progress(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const Talk *talk = self;
    return talk->stop != NULL && atomic_load(talk->stop);
}

static void set_where(CURL *curl, const SmtpRequest *request, const char *url)
{
    uint64_t ms = request->timeout_ms == 0 ? LIMIT_SMTP_MS : request->timeout_ms;
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ms);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(ms / CONNECT_SHARE + 1));
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL,
                           request->insecure ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (request->ca_file != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
}

static Err set_who(Cx *cx, CURL *curl, const SmtpRequest *request, struct curl_slist **ret_list)
{
    const char *user = NULL, *password = NULL;
    TRY(cx_cstr(cx, request->user, &user));
    TRY(cx_cstr(cx, request->password, &password));
    if (request->user.size > 0) {
        (void)curl_easy_setopt(curl, CURLOPT_USERNAME, user);
        (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
    }
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                           cx_printf(cx, "<" SLICE_FMT ">", SLICE_ARG(request->from)).data);
    *ret_list =
        curl_slist_append(NULL, cx_printf(cx, "<" SLICE_FMT ">", SLICE_ARG(request->to)).data);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, *ret_list);
    return ERR_OK;
}

static void set_what(CURL *curl, const SmtpRequest *request, Talk *talk)
{
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->message.size);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_upload);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, talk);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_line);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, talk);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, talk);
}

// libcurl: SEND_ERROR when MAIL, RCPT or DATA is refused, WEIRD_SERVER_REPLY after the text.
static Err failed(Cx *cx, CURLcode code, long status, const SmtpRequest *request, const Talk *talk)
{
    bool of_mail = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    if (of_mail && status >= 500 && status < 600)
        return err_set(cx, ERR_INPUT, "the mail server refuses it: %s", talk->line);
    if (of_mail && status >= 400 && status < 500)
        return err_set(cx, ERR_CONFLICT, "the mail server refuses it for now: %s", talk->line);
    if (code == CURLE_USE_SSL_FAILED)
        return err_set(cx, ERR_DENIED, "the mail server offers no TLS (STARTTLS)");
    if (code == CURLE_LOGIN_DENIED)
        return err_set(cx, ERR_DENIED, "the mail server does not let us in: %s", talk->line);
    bool untrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                     code == CURLE_SSL_CONNECT_ERROR;
    return err_set(cx, untrusted ? ERR_DENIED : ERR_STORE,
                   "the mail server '" SLICE_FMT "': %s%s%s", SLICE_ARG(request->url),
                   curl_easy_strerror(code), talk->line[0] != '\0' ? ": " : "", talk->line);
}

Err smtp_send(Cx *cx, const SmtpRequest *request)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, global_init);
    if (request->insecure && !smtp_is_here(cx, request->url))
        return err_set(cx, ERR_DENIED, "without TLS only a mail server on this machine is used");
    const char *url = NULL;
    TRY(cx_cstr(cx, request->url, &url));
    Talk talk = {.left = request->message, .stop = request->stop};
    struct curl_slist *list = NULL;
    CURL *curl = curl_easy_init();
    if (curl == NULL) abort();
    CURLcode code = CURLE_OK;
    long status = 0;
    set_where(curl, request, url);
    set_what(curl, request, &talk);
    Err err = set_who(cx, curl, request, &list);
    if (err == ERR_OK) {
        code = curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    TRY(err);
    return code == CURLE_OK ? ERR_OK : failed(cx, code, status, request, &talk);
}

static bool part_is(CURLU *parts, CURLUPart which, const char *const *wanted, size_t count)
{
    char *part = NULL;
    bool is = false;
    if (curl_url_get(parts, which, &part, 0) == CURLUE_OK)
        for (size_t i = 0; i < count; i++)
            is = is || strcmp(part, wanted[i]) == 0;
    curl_free(part);
    return is;
}

// NULL when it is none.
static CURLU *parse(Cx *cx, Slice url)
{
    const char *text = NULL;
    if (url.size > LIMIT_FIELD_BYTES || cx_cstr(cx, url, &text) != ERR_OK) return NULL;
    for (size_t i = 0; i < url.size; i++)
        if (url.data[i] <= ' ' || url.data[i] > '~') return NULL;
    CURLU *parts = curl_url();
    if (parts == NULL) abort();
    if (curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK) return parts;
    curl_url_cleanup(parts);
    return NULL;
}

bool smtp_is_here(Cx *cx, Slice url)
{
    static const char *const here[] = {"127.0.0.1", "[::1]", "localhost"};
    CURLU *parts = parse(cx, url);
    bool is = parts != NULL && part_is(parts, CURLUPART_HOST, here, sizeof here / sizeof here[0]);
    curl_url_cleanup(parts);
    return is;
}

Err smtp_check_url(Cx *cx, Slice url)
{
    static const char *const schemes[] = {"smtp", "smtps"};
    static const CURLUPart none[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                     CURLUPART_FRAGMENT, CURLUPART_OPTIONS};
    CURLU *parts = slice_find(url, SLICE("://")) == SLICE_NONE ? NULL : parse(cx, url);
    bool good = parts != NULL && part_is(parts, CURLUPART_SCHEME, schemes, 2);
    for (size_t i = 0; good && i < sizeof none / sizeof none[0]; i++) {
        char *part = NULL;
        good = curl_url_get(parts, none[i], &part, 0) != CURLUE_OK;
        curl_free(part);
    }
    curl_url_cleanup(parts);
    if (good) return ERR_OK;
    // A password that was written into it is not repeated.
    return err_set(cx, ERR_INPUT,
                   "that is no address of a mail server: smtp://host:port or smtps://host:port, "
                   "without user and password");
}
