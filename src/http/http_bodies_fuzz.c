// Property: whatever body comes to a route that takes JSON, the answer is a success of that route
// or a problem document that says its own status, never a fault of ours.
//
// All routes of the table over a whole site with a small store, as the local administrator, as two
// people who have signed in, and as nobody. Input: route (u8), who and how (u8), then the body as
// it is, or what a body after the route's schema is built from.
#include <arpa/inet.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/test.h"
#include "base/text.h"
#include "commit/commit_wait.h"
#include "desk/people/account/account_session.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"
#include "http/http_fixture.h"
#include "http/http_parts.h"
#include "http/http_schemas.h"

#define ROUTES_MAX 128
#define PEOPLE     2
#define DEPTH_MAX  4

typedef struct Site {
    HttpSite http;
    Cx cx;
    const Route *routes[ROUTES_MAX];
    size_t route_count;
    uint8_t ids[PEOPLE][ACCOUNT_ID_SIZE];
    Slice cookies[PEOPLE];
} Site;

static Site site;
static char folder[] = "/tmp/fapiao-fuzz-XXXXXX";

// ---- what the fixtures want of the harness ----

void test_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

const char *test_folder(void)
{
    return folder;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info, (void)type, (void)at;
    return remove(path);
}

static void remove_all(void)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

// ---- the site ----

// From one address after another: a pair of addresses has some ten thousand ports, and each stays
// taken for a minute after its connection is closed.
static int connect_next(uint16_t port)
{
    static uint32_t turn;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + turn++ % 128);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        !http_fixture_reach(fd, (struct sockaddr *)&to, sizeof to)) {
        perror("connecting to the site");
        abort();
    }
    return fd;
}

static HttpReply send_to(Cx *cx, int who, const char *line, Slice body)
{
    Slice cookie = who > 0 && who <= PEOPLE ? site.cookies[who - 1] : SLICE("");
    int fd =
        who == 0
            ? http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site.http.folder).data)
            : connect_next(site.http.port);
    http_fixture_send(fd, cx_printf(cx,
                                    "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\n" SLICE_FMT
                                    "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                                    line, SLICE_ARG(cookie), body.size));
    http_fixture_send(fd, body);
    HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
    (void)close(fd);
    return reply;
}

static Err put_session(Cx *cx, Db *db, void *self)
{
    return account_session_put(cx, db, self);
}

static void sign_in(size_t who)
{
    Cx *cx = &site.cx;
    const AccountOrigin origin = {SLICE("127.0.0.1"), SLICE("fuzz"), false};
    AccountSessionNew new;
    Slice id = {(const char *)site.ids[who], ACCOUNT_ID_SIZE};
    EXPECT_OK(account_session_make(cx, site.http.http->accounts, id, 2, &origin, &new));
    EXPECT_OK(commit_wait_work(cx, flow_committer(site.http.flow), put_session, &new));
    site.cookies[who] = cx_printf(cx, "Cookie: __Host-fapiao=%s\r\n", new.token.text);
}

static void site_open(void)
{
    static const char *const people[PEOPLE] = {
        "{\"login\":\"one\",\"password\":\"correct horse battery\",\"roles\":\"org_admin\","
        "\"organisation\":\"local\"}",
        "{\"login\":\"two\",\"password\":\"correct horse battery\",\"roles\":\"security_admin\"}"};
    Cx *cx = &site.cx;
    cx_init(cx, world_real(), 64 * LIMIT_MIB);
    if (mkdtemp(folder) == NULL) abort();
    (void)atexit(remove_all);
    const char *data = cx_printf(cx, "%s/data", folder).data;
    site.http = (HttpSite){.flow = flow_fixture_open(cx, data), .folder = data};
    const HttpOptions options = {.flow = site.http.flow,
                                 .folder = data,
                                 .address = "127.0.0.1",
                                 .threads = 1,
                                 .no_limits = true};
    EXPECT_OK(http_open(cx, &options, &site.http.http));
    site.http.port = http_port(site.http.http);
    size_t count = 0;
    const Route *routes = routes_all(&count);
    for (size_t i = 0; i < count; i++)
        if (slice_starts(slice_of(routes[i].request), SLICE("application/json ")))
            site.routes[site.route_count++] = &routes[i];
    for (size_t i = 0; i < PEOPLE; i++) {
        HttpReply reply = send_to(cx, 0, "POST /api/v1/accounts/new", slice_of(people[i]));
        EXPECT(reply.status == 201);
        Slice id = http_fixture_json(cx, reply.body, "id");
        EXPECT_OK(base64_unhex(cx, id, site.ids[i], ACCOUNT_ID_SIZE));
        sign_in(i);
    }
    (void)flow_fixture_keep(cx, site.http.flow,
                            "fapiao\nkind 31\nnumber "
                            "24112000000048542163\n"
                            "issue_date 2024-05-28\ntotal 10.00\n");
}

// ---- a body after a schema ----

typedef struct Build {
    Cx *cx;
    const uint8_t *data;
    size_t size;
    uint32_t beyond; // what comes when the input is used up: of three bytes, whole bodies are made
    Text body;
} Build;

static unsigned take(Build *build)
{
    if (build->size > 0) {
        build->size--;
        build->beyond = build->beyond * 31 + *build->data;
        return *build->data++;
    }
    build->beyond = build->beyond * UINT32_C(1664525) + UINT32_C(1013904223);
    return build->beyond >> 24;
}

static const JsonValue *schema_of(Cx *cx, Slice name, JsonIn **ret_in)
{
    size_t count = 0;
    const HttpSchema *all = http_schemas_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (!slice_equal(slice_of(all[i].name), name)) continue;
        EXPECT_OK(json_in_open(cx, slice_of(all[i].json), ret_in));
        return json_in_root(*ret_in);
    }
    abort();
}

// Something that one of the fields understands.
static const char *const pool[] = {"31",
                                   "24112000000048542163",
                                   "2024-05-28",
                                   "10.00",
                                   "a@b.example",
                                   "+8613800138000",
                                   "one",
                                   "one two three four",
                                   "123456",
                                   "local",
                                   "91110000100000000X",
                                   "192.0.2.0/24",
                                   "allow",
                                   "R-2026-000001",
                                   "wrong_upload",
                                   "org_admin",
                                   "read_invoices",
                                   "30",
                                   "https://id.example/",
                                   "zh",
                                   "mail",
                                   "smtp.url",
                                   "true",
                                   ""};

// Bytes as they are but for what would end the text: what is no UTF-8 must be refused, too.
static void put_text(Build *build, Slice text)
{
    text_byte(&build->body, '"');
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '"' || c == '\\') text_byte(&build->body, '\\');
        text_byte(&build->body, (uint8_t)c < ' ' ? ' ' : c);
    }
    text_byte(&build->body, '"');
}

static void put_string(Build *build, const JsonValue *schema)
{
    unsigned how = take(build), which = take(build);
    const JsonValue *value = json_in_first(json_in_get(schema, "enum"));
    for (; value != NULL && which > 0 && json_in_next(value) != NULL; which--)
        value = json_in_next(value);
    if (how % 4 == 0) {
        Slice text = {(const char *)build->data, build->size};
        text = slice_sub(text, 0, which % 32);
        build->data += text.size;
        build->size -= text.size;
        put_text(build, text);
    } else if (value != NULL) {
        put_text(build, json_in_string(value));
    } else if (how == 255) {
        char *wide = arena_alloc(&build->cx->arena, 5000);
        put_text(build, (Slice){memset(wide, 'a', 5000), 5000});
    } else {
        put_text(build, slice_of(pool[which % (sizeof pool / sizeof pool[0])]));
    }
}

static void put(Build *build, const JsonValue *schema, int depth);

static void put_object(Build *build, const JsonValue *schema, int depth)
{
    const char *between = "{";
    const JsonValue *member = json_in_first(json_in_get(schema, "properties"));
    for (; member != NULL; member = json_in_next(member)) {
        if (take(build) % 8 == 7) continue; // left out
        text_printf(&build->body, "%s\"" SLICE_FMT "\":", between, SLICE_ARG(json_in_key(member)));
        put(build, member, depth + 1);
        between = ",";
    }
    const JsonValue *others = json_in_get(schema, "additionalProperties");
    if (others != NULL && take(build) % 4 != 0) {
        static const char *const names[] = {
            "registration.open", "password.length", "factor.roles", "session.idle_minutes",
            "fields.crypto",     "erasure.days",    "nothing"};
        text_printf(&build->body, "%s\"%s\":", between, names[take(build) % 6]);
        put(build, others, depth + 1);
        between = ",";
    }
    text_printf(&build->body, "%s}", between[0] == '{' ? "{" : "");
}

static void put(Build *build, const JsonValue *schema, int depth)
{
    static const char *const odd[] = {"1",  "-1", "true", "null",  "[]",
                                      "{}", "0",  "1e9",  "false", "9007199254740993"};
    Slice reference = json_in_string(json_in_get(schema, "$ref"));
    Slice type = json_in_string(json_in_get(schema, "type"));
    size_t prefix = sizeof "#/components/schemas/" - 1;
    unsigned how = take(build);
    if (how % 16 == 15 || depth > DEPTH_MAX) {
        text_printf(&build->body, "%s", odd[take(build) % (sizeof odd / sizeof odd[0])]);
    } else if (reference.size > 0) {
        JsonIn *in = NULL;
        put(build, schema_of(build->cx, slice_sub(reference, prefix, SIZE_MAX), &in), depth + 1);
        json_in_close(in);
    } else if (slice_equal(type, SLICE("object"))) {
        put_object(build, schema, depth);
    } else if (slice_equal(type, SLICE("array"))) {
        text_byte(&build->body, '[');
        for (unsigned i = 0, count = take(build) % 4; i < count; i++) {
            if (i > 0) text_byte(&build->body, ',');
            put(build, json_in_get(schema, "items"), depth + 1);
        }
        text_byte(&build->body, ']');
    } else if (slice_equal(type, SLICE("string"))) {
        put_string(build, schema);
    } else {
        text_printf(&build->body, "%u", take(build));
    }
}

// ---- the property ----

static const char *line_of(Cx *cx, const Route *route)
{
    static const char nobody[] = "00000000000000000000000000000000";
    Slice path = slice_of(route->pattern);
    size_t at = slice_find(path, SLICE("{"));
    Slice end =
        at == SLICE_NONE ? SLICE("") : slice_sub(path, slice_find(path, SLICE("}")) + 1, SIZE_MAX);
    return cx_printf(cx, "%s " SLICE_FMT "%s" SLICE_FMT, routes_method_name(route->method),
                     SLICE_ARG(slice_sub(path, 0, at)), at == SLICE_NONE ? "" : nobody,
                     SLICE_ARG(end))
        .data;
}

// Said, because what came before may be needed to see it again.
__attribute__((noreturn)) static void broken(const char *line, Slice body, const HttpReply *reply)
{
    fprintf(stderr, "%s " SLICE_FMT "\n%d " SLICE_FMT "\n", line, SLICE_ARG(body), reply->status,
            SLICE_ARG(reply->body));
    abort();
}

static bool is_told(Cx *cx, const Route *route, const HttpReply *reply)
{
    bool good = reply->status >= 200 && reply->status < 300;
    Slice status = cx_printf(cx, "%d", reply->status);
    // Faults of ours are none of the answers, but for those that the route says it may have.
    bool said = slice_find(slice_of(route->problems), status) != SLICE_NONE;
    if (!good && !said && (reply->status < 400 || reply->status >= 500)) return false;
    if (good && reply->body.size == 0) return true;
    JsonIn *in = NULL;
    if (json_in_open(cx, reply->body, &in) != ERR_OK) return false;
    int64_t told = 0;
    if (!good) (void)json_in_int(json_in_get(json_in_root(in), "status"), &told);
    json_in_close(in);
    return good ||
           (told == reply->status && slice_starts(http_fixture_header(reply, SLICE("Content-Type")),
                                                  SLICE("application/problem+json")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (site.http.http == NULL) site_open();
    if (size < 2) return 0;
    Cx cx;
    cx_init(&cx, world_real(), 64 * LIMIT_MIB);
    const Route *route = site.routes[data[0] % site.route_count];
    int who = data[1] % (PEOPLE + 2);
    Build build = {
        .cx = &cx, .data = data + 2, .size = size - 2, .body = text_open(&cx, LIMIT_MIB)};
    Slice body = {(const char *)data + 2, size - 2};
    if (data[1] >= 64) {
        JsonIn *in = NULL;
        Slice name = slice_sub(slice_of(route->request), sizeof "application/json", SIZE_MAX);
        put_object(&build, schema_of(&cx, name, &in), 0);
        json_in_close(in);
        body = text_so_far(&build.body);
    }
    const char *line = line_of(&cx, route);
    HttpReply reply = send_to(&cx, who, line, body);
    if (!is_told(&cx, route, &reply)) broken(line, body, &reply);
    // Signed out, or given another token, by what was asked.
    if (who > 0 && who <= PEOPLE && site.cx.arena.used < 32 * LIMIT_MIB &&
        (reply.status == 401 || http_fixture_header(&reply, SLICE("Set-Cookie")).size > 0))
        sign_in((size_t)who - 1);
    cx_done(&cx);
    return 0;
}
