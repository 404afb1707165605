// Guards against other web sites in the same browser.
//
// A page elsewhere can make a browser send requests to 127.0.0.1. A name that someone pointed at
// 127.0.0.1 (DNS rebinding) shows in Host; a form or script of another site shows in Origin or
// Sec-Fetch-Site (W3C Fetch Metadata). Programs send neither and are let through.
#include "http/http_guard.h"

static Slice without_port(Slice host)
{
    if (slice_starts(host, SLICE("["))) {
        size_t end = slice_find(host, SLICE("]"));
        return end == SLICE_NONE ? host : slice_sub(host, 0, end + 1);
    }
    size_t colon = slice_find(host, SLICE(":"));
    return colon == SLICE_NONE ? host : slice_sub(host, 0, colon);
}

static bool four_parts(Slice name)
{
    int dots = 0;
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '.')
            dots++;
        else if (name.data[i] < '0' || name.data[i] > '9')
            return false;
    }
    return dots == 3;
}

static bool is_among(Slice name, Slice names)
{
    Slice one;
    bool done = false;
    while (slice_cut(&names, ',', &done, &one))
        if (name.size > 0 && slice_equal_nocase(slice_trim(one), name)) return true;
    return false;
}

bool http_guard_host(Slice host, Slice names)
{
    Slice name = without_port(host);
    if (is_among(name, names)) return true;
    if (slice_equal_nocase(name, SLICE("localhost"))) return true;
    if (slice_equal(name, SLICE("[::1]"))) return true;
    return slice_starts(name, SLICE("127.")) && four_parts(name);
}

bool http_guard_origin(const HttpGuarded *request)
{
    if (request->local || !request->changes) return true;
    // "none" is what a person does: a bookmark, the address bar.
    if (request->fetch_site.size > 0)
        return slice_equal(request->fetch_site, SLICE("same-origin")) ||
               slice_equal(request->fetch_site, SLICE("none"));
    if (request->origin.size == 0) return true;
    Slice scheme = request->secure ? SLICE("https://") : SLICE("http://");
    if (!slice_starts(request->origin, scheme)) return false;
    Slice authority = slice_sub(request->origin, scheme.size, request->origin.size);
    return slice_equal_nocase(authority, request->host);
}
