#include "http/http_guard.h"

#include "base/test.h"

TEST("http_guard: names of this machine and no others")
{
    static const struct {
        Slice host;
        bool good;
    } cases[] = {{SLICE("localhost"), true},
                 {SLICE("LOCALHOST:8080"), true},
                 {SLICE("127.0.0.1:80"), true},
                 {SLICE("127.1.2.3"), true},
                 {SLICE("[::1]:80"), true},
                 {SLICE("[::1"), false},
                 {SLICE(""), false},
                 {SLICE("localhost.evil.example"), false},
                 {SLICE("127.0.0.1.nip.io"), false},
                 {SLICE("127.evil"), false},
                 {SLICE("128.0.0.1"), false},
                 {SLICE("fapiao.example"), false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(http_guard_host(cases[i].host, SLICE("")) == cases[i].good);
    const Slice names = SLICE("fapiao.example, 192.0.2.1,[2001:db8::1]");
    EXPECT(http_guard_host(SLICE("fapiao.example:8443"), names));
    EXPECT(http_guard_host(SLICE("FAPIAO.example"), names));
    EXPECT(http_guard_host(SLICE("192.0.2.1"), names));
    EXPECT(http_guard_host(SLICE("[2001:db8::1]:8443"), names));
    EXPECT(!http_guard_host(SLICE("example"), names));
    EXPECT(!http_guard_host(SLICE(":1"), names));
    EXPECT(!http_guard_host(SLICE("192.0.2.10"), names));
}

TEST("http_guard: another site may not submit; programs and the page itself may")
{
    static const struct {
        HttpGuarded request;
        bool good;
    } cases[] = {
        {{.host = SLICE("localhost:1"), .changes = true}, true},
        {{.host = SLICE("localhost:1"), .origin = SLICE("http://localhost:1"), .changes = true},
         true},
        {{.host = SLICE("localhost:1"), .origin = SLICE("http://localhost:2"), .changes = true},
         false},
        {{.host = SLICE("localhost:1"), .origin = SLICE("https://localhost:1"), .changes = true},
         false},
        {{.host = SLICE("localhost:1"),
          .origin = SLICE("https://localhost:1"),
          .changes = true,
          .secure = true},
         true},
        {{.host = SLICE("localhost:1"),
          .origin = SLICE("http://localhost:1"),
          .changes = true,
          .secure = true},
         false},
        {{.host = SLICE("localhost:1"), .origin = SLICE("http://evil")}, true},
        {{.host = SLICE("localhost:1"), .fetch_site = SLICE("same-site"), .changes = true}, false},
        {{.host = SLICE("localhost:1"), .fetch_site = SLICE("none"), .changes = true}, true},
        {{.origin = SLICE("http://evil"), .changes = true, .local = true}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(http_guard_origin(&cases[i].request) == cases[i].good);
}
