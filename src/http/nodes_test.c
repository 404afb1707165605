#include "http/nodes.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/invoice/document/refusal.h"
#include "desk/running/completeness/closing.h"
#include "desk/running/completeness/statement.h"
#include "desk/running/mirror/mirror.h"
#include "flow/flow_fixture.h"
#include "net/fetch.h"
#include "publish/replica_row.h"
#include "publish/sealer.h"

#define PATIENCE_MS UINT64_C(30'000)

// A primary with its door.
typedef struct PrimarySite {
    Flow *flow;
    Nodes *nodes;
    Slice url, token;
} PrimarySite;

static void door_open(Cx *cx, PrimarySite *primary)
{
    const NodesOptions options = {.flow = primary->flow, .address = "127.0.0.1"};
    EXPECT_OK(nodes_open(cx, &options, &primary->nodes));
    primary->url = cx_printf(cx, "http://127.0.0.1:%u", nodes_port(primary->nodes));
}

static void primary_open(Cx *cx, PrimarySite *primary, const char *folder)
{
    primary->flow = flow_fixture_open(cx, folder);
    door_open(cx, primary);
}

static void primary_close(PrimarySite *primary)
{
    nodes_stop(primary->nodes);
    flow_close(primary->flow);
    nodes_close(primary->nodes);
    *primary = (PrimarySite){.token = primary->token};
}

static void keep(Cx *cx, const PrimarySite *primary, int from, int to)
{
    for (int i = from; i < to; i++)
        (void)flow_fixture_keep(cx, primary->flow,
                                cx_printf(cx, "fapiao\nnumber 2411200000%010d\n", i).data);
    EXPECT_OK(sealer_flush(cx, flow_sealer(primary->flow)));
}

static FetchReply ask(Cx *cx, const PrimarySite *primary, const char *method, const char *path,
                      Slice body)
{
    const char *const headers[] = {
        cx_printf(cx, "Authorization: Bearer " SLICE_FMT, SLICE_ARG(primary->token)).data, NULL};
    const FetchRequest request = {.method = method,
                                  .url =
                                      cx_printf(cx, SLICE_FMT "%s", SLICE_ARG(primary->url), path),
                                  .headers = headers,
                                  .body = body};
    FetchReply reply;
    EXPECT_OK(fetch_ask(cx, &request, &reply));
    return reply;
}

static const char *fresh(Cx *cx, const char *name)
{
    return cx_printf(cx, "%s/%s", test_folder(), name).data;
}

static void shell(Cx *cx, const char *command)
{
    (void)cx;
    if (system(command) != 0) test_fail(__FILE__, __LINE__, command);
}

TEST("nodes: nothing is said without a token, and no wrong question hurts")
{
    PrimarySite primary = {};
    primary_open(cx, &primary, NULL);
    keep(cx, &primary, 0, 3);
    static const char *const paths[] = {"/node/v1/hello", "/node/v1/facts?from=1&to=2", "/",
                                        "/api/v1/documents"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        EXPECT(ask(cx, &primary, "GET", paths[i], SLICE("")).status == 401);
    primary.token = SLICE("0000000000000000000000000000000000000000000000000000000000000000");
    EXPECT(ask(cx, &primary, "GET", "/node/v1/hello", SLICE("")).status == 401);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    static const struct {
        const char *method, *path, *body;
        int status;
    } cases[] = {
        {"GET", "/node/v1/hello", "", 200},
        {"GET", "/node/v1/nothing", "", 404},
        {"GET", "/api/v1/documents", "", 404},
        {"GET", "/node/v1/facts", "", 400},
        {"GET", "/node/v1/facts?from=0&to=2", "", 400},
        {"GET", "/node/v1/facts?from=3&to=2", "", 400},
        {"GET", "/node/v1/leaves?from=1&to=99999999", "", 400},
        {"GET", "/node/v1/leaves?from=-1&to=2", "", 400},
        {"GET", "/node/v1/leaves?from=1&to=9223372036854775807", "", 400},
        {"GET", "/node/v1/leaves?from=9223372036854775807&to=9223372036854775807", "", 200},
        {"GET", "/node/v1/leaves?from=1&to=9223372036854775808", "", 400},
        {"GET", "/node/v1/leaves?from=1&to=18446744073709551617", "", 400},
        {"GET", "/node/v1/leaves?from=&to=", "", 400},
        {"GET", "/node/v1/leaves?fro=1&to=1&from", "", 400},
        {"GET", "/node/v1/facts?from=1&to=9223372036854775807", "", 200},
        {"GET", "/node/v1/facts?from=9223372036854775807&to=9223372036854775807", "", 200},
        {"GET", "/node/v1/checkpoint?over=9223372036854775807", "", 200},
        {"GET", "/node/v1/checkpoint?over=9223372036854775808", "", 400},
        {"GET", "/node/v1/checkpoint?over=x", "", 400},
        {"GET", "/node/v1/checkpoint?over=0", "", 200},
        {"GET", "/node/v1/checkpoint?over=99", "", 200}, // it has more than we do
        {"GET", "/node/v1/side?refused=0&signed=0&id=00000000000000000000000000000000", "", 200},
        {"GET", "/node/v1/side?refused=0&signed=x&id=00000000000000000000000000000000", "", 400},
        {"GET", "/node/v1/side?refused=0&signed=0&id=00", "", 400},
        {"GET", "/node/v1/side?refused=0&id=00000000000000000000000000000000", "", 400},
        {"POST", "/node/v1/cosignature", "east\n", 400},
        {"POST", "/node/v1/trouble", "\x01", 400},
        {"POST", "/node/v1/trouble", "no room", 204},
        {"GET", "/node/v1/trouble", "", 404},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FetchReply reply =
            ask(cx, &primary, cases[i].method, cases[i].path, slice_of(cases[i].body));
        if (reply.status != cases[i].status)
            test_fail(__FILE__, __LINE__,
                      cx_printf(cx, "%s: %d", cases[i].path, reply.status).data);
    }
    // Nobody, with a token or without, hands in more than a cosignature takes.
    char *much = arena_alloc(&cx->arena, LIMIT_NODE_HELLO_BYTES + 1);
    memset(much, 'x', LIMIT_NODE_HELLO_BYTES + 1);
    for (size_t more = 0; more < 2; more++)
        EXPECT(ask(cx, &primary, "POST", "/node/v1/cosignature",
                   (Slice){much, LIMIT_NODE_HELLO_BYTES + more})
                   .status == (more == 0 ? 400 : 413));
    EXPECT(ask(cx, &primary, "GET", "/node/v1/leaves?from=1&to=6", SLICE("")).body.size ==
           6 * DIGEST_SIZE);
    EXPECT(slice_starts(ask(cx, &primary, "GET", "/node/v1/facts?from=1&to=6", SLICE("")).body,
                        REPLICA_HEAD));
    primary_close(&primary);
}

TEST("nodes: a question for a checkpoint waits until there is one")
{
    PrimarySite primary = {};
    primary_open(cx, &primary, NULL);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    keep(cx, &primary, 0, 1);
    FetchReply first = ask(cx, &primary, "GET", "/node/v1/checkpoint?over=0", SLICE(""));
    EXPECT(first.status == 200);
    // The fixture's flow signs on its own within a second.
    (void)flow_fixture_keep(cx, primary.flow, "fapiao\nnumber 24112000000000000077\n");
    FetchReply reply = ask(cx, &primary, "GET", "/node/v1/checkpoint?over=3", SLICE(""));
    EXPECT(reply.status == 200 && !slice_equal(reply.body, first.body));
    primary_close(&primary);
}

// Asks and does not wait for the answer.
static int ask_only(Cx *cx, const PrimarySite *primary, const char *path)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(nodes_port(primary->nodes)),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT(fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0);
    Slice text = cx_printf(cx,
                           "GET %s HTTP/1.1\r\nHost: localhost\r\n"
                           "Authorization: Bearer " SLICE_FMT "\r\n\r\n",
                           path, SLICE_ARG(primary->token));
    EXPECT(send(fd, text.data, text.size, 0) == (ssize_t)text.size);
    return fd;
}

// How many have an answer of that status by now.
static size_t answered(const int *fds, size_t count, const char *status)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        char head[13] = {}; // "HTTP/1.1 204"
        ssize_t size = recv(fds[i], head, sizeof head - 1, MSG_PEEK | MSG_DONTWAIT);
        found += size == sizeof head - 1 && strcmp(head + 9, status) == 0;
    }
    return found;
}

static void await_answers(const int *fds, size_t count, const char *status, size_t wanted)
{
    for (uint64_t waited = 0; waited < PATIENCE_MS && answered(fds, count, status) < wanted;
         waited += 10)
        (void)usleep(10'000);
    EXPECT(answered(fds, count, status) == wanted);
}

#define FLOOD ((size_t)40)

TEST("nodes: of a flood of waiting questions the newest wait on, whoever hangs up meanwhile")
{
    PrimarySite primary = {};
    primary_open(cx, &primary, NULL);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("west"), &primary.token, NULL));
    Slice west = primary.token;
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    keep(cx, &primary, 0, 1); // 4 events: two bind the nodes' rows
    int fds[FLOOD + 1];
    Slice east = primary.token;
    primary.token = west;
    fds[FLOOD] = ask_only(cx, &primary, "/node/v1/checkpoint?over=4");
    primary.token = east;
    for (size_t i = 0; i < FLOOD; i++)
        fds[i] = ask_only(cx, &primary, "/node/v1/checkpoint?over=4");
    await_answers(fds, FLOOD, "204", FLOOD - LIMIT_NODE_WAITING);
    EXPECT(answered(fds + FLOOD, 1, "204") == 0); // another mirror's is left alone
    EXPECT(ask(cx, &primary, "GET", "/node/v1/hello", SLICE("")).status == 200);
    for (size_t i = 0; i < FLOOD; i += 2)
        (void)close(fds[i]);
    keep(cx, &primary, 1, 2);
    await_answers(fds + FLOOD, 1, "200", 1);
    for (size_t i = 1; i < FLOOD; i += 2)
        await_answers(fds + i, 1, answered(fds + i, 1, "204") == 1 ? "204" : "200", 1);
    for (size_t i = 1; i < FLOOD; i += 2)
        (void)close(fds[i]);
    (void)close(fds[FLOOD]);
    // Those that wait when the server stops are answered; who is gone is no trouble.
    for (size_t i = 0; i < LIMIT_NODE_WAITING; i++)
        fds[i] = ask_only(cx, &primary, "/node/v1/checkpoint?over=6");
    EXPECT(ask(cx, &primary, "GET", "/node/v1/hello", SLICE("")).status == 200);
    (void)close(fds[0]);
    primary_close(&primary);
    for (size_t i = 1; i < LIMIT_NODE_WAITING; i++)
        (void)close(fds[i]);
}

// --- a mirror behind that door: two events a document, and two that bind the row of the
// node, when it is added and when its key is first seen.

typedef struct Second {
    Flow *flow;
    Mirror *mirror;
} Second;

static void second_open(Cx *cx, Second *second, const PrimarySite *primary, const char *folder)
{
    const Primary asked = {.url = primary->url, .token = primary->token};
    Slice origin;
    EXPECT_OK(mirror_prepare(cx, folder, &asked, &origin));
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .no_reading = true,
                                 .follow = true,
                                 .origin = origin};
    EXPECT_OK(flow_open(cx, &options, &second->flow));
    const MirrorOptions follow = {
        .flow = second->flow, .primary = asked, .name = SLICE("east"), .pause_ms = 50};
    EXPECT_OK(mirror_open(cx, &follow, &second->mirror));
}

static void second_close(Second *second)
{
    mirror_stop(second->mirror);
    mirror_close(second->mirror);
    flow_close(second->flow);
}

// Until it has `size` leaves or sounds the alarm.
static MirrorBrief await(Second *second, uint64_t size)
{
    MirrorBrief brief = mirror_brief(second->mirror);
    for (uint64_t waited = 0; waited < PATIENCE_MS; waited += 20) {
        if (brief.alarm || (brief.size >= size && brief.error[0] == '\0' && brief.ok_ms > 0)) break;
        (void)usleep(20'000);
        brief = mirror_brief(second->mirror);
    }
    return brief;
}

static void expect_same(Cx *cx, const PrimarySite *primary, const Second *second)
{
    static const char *const counts[] = {
        "SELECT COUNT(*) FROM event",          "SELECT COUNT(*) FROM document",
        "SELECT COUNT(*) FROM invoice",        "SELECT COUNT(*) FROM identity",
        "SELECT SUM(next_value) FROM counter", "SELECT size FROM log_head"};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (flow_fixture_number(cx, primary->flow, counts[i]) !=
            flow_fixture_number(cx, second->flow, counts[i]))
            test_fail(__FILE__, __LINE__, counts[i]);
}

TEST("mirror: takes all, follows, catches up after a partition, and cosigns what it checked")
{
    PrimarySite primary = {};
    Second second = {};
    const char *folder = fresh(cx, "first"), *copy = fresh(cx, "second");
    primary_open(cx, &primary, folder);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    keep(cx, &primary, 0, 20);
    shell(cx, cx_printf(cx, "cp %s.key %s.key", folder, copy).data);
    second_open(cx, &second, &primary, copy);
    EXPECT(await(&second, 42).size == 42);
    expect_same(cx, &primary, &second);
    keep(cx, &primary, 20, 30); // live
    EXPECT(await(&second, 62).size == 62);
    EXPECT(flow_fixture_number(cx, primary.flow, "SELECT size FROM watcher WHERE name = 'east'") ==
           62);
    // It takes nothing by itself.
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("a"),
                             .bytes = SLICE("a")};
    EXPECT(flow_receive(cx, second.flow, &arrival, NULL, NULL, NULL) == ERR_DENIED);

    // The door is shut; the primary goes on.
    Nodes *shut = primary.nodes; // its waiters are told by the sealer: closed after the flow
    nodes_stop(shut);
    keep(cx, &primary, 30, 45);
    for (uint64_t waited = 0; waited < PATIENCE_MS && mirror_brief(second.mirror).error[0] == '\0';
         waited += 20)
        (void)usleep(20'000);
    EXPECT(mirror_brief(second.mirror).error[0] != '\0');
    EXPECT(!mirror_brief(second.mirror).alarm);
    second_close(&second);
    door_open(cx, &primary);
    second_open(cx, &second, &primary, copy);
    EXPECT(await(&second, 92).size == 92);
    expect_same(cx, &primary, &second);
    second_close(&second);
    primary_close(&primary);
    nodes_close(shut);
}

// Signs today as if it were over, over what is signed now.
static Err sign_work(Cx *cx, Db *db, void *self)
{
    int count = 0;
    const uint64_t later = cx_now_ms(cx) + 86'400'000 + CLOSING_WAIT_MS;
    TRY(closing_in(cx, db, flow_log(self), SLICE("local"), later, &count));
    return count > 0 ? ERR_OK : err_set(cx, ERR_MISSING, "no day was signed");
}

static Slice day_of(Cx *cx, Flow *flow)
{
    Db *db = NULL;
    StatementRow *rows = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(statement_list(cx, db, SLICE("local"), SLICE(""), 1, &rows, &count));
    store_give(flow_store(flow), db);
    return count == 0 ? SLICE("") : rows[0].note;
}

TEST("mirror: what no event binds comes across, too: signed days, their checkpoints, refused files")
{
    PrimarySite primary = {};
    Second second = {};
    const char *folder = fresh(cx, "sides"), *copy = fresh(cx, "copy");
    primary_open(cx, &primary, folder);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    keep(cx, &primary, 0, 3);
    refusal_note(cx, flow_committer(primary.flow), SLICE("local"), SLICE("http"), REASON_EMPTY, 0);
    refusal_note(cx, flow_committer(primary.flow), SLICE("local"), SLICE("cli"), REASON_EMPTY, 0);
    EXPECT_OK(commit_wait_work(cx, flow_committer(primary.flow), sign_work, primary.flow));
    keep(cx, &primary, 3, 5); // over that checkpoint: the mirror never sees it as the newest
    shell(cx, cx_printf(cx, "cp %s.key %s.key", folder, copy).data);
    second_open(cx, &second, &primary, copy);
    EXPECT(await(&second, 12).size == 12);
    Slice note = day_of(cx, primary.flow);
    EXPECT(!slice_empty(note) && slice_equal(note, day_of(cx, second.flow)));
    EXPECT(flow_fixture_number(cx, second.flow, "SELECT COUNT(*) FROM refusal") == 2);
    EXPECT(flow_fixture_number(cx, second.flow, "SELECT COUNT(*) FROM checkpoint WHERE size = 7") ==
           1);
    refusal_note(cx, flow_committer(primary.flow), SLICE("local"), SLICE("cli"), REASON_EMPTY, 0);
    keep(cx, &primary, 5, 6);
    EXPECT(await(&second, 14).size == 14);
    EXPECT(flow_fixture_number(cx, second.flow, "SELECT COUNT(*) FROM refusal") == 3);
    second_close(&second);
    primary_close(&primary);
}

TEST("mirror: a primary that was put back, or went another way, is not followed")
{
    PrimarySite primary = {};
    Second second = {};
    const char *folder = fresh(cx, "honest"), *copy = fresh(cx, "witness");
    primary_open(cx, &primary, folder);
    EXPECT_OK(node_add(cx, flow_committer(primary.flow), SLICE("east"), &primary.token, NULL));
    keep(cx, &primary, 0, 5);
    primary_close(&primary);
    shell(cx,
          cx_printf(cx, "cp -a %s %s.old && cp %s.key %s.key", folder, folder, folder, copy).data);

    primary_open(cx, &primary, folder);
    keep(cx, &primary, 5, 10);
    second_open(cx, &second, &primary, copy);
    EXPECT(await(&second, 22).size == 22);
    second_close(&second);
    primary_close(&primary);

    // Yesterday's folder is put back.
    shell(cx, cx_printf(cx, "rm -r %s && cp -a %s.old %s", folder, folder, folder).data);
    primary_open(cx, &primary, folder);
    second_open(cx, &second, &primary, copy);
    MirrorBrief brief = await(&second, 23);
    EXPECT(brief.alarm && brief.size == 22);
    EXPECT(slice_find(slice_of(brief.error), SLICE("gone back")) != SLICE_NONE);
    // And goes another way, further than before.
    keep(cx, &primary, 100, 110);
    (void)usleep(300'000);
    brief = await(&second, 31);
    EXPECT(brief.alarm && brief.size == 22);
    EXPECT(flow_fixture_number(cx, second.flow, "SELECT COUNT(*) FROM event") == 22);
    second_close(&second);
    primary_close(&primary);
}
