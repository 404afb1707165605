// Who is let in where: every route as every role, as nobody, and from another organisation, over
// HTTP with sessions of their own. Only what the table says succeeds; a route that is not in it
// fails the test.
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/people/account/account_session.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"
#include "http/http_parts.h"

// One column a role, as in PermissionRole.
static const char *const people[] = {
    "person",       "org_admin",   "issuer",       "reviewer",       "accountant", "reader",
    "tax_reviewer", "tax_auditor", "system_admin", "security_admin", "audit_admin"};
#define PEOPLE (sizeof people / sizeof people[0])

// Y: gets past the door. -: 403. open: anybody, signed in or not. Whoever is not signed in gets 401
// at all others.
static const struct {
    const char *route, *who;
} table[] = {
    {"handInDocument", "YYY-Y------"},
    {"listDocuments", "YYYYYYYY---"},
    {"getDocument", "YYYYYYYY---"},
    {"getOriginal", "YYYYYYYY---"},
    {"getReceipt", "YYYYYYYY---"},
    {"getReceiptPicture", "YYYYYYYY---"},
    {"retryDocument", "YYY-Y------"},
    {"createUpload", "YYY-Y------"},
    {"describeUploads", "open"},
    {"getUploadOffset", "YYY-Y------"},
    {"appendToUpload", "YYY-Y------"},
    {"cancelUpload", "YYY-Y------"},
    {"listInvoices", "YYYYYYYY---"},
    {"getInvoice", "YYYYYYYY---"},
    {"verify", "open"},
    {"verificationNeeds", "open"},
    {"getLedger", "YYYYYYYYYYY"},
    {"getCheckpoint", "YYYYYYYYYYY"},
    {"getTile", "YYYYYYYYYYY"},
    {"getToday", "YYYYYYYY---"},
    {"getSync", "YYYYYYYYY-Y"},
    {"startSync", "YYY-Y---Y--"},
    {"listSyncRuns", "YYYYYYYYY-Y"},
    {"listDays", "YYYYYYYYY-Y"},
    {"getDay", "YYYYYYYYY-Y"},
    {"listWitnesses", "YYYYYYYYYYY"},
    {"addWitness", "--------Y--"},
    {"removeWitness", "--------Y--"},
    {"addMirror", "--------Y--"},
    {"listNotifications", "--------Y--"},
    {"testNotification", "--------Y--"},
    {"getNotificationSettings", "--------Y--"},
    {"setNotificationSettings", "--------Y--"},
    {"retryNotification", "--------Y--"},
    {"listAudit", "-Y--------Y"},
    {"exportAuditCsv", "-Y--------Y"},
    {"exportAuditLines", "-Y--------Y"},
    {"listOrganisations", "YYYYYYYYYYY"},
    {"foundOrganisation", "YYYYYY-----"},
    {"getOrganisation", "YYYYYYYY---"},
    {"changeOrganisation", "-Y---------"},
    {"listMembers", "YYYYYYYY---"},
    {"setMemberRoles", "-Y---------"},
    {"removeMember", "-Y---------"}, // somebody else; oneself is organisation_member's test
    {"listInvitations", "-Y---------"},
    {"invite", "-Y---------"},
    {"withdrawInvitation", "-Y---------"},
    {"acceptInvitation", "YYYYYYYYYYY"},
    {"listErasures", "YY-------Y-"},
    {"askErasure", "YY---------"},
    {"confirmErasure", "---------Y-"},
    {"refuseErasure", "---------Y-"},
    {"listAddressRules", "---------Y-"},
    {"addAddressRule", "---------Y-"},
    {"removeAddressRule", "---------Y-"},
    {"getChallenge", "open"},
    {"getSetup", "open"},
    {"runSetup", "open"},
    {"makeSetupCode", "-----------"}, // the local administrator's alone
    {"register", "open"},
    {"confirmAccount", "open"},
    {"signIn", "open"},
    {"signInFactor", "open"},
    {"forgotPassword", "open"},
    {"resetPassword", "open"},
    {"getSession", "YYYYYYYYYYY"},
    {"chooseOrganisation", "YYYYYYYYYYY"},
    {"confirmSession", "YYYYYYYYYYY"},
    {"signOut", "YYYYYYYYYYY"},
    {"getOidc", "open"},
    {"beginOidc", "open"},
    {"returnOidc", "open"},
    {"getOidcSettings", "---------Y-"},
    {"setOidcSettings", "---------Y-"},
    {"getIdentity", "YYYYYYYYYYY"},
    {"unlinkIdentity", "YYYYYYYYYYY"},
    {"getAccount", "YYYYYYYYYYY"},
    {"changeAccount", "YYYYYYYYYYY"},
    {"deleteAccount", "YYYYYYYYYYY"},
    {"changePassword", "YYYYYYYYYYY"},
    {"beginFactor", "YYYYYYYYYYY"},
    {"endFactor", "YYYYYYYYYYY"},
    {"confirmFactor", "YYYYYYYYYYY"},
    {"renewRecoveryCodes", "YYYYYYYYYYY"},
    {"listSessions", "YYYYYYYYYYY"},
    {"revokeOtherSessions", "YYYYYYYYYYY"},
    {"revokeSession", "YYYYYYYYYYY"},
    {"listTokens", "YYYYYYYYYYY"},
    {"makeToken", "YYYYYYYYYYY"},
    {"revokeToken", "YYYYYYYYYYY"},
    {"listAccounts", "--------YY-"},
    {"addAccount", "--------Y--"},
    {"patchAccount", "--------Y--"},
    {"makeTokenFor", "--------Y--"},
    {"getOneAccount", "--------YY-"},
    {"setPlatformRoles", "---------Y-"},
    {"resetFactor", "---------Y-"},
    {"getPolicy", "---------Y-"},
    {"setPolicy", "---------Y-"},
    {"listKinds", "open"},
    {"getHealth", "open"},
    {"getOpenapi", "open"},
};

typedef struct Doors {
    HttpSite site;
    uint8_t ids[PEOPLE][ACCOUNT_ID_SIZE];
} Doors;

static HttpReply local_post(Cx *cx, const HttpSite *site, const char *organisation,
                            const char *target, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\nFapiao-Organisation: %s\r\n"
                                    "Content-Length: %zu\r\n\r\n%s",
                                    target, organisation, strlen(json), json));
    HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
    (void)close(fd);
    return reply;
}

static void add(Cx *cx, Doors *doors, size_t which, const char *login, const char *organisation)
{
    bool person = strcmp(people[which], "person") == 0;
    Slice json = cx_printf(cx,
                           "{\"login\":\"%s\",\"password\":\"correct horse battery\",\"roles\":"
                           "\"%s\",\"organisation\":\"%s\"}",
                           login, person ? "" : people[which], person ? "" : organisation);
    HttpReply reply = local_post(cx, &doors->site, "local", "/api/v1/accounts/new", json.data);
    EXPECT(reply.status == 201);
    Slice id = http_fixture_json(cx, reply.body, "id");
    EXPECT_OK(base64_unhex(cx, id, doors->ids[which], ACCOUNT_ID_SIZE));
}

static void doors_open(Cx *cx, Doors *doors)
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    doors->site = (HttpSite){.flow = flow_fixture_open(cx, folder), .folder = folder};
    const HttpOptions options = {.flow = doors->site.flow,
                                 .folder = folder,
                                 .address = "127.0.0.1",
                                 .threads = 2,
                                 .no_limits = true};
    EXPECT_OK(http_open(cx, &options, &doors->site.http));
    doors->site.port = http_port(doors->site.http);
    for (size_t i = 0; i < PEOPLE; i++)
        add(cx, doors, i, cx_printf(cx, "user%zu", i).data, "local");
}

static Err session_work(Cx *cx, Db *db, void *self)
{
    return account_session_put(cx, db, self);
}

// With two factors shown: that one is not enough is tested elsewhere.
static Slice session_of(Cx *cx, const Doors *doors, size_t which)
{
    const AccountOrigin origin = {SLICE("127.0.0.1"), SLICE("test"), false};
    AccountSessionNew new;
    Slice account = {(const char *)doors->ids[which], ACCOUNT_ID_SIZE};
    EXPECT_OK(account_session_make(cx, doors->site.http->accounts, account, 2, &origin, &new));
    new.confirmed_ms = 0; // nobody's account ends by the test of who may end theirs
    EXPECT_OK(commit_wait_work(cx, flow_committer(doors->site.flow), session_work, &new));
    return cx_printf(cx, "Cookie: __Host-fapiao=%s\r\n", new.token.text);
}

// The address with something in place of each brace that nobody has.
static const char *target_of(Cx *cx, const Route *route)
{
    static const struct {
        const char *brace, *value;
    } values[] = {{"{reference}", "R-1999-000001"},
                  {"{id}", "00000000000000000000000000000000"},
                  {"{level}", "0"},
                  {"{path}", "000"},
                  {"{day}", "2026-01-01"},
                  {"{name}", "nobody"},
                  {"{block}", "192.0.2.1"}};
    Slice path = slice_of(route->pattern);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        size_t at = slice_find(path, slice_of(values[i].brace));
        if (at == SLICE_NONE) continue;
        Slice rest = slice_sub(path, at + strlen(values[i].brace), path.size);
        path = cx_printf(cx, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(slice_sub(path, 0, at)),
                         values[i].value, SLICE_ARG(rest));
    }
    EXPECT(slice_find(path, SLICE("{")) == SLICE_NONE); // a value for every brace there is
    return cx_printf(cx, "%s " SLICE_FMT, routes_method_name(route->method), SLICE_ARG(path)).data;
}

static HttpReply ask(Cx *cx, const Doors *doors, const char *line, Slice cookie)
{
    Slice headers =
        cx_printf(cx, "Content-Type: application/json\r\nTus-Resumable: 1.0.0\r\n" SLICE_FMT,
                  SLICE_ARG(cookie));
    return http_fixture_ask(cx, doors->site.port, line, headers.data,
                            slice_starts(slice_of(line), SLICE("P")) ? SLICE("{}") : SLICE(""));
}

// Past the door a desk may still refuse for reasons of its own; it names no act.
static bool is_let_in(const HttpReply *reply)
{
    return reply->status != 0 && reply->status != 401 &&
           (reply->status != 403 || slice_find(reply->body, SLICE("may not")) == SLICE_NONE);
}

// How many cells are not as the table says; each is told.
static int try_one(const Doors *doors, const Route *route, const char *who)
{
    Cx own;
    cx_init(&own, world_real(), 16 << 20);
    bool open = strcmp(who, "open") == 0;
    const char *line = target_of(&own, route);
    HttpReply reply = ask(&own, doors, line, SLICE(""));
    int wrong = open != (reply.status != 401);
    if (wrong > 0) printf("%s: nobody: %d\n", line, reply.status);
    for (size_t i = 0; i < PEOPLE; i++) {
        reply = ask(&own, doors, line, session_of(&own, doors, i));
        bool expected = open || who[i] == 'Y';
        if (expected ? is_let_in(&reply) : reply.status == 403) continue;
        printf("%s: %s: %d " SLICE_FMT "\n", line, people[i], reply.status, SLICE_ARG(reply.body));
        wrong++;
    }
    cx_done(&own);
    return wrong;
}

TEST("doors: every route as every role and as nobody; a route without a row fails")
{
    Doors doors;
    int wrong = 0;
    size_t count = 0, rows = sizeof table / sizeof table[0];
    const Route *routes = routes_all(&count);
    doors_open(cx, &doors);
    for (size_t i = 0; i < count; i++) {
        size_t row = 0;
        while (row < rows && strcmp(table[row].route, routes[i].id) != 0)
            row++;
        if (row == rows)
            test_fail(__FILE__, __LINE__, cx_printf(cx, "no row for %s", routes[i].id).data);
        else
            wrong += try_one(&doors, &routes[i], table[row].who);
    }
    EXPECT(wrong == 0);
    for (size_t row = 0; row < rows; row++) {
        bool there = strcmp(table[row].who, "open") == 0 || strlen(table[row].who) == PEOPLE;
        size_t i = 0;
        while (i < count && strcmp(table[row].route, routes[i].id) != 0)
            i++;
        if (!there || i == count) test_fail(__FILE__, __LINE__, table[row].route);
    }
    http_fixture_close(&doors.site);
}

static Slice kept(Cx *cx, HttpReply reply, const char *path)
{
    Slice text = http_fixture_json(cx, reply.body, path);
    EXPECT(text.size > 0);
    return cx_printf(cx, SLICE_FMT, SLICE_ARG(text));
}

TEST("doors: from another organisation its administrator finds none of what is there")
{
    Doors doors;
    doors_open(cx, &doors);
    HttpSite *site = &doors.site;
    Slice east =
        kept(cx, local_post(cx, site, "local", "/api/v1/organisations", "{\"name\":\"东\"}"), "id");
    Slice reference = flow_fixture_keep(cx, site->flow,
                                        "fapiao\nkind 31\nnumber 24112000000048542163\n"
                                        "issue_date 2024-05-28\ntotal 10.00\n");
    HttpReply reply = ask(
        cx, &doors, cx_printf(cx, "GET /api/v1/documents/" SLICE_FMT, SLICE_ARG(reference)).data,
        session_of(cx, &doors, ROLE_READER));
    Slice invoice = kept(cx, reply, "invoices.0.id");
    reply = local_post(cx, site, "local", "/api/v1/organisation/invitations",
                       "{\"mail\":\"a@b.example\",\"roles\":[\"reader\"]}");
    Slice invitation = kept(cx, reply, "items.0.id");
    Slice member = base64_hex(cx, (Slice){(const char *)doors.ids[ROLE_READER], ACCOUNT_ID_SIZE});
    add(cx, &doors, ROLE_ORG_ADMIN, "wang", east.data);
    const char *const lines[] = {
        cx_printf(cx, "GET /api/v1/documents/" SLICE_FMT, SLICE_ARG(reference)).data,
        cx_printf(cx, "GET /api/v1/documents/" SLICE_FMT "/original", SLICE_ARG(reference)).data,
        cx_printf(cx, "GET /api/v1/documents/" SLICE_FMT "/receipt", SLICE_ARG(reference)).data,
        cx_printf(cx, "GET /api/v1/documents/" SLICE_FMT "/receipt.svg", SLICE_ARG(reference)).data,
        cx_printf(cx, "POST /api/v1/documents/" SLICE_FMT "/retry", SLICE_ARG(reference)).data,
        cx_printf(cx, "GET /api/v1/invoices/" SLICE_FMT, SLICE_ARG(invoice)).data,
        cx_printf(cx, "DELETE /api/v1/organisation/members/" SLICE_FMT, SLICE_ARG(member)).data,
        cx_printf(cx, "DELETE /api/v1/organisation/invitations/" SLICE_FMT, SLICE_ARG(invitation))
            .data,
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        reply = ask(cx, &doors, lines[i], session_of(cx, &doors, ROLE_ORG_ADMIN));
        if (reply.status != 404) test_fail(__FILE__, __LINE__, lines[i]);
    }
    reply = ask(cx, &doors, "GET /api/v1/invoices", session_of(cx, &doors, ROLE_ORG_ADMIN));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "total.count"), SLICE("0")));
    reply =
        ask(cx, &doors, "GET /api/v1/organisation/members", session_of(cx, &doors, ROLE_ORG_ADMIN));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.login"), SLICE("wang")));
    EXPECT(slice_empty(http_fixture_json(cx, reply.body, "items.1.login")));
    http_fixture_close(site);
}
