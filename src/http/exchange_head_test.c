#include "http/exchange_head.h"

#include "base/test.h"

TEST("exchange_head: status line, date, lines, length")
{
    Slice lines = SLICE("A: b\r\n");
    EXPECT(slice_equal(
        exchange_head_print(cx, 404, "D", lines, 12, false),
        SLICE("HTTP/1.1 404 Not Found\r\nDate: D\r\nA: b\r\nContent-Length: 12\r\n\r\n")));
    EXPECT(slice_equal(exchange_head_print(cx, 204, "D", SLICE(""), -1, true),
                       SLICE("HTTP/1.1 204 No Content\r\nDate: D\r\nConnection: close\r\n\r\n")));
    EXPECT(strcmp(exchange_head_reason(418), "Client Error") == 0);
    EXPECT(strcmp(exchange_head_reason(599), "Server Error") == 0);
}

TEST("exchange_head: the date is printed once a second")
{
    ExchangeDate date = {};
    EXPECT(slice_ends(slice_of(exchange_head_date(&date, cx)), SLICE(" GMT")));
    date.text[0] = 'X';
    EXPECT(exchange_head_date(&date, cx)[0] == 'X');
    date.second--;
    EXPECT(exchange_head_date(&date, cx)[0] != 'X');
}
