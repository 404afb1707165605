#include "desk/people/notify/notify_web.h"

#include "base/limits.h"

// "https://host": what may be told of an address.
static Slice origin_of(Slice url)
{
    size_t at = slice_find(url, SLICE("://"));
    at = at == SLICE_NONE ? 0 : at + 3;
    while (at < url.size && url.data[at] != '/' && url.data[at] != '?')
        at++;
    return slice_sub(url, 0, at);
}

Err notify_web_ask(Cx *cx, const FetchRequest *request, Slice *ret_body)
{
    FetchReply reply;
    FetchRequest limited = *request;
    limited.answer_max = LIMIT_NOTIFY_ANSWER;
    Slice origin = origin_of(request->url);
    Err err = fetch_ask(cx, &limited, &reply);
    if (err != ERR_OK) {
        // The text begins with the address in quotes; what follows is why.
        Slice text = err_text(cx);
        size_t end = slice_find(text, SLICE("' "));
        Slice why = end == SLICE_NONE ? SLICE("did not answer") : slice_sub(text, end + 2, 200);
        if (slice_find(why, SLICE("://")) != SLICE_NONE) why = SLICE("did not answer");
        Slice told = cx_printf(cx, "'" SLICE_FMT "' " SLICE_FMT, SLICE_ARG(origin), SLICE_ARG(why));
        return err_set(cx, err == ERR_DENIED ? ERR_DENIED : ERR_STORE, SLICE_FMT, SLICE_ARG(told));
    }
    *ret_body = reply.body;
    if (reply.status >= 200 && reply.status < 300) return ERR_OK;
    bool for_good =
        reply.status == 400 || reply.status == 413 || reply.status == 415 || reply.status == 422;
    return err_set(cx, for_good ? ERR_INPUT : ERR_STORE, "'" SLICE_FMT "' answered %d",
                   SLICE_ARG(origin), reply.status);
}

void notify_web_percent(Text *out, Slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c != '\0' && strchr("-._~", c) != NULL);
        if (plain)
            text_byte(out, c);
        else
            text_printf(out, "%%%02X", (unsigned int)(uint8_t)c);
    }
}
