#include "read/read_when.h"

#include "base/test.h"

TEST("read when: counts since 1970 and Java's own form are days in China, all else stays")
{
    static const struct {
        Slice raw, text;
    } cases[] = {
        {SLICE("1716862085000"), SLICE("2024-05-28")},
        {SLICE("1716912000000"), SLICE("2024-05-29")}, // 16:00 UTC
        {SLICE(" 1716911999 "), SLICE("2024-05-28")},
        {SLICE("Tue May 28 10:08:05 CST 2024"), SLICE("2024-05-28")},
        {SLICE("Sun Dec 01 00:00:00 GMT+08:00 2024"), SLICE("2024-12-01")},
        {SLICE("Tue May 28 10:08:05 UTC 2024"), SLICE("Tue May 28 10:08:05 UTC 2024")},
        {SLICE("Tue ayJ 28 10:08:05 CST 2024"), SLICE("Tue ayJ 28 10:08:05 CST 2024")},
        {SLICE("Tue Feb 30 10:08:05 CST 2024"), SLICE("Tue Feb 30 10:08:05 CST 2024")},
        {SLICE("Tue May 28 10:08:05 CST 2024 x"), SLICE("Tue May 28 10:08:05 CST 2024 x")},
        {SLICE("1990010112"), SLICE("1990010112")}, // a day and an hour
        {SLICE("171686208500"), SLICE("171686208500")},
        {SLICE("2716862085000"), SLICE("2716862085000")},
        {SLICE("2024-05-28"), SLICE("2024-05-28")},
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(read_when(cx, cases[i].raw), cases[i].text));
}
