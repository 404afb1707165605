#include "http/http_static.h"

#include "webui/webui.h"

// Scripts and styles come from here alone, never from within a page. Element Plus sets style
// attributes by script, which this allows; it forbids them in markup.
#define PAGE_POLICY                                                                                \
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-src 'self' blob:; "  \
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// "gzip" among the codings, and not with q=0.
static bool accepts_gzip(Slice codings)
{
    Slice rest = codings, coding;
    bool done = false;
    while (slice_cut(&rest, ',', &done, &coding)) {
        Slice parameters = coding, name;
        bool end = false;
        (void)slice_cut(&parameters, ';', &end, &name);
        if (!slice_equal_nocase(slice_trim(name), SLICE("gzip"))) continue;
        Slice weight = slice_trim(parameters);
        return !slice_equal(weight, SLICE("q=0")) && !slice_starts(weight, SLICE("q=0.0"));
    }
    return false;
}

static bool find(Call *call, WebuiFile *ret_file)
{
    return webui_find(call_decode(call->cx, exchange_path(call->exchange), false), ret_file);
}

bool http_static_has(Call *call)
{
    WebuiFile file;
    return find(call, &file);
}

void http_static_get(Call *call)
{
    Exchange *exchange = call->exchange;
    WebuiFile file;
    if (!find(call, &file)) {
        call_problem(call, HTTP_PROBLEM_NOT_FOUND, SLICE(""));
        return;
    }
    call->policy = SLICE(PAGE_POLICY);
    call->cache = file.immutable ? SLICE("public, max-age=31536000, immutable") : SLICE("no-cache");
    exchange_set(exchange, "ETag", file.etag);
    if (file.gzip) exchange_set(exchange, "Vary", SLICE("Accept-Encoding"));
    if (slice_equal(exchange_get(exchange, "If-None-Match"), file.etag)) {
        call_empty(call, 304);
        return;
    }
    bool gzip = file.gzip && accepts_gzip(exchange_get(exchange, "Accept-Encoding"));
    if (gzip) exchange_set(exchange, "Content-Encoding", SLICE("gzip"));
    exchange_set(exchange, "Cross-Origin-Opener-Policy", SLICE("same-origin"));
    exchange_set(exchange, "Permissions-Policy",
                 SLICE("camera=(self), geolocation=(), microphone=(), payment=(), usb=()"));
    call->status = 200;
    call->type = file.type;
    call->body = gzip ? file.bytes : file.plain;
}
