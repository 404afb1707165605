#include "http/exchange_head.h"

#include <event2/util.h>

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

const char *exchange_head_reason(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status) return reasons[i].reason;
    return status >= 500 ? "Server Error" : status >= 400 ? "Client Error" : "Success";
}

const char *exchange_head_date(ExchangeDate *date, Cx *cx)
{
    uint64_t second = cx_now_ms(cx) / 1000;
    if (date->second != second || date->text[0] == '\0') {
        date->second = second;
        if (evutil_date_rfc1123(date->text, sizeof date->text, NULL) < 0) date->text[0] = '\0';
    }
    return date->text;
}

// In decimal, at the end of `digits`.
static Slice decimal(int64_t number, char digits[static 20])
{
    size_t at = 20;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return (Slice){digits + at, 20 - at};
}

Slice exchange_head_print(Cx *cx, int status, const char *date, Slice lines, int64_t length,
                          bool close)
{
    char status_digits[20], length_digits[20];
    const Slice parts[] = {SLICE("HTTP/1.1 "),
                           decimal(status, status_digits),
                           SLICE(" "),
                           slice_of(exchange_head_reason(status)),
                           SLICE("\r\nDate: "),
                           slice_of(date),
                           SLICE("\r\n"),
                           lines,
                           length < 0 ? SLICE("") : SLICE("Content-Length: "),
                           length < 0 ? SLICE("") : decimal(length, length_digits),
                           length < 0 ? SLICE("") : SLICE("\r\n"),
                           close ? SLICE("Connection: close\r\n\r\n") : SLICE("\r\n")};
    size_t room = 0, at = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        room += parts[i].size;
    char *text = arena_alloc(&cx->arena, room);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].size > 0) memcpy(text + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return (Slice){text, at};
}
