#include "http/http_session.h"

#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/people/notify/notify.h"
#include "http/http_access.h"
#include "http/http_device.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

// Through DIR/fapiao.sock, as the local administrator.
static HttpReply local_post(Cx *cx, const HttpSite *site, const char *target, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                    target, strlen(json), json));
    return http_fixture_read(cx, fd, false, 20'000);
}

static Slice cookie_of(const HttpReply *reply)
{
    Slice header = http_fixture_header(reply, SLICE("Set-Cookie"));
    return http_access_cookie(header, SLICE(HTTP_ACCESS_COOKIE));
}

static HttpReply sign_in(Cx *cx, const HttpSite *site, const char *login, const char *password)
{
    Slice body = cx_printf(cx, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    return http_fixture_as(cx, site, "POST /api/v1/session", SLICE(""), body.data);
}

static void add(Cx *cx, const HttpSite *site, const char *login, const char *roles)
{
    Slice body = cx_printf(cx, "{\"login\":\"%s\",\"password\":\"" PASSWORD "\",\"roles\":\"%s\"}",
                           login, roles);
    EXPECT(local_post(cx, site, "/api/v1/accounts/new", body.data).status == 201);
}

TEST("http_session: a cookie with all its flags is given at login, and says who asks until logout")
{
    HttpSite site = http_fixture_open(cx, NULL);
    add(cx, &site, "wang", "issuer");
    HttpReply reply = sign_in(cx, &site, "wang", PASSWORD);
    EXPECT(reply.status == 200);
    EXPECT(slice_ends(http_fixture_header(&reply, SLICE("Set-Cookie")),
                      SLICE("; Path=/; Secure; HttpOnly; SameSite=Strict")));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Cache-Control")), SLICE("no-store")));
    Slice cookie = cookie_of(&reply);
    EXPECT(cookie.size == 43);
    reply = http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("wang")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "organisation"), SLICE("local")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "roles.0"), SLICE("issuer")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "factor_wanted"), SLICE("false")));
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/invoices", cookie, "").status == 200);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/accounts", cookie, "").status == 403);
    reply = http_fixture_as(cx, &site, "DELETE /api/v1/session", cookie, "");
    EXPECT(reply.status == 204);
    EXPECT(slice_ends(http_fixture_header(&reply, SLICE("Set-Cookie")), SLICE("Max-Age=0")));
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    http_fixture_close(&site);
}

TEST("http_session: nobody of that name and a wrong password get the same answer, byte by byte")
{
    HttpSite site = http_fixture_open(cx, NULL);
    add(cx, &site, "wang", "issuer");
    HttpReply wrong = sign_in(cx, &site, "wang", "wrong"),
              nobody = sign_in(cx, &site, "li", "wrong");
    EXPECT(wrong.status == 401 && nobody.status == 401);
    EXPECT(slice_equal(wrong.body, nobody.body) && wrong.body.size > 0);
    EXPECT(slice_equal(http_fixture_json(cx, wrong.body, "code"), SLICE("wrong_login")));
    EXPECT(http_fixture_header(&wrong, SLICE("Set-Cookie")).size == 0);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/session", SLICE(""), "{\"login\":\"wang\"}")
               .status == 400);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/session", SLICE(""), "[]").status == 400);
    http_fixture_close(&site);
}

TEST("http_session: what is one's own needs a session, and a token that is none is told so")
{
    HttpSite site = http_fixture_open(cx, NULL);
    static const char *const own[] = {"GET /api/v1/session", "GET /api/v1/account",
                                      "GET /api/v1/account/sessions", "GET /api/v1/account/tokens"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        EXPECT(http_fixture_as(cx, &site, own[i], SLICE(""), "").status == 401);
        EXPECT(http_fixture_as(cx, &site, own[i], SLICE("nonsense"), "").status == 401);
    }
    HttpReply reply = http_fixture_ask(cx, site.port, "GET /api/v1/health",
                                       "Authorization: Bearer fp_nothing\r\n", SLICE(""));
    EXPECT(reply.status == 401);
    // An old cookie keeps nobody from what is open.
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/health", SLICE("nonsense"), "").status == 200);
    http_fixture_close(&site);
}

TEST("http_session: sessions are listed and ended one by one, or all others")
{
    HttpSite site = http_fixture_open(cx, NULL);
    add(cx, &site, "wang", "issuer");
    HttpReply first = sign_in(cx, &site, "wang", PASSWORD);
    HttpReply second = sign_in(cx, &site, "wang", PASSWORD);
    Slice a = cookie_of(&first), b = cookie_of(&second);
    HttpReply list = http_fixture_as(cx, &site, "GET /api/v1/account/sessions", a, "");
    EXPECT(list.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, list.body, "items.0.current"), SLICE("false")));
    EXPECT(slice_equal(http_fixture_json(cx, list.body, "items.1.current"), SLICE("true")));
    EXPECT(slice_equal(http_fixture_json(cx, list.body, "items.1.address"), SLICE("127.0.0.1")));
    Slice id = http_fixture_json(cx, list.body, "items.0.id");
    Slice what = cx_printf(cx, "DELETE /api/v1/account/sessions/" SLICE_FMT, SLICE_ARG(id));
    EXPECT(http_fixture_as(cx, &site, what.data, a, "").status == 204);
    EXPECT(http_fixture_as(cx, &site, what.data, a, "").status == 404);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", b, "").status == 401);
    second = sign_in(cx, &site, "wang", PASSWORD);
    EXPECT(http_fixture_as(cx, &site, "DELETE /api/v1/account/sessions", a, "").status == 204);
    b = cookie_of(&second);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", b, "").status == 401);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", a, "").status == 200);
    http_fixture_close(&site);
}

TEST("http_session: another organisation is chosen by who is in it alone")
{
    HttpSite site = http_fixture_open(cx, NULL);
    add(cx, &site, "wang", "issuer");
    HttpReply reply = sign_in(cx, &site, "wang", PASSWORD);
    Slice cookie = cookie_of(&reply);
    reply =
        http_fixture_as(cx, &site, "PATCH /api/v1/session", cookie, "{\"organisation\":\"other\"}");
    EXPECT(reply.status == 403);
    reply =
        http_fixture_as(cx, &site, "PATCH /api/v1/session", cookie, "{\"organisation\":\"local\"}");
    EXPECT(reply.status == 200);
    Slice next = cookie_of(&reply);
    EXPECT(next.size == 43 && !slice_equal(next, cookie));
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", next, "").status == 200);
    http_fixture_close(&site);
}

static size_t messages(Cx *cx, const HttpSite *site)
{
    Db *db = NULL;
    NotifyRow *rows = NULL;
    size_t count = 0;
    Store *store = flow_store(site->flow);
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(notify_list(cx, store, db, NULL, SLICE(""), SLICE(""), 10, &rows, &count));
    store_give(store, db);
    return count;
}

TEST("http_session: a browser that is new is told to the account's owner, once")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *line = "POST /api/v1/session", *type = "Content-Type: application/json\r\n";
    Slice body = SLICE("{\"login\":\"wang\",\"password\":\"" PASSWORD "\"}");
    HttpReply reply = local_post(cx, &site, "/api/v1/accounts/new",
                                 "{\"login\":\"wang\",\"password\":\"" PASSWORD
                                 "\",\"roles\":\"issuer\",\"mail\":\"wang@example.org\"}");
    EXPECT(reply.status == 201 && messages(cx, &site) == 0);
    reply = http_fixture_ask(cx, site.port, line, type, body);
    EXPECT(reply.status == 200 && messages(cx, &site) == 1);
    size_t at = slice_find(reply.headers, SLICE(HTTP_DEVICE_COOKIE "="));
    EXPECT(at != SLICE_NONE);
    Slice cookie = slice_sub(reply.headers, at, reply.headers.size);
    cookie = slice_sub(cookie, 0, slice_find(cookie, SLICE(";")));
    Slice headers = cx_printf(cx, "%sCookie: " SLICE_FMT "\r\n", type, SLICE_ARG(cookie));
    reply = http_fixture_ask(cx, site.port, line, headers.data, body);
    EXPECT(reply.status == 200 && messages(cx, &site) == 1);
    reply = http_fixture_ask(cx, site.port, line, type, body);
    EXPECT(reply.status == 200 && messages(cx, &site) == 2);
    http_fixture_close(&site);
}

static Err grow_old(Cx *cx, Db *db, void *self)
{
    (void)self;
    db_touch_all(db);
    return db_script(cx, db, "UPDATE session SET confirmed_ms = 1");
}

TEST("http_session: what a thief of a session must not do wants the password once more")
{
    HttpSite site = http_fixture_open(cx, NULL);
    add(cx, &site, "wang", "issuer");
    HttpReply reply = sign_in(cx, &site, "wang", PASSWORD);
    Slice cookie = cookie_of(&reply);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "confirmed"), SLICE("true")));
    EXPECT_OK(commit_wait_work(cx, flow_committer(site.flow), grow_old, NULL));
    static const struct {
        const char *line, *json;
    } guarded[] = {
        {"PATCH /api/v1/account", "{\"login\":\"wang2\"}"},
        {"PATCH /api/v1/account", "{\"mail\":\"new@example.org\"}"},
        {"PATCH /api/v1/account", "{\"phone\":\"13800138000\"}"},
        {"DELETE /api/v1/account", ""},
        {"DELETE /api/v1/account/identity", ""},
        {"POST /api/v1/account/factor", ""},
        {"POST /api/v1/account/factor/confirmation", "{\"code\":\"123456\"}"},
        {"DELETE /api/v1/account/factor", ""},
        {"POST /api/v1/account/recovery-codes", ""},
        {"POST /api/v1/account/tokens",
         "{\"name\":\"x\",\"acts\":\"read_invoices\",\"days\":\"9\"}"},
    };
    for (size_t i = 0; i < sizeof guarded / sizeof guarded[0]; i++) {
        reply = http_fixture_as(cx, &site, guarded[i].line, cookie, guarded[i].json);
        if (reply.status != 403) test_fail(__FILE__, __LINE__, guarded[i].line);
        EXPECT(
            slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("confirmation_wanted")));
    }
    EXPECT(
        http_fixture_as(cx, &site, "PATCH /api/v1/account", cookie, "{\"name\":\"王\"}").status ==
        200);
    const char *confirm = "POST /api/v1/session/confirmation";
    EXPECT(http_fixture_as(cx, &site, confirm, cookie, "{\"password\":\"wrong\"}").status == 400);
    reply = http_fixture_as(cx, &site, confirm, cookie, "{\"password\":\"" PASSWORD "\"}");
    Slice fresh = cookie_of(&reply);
    EXPECT(reply.status == 204 && fresh.size == 43 && !slice_equal(fresh, cookie));
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    EXPECT(http_fixture_as(cx, &site, guarded[0].line, fresh, guarded[0].json).status == 200);
    EXPECT(http_fixture_as(cx, &site, "DELETE /api/v1/account", fresh, "").status == 204);
    http_fixture_close(&site);
}
