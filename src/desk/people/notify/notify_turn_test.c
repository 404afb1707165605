#include "desk/people/notify/notify_turn.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/test.h"
#include "desk/people/notify/notify.h"
#include "desk/people/notify/notify_address.h"
#include "flow/flow_fixture.h"

// A channel that answers as it is told.
static Err says;
static int sends;
static Slice last_to;

static Err fake_send(Cx *cx, const NotifySend *send)
{
    static char kept[64];
    sends++;
    EXPECT(send->message->to.size < sizeof kept);
    memcpy(kept, send->message->to.data, send->message->to.size);
    last_to = (Slice){kept, send->message->to.size};
    if (says == ERR_OK) return ERR_OK;
    return err_set(cx, says, "no,\x1b[2J not for " SLICE_FMT "\r\ntoday",
                   SLICE_ARG(send->message->to));
}

static const NotifyChannel fake = {
    "sms", notify_address_phone, fake_send, {NOTIFY_SMS_URL, NOTIFY_SMS_URL}, "没有", "none"};

typedef struct Scene {
    Flow *flow;
    WorldFake clock;
    NotifyTurn turn;
} Scene;

static void set(Cx *cx, Scene *scene, const char *name, const char *value)
{
    const NotifySet one = {slice_of(name), slice_of(value)};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("local"), .act = SLICE("set")};
    EXPECT_OK(notify_setting_set(cx, flow_store(scene->flow), flow_committer(scene->flow), &one, 1,
                                 &note));
}

static void put(Cx *cx, const Scene *scene, const char *to)
{
    uint8_t id[COMMIT_ID_SIZE];
    EXPECT_OK(notify_test_message(cx, flow_store(scene->flow), flow_committer(scene->flow),
                                  SLICE("local"), SLICE("sms"), slice_of(to), SLICE("zh"), id));
}

static void open(Cx *cx, Scene *scene)
{
    *scene = (Scene){.flow = flow_fixture_open(cx, NULL)};
    // Ahead of the real clock, by which messages are put: what is put is due.
    world_fake_init(&scene->clock, 1, cx_now_ms(cx) + 60'000);
    scene->turn = (NotifyTurn){.store = flow_store(scene->flow),
                               .committer = flow_committer(scene->flow),
                               .channel = &fake,
                               .pause_ms = 1'000,
                               .tries = 3};
    set(cx, scene, "sms.url", "https://sms.example/");
    sends = 0;
    says = ERR_OK;
}

static uint64_t turn(Scene *scene)
{
    Cx own, *cx = &own;
    uint64_t wait_ms = 0;
    cx_init(cx, &scene->clock.world, LIMIT_REQUEST_ARENA);
    EXPECT_OK(notify_turn_run(cx, &scene->turn, &wait_ms));
    cx_done(cx);
    return wait_ms;
}

static NotifyRow row_of(Cx *cx, const Scene *scene)
{
    Db *db = NULL;
    NotifyRow *rows = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, flow_store(scene->flow), &db));
    EXPECT_OK(
        notify_list(cx, flow_store(scene->flow), db, NULL, SLICE(""), SLICE(""), 9, &rows, &count));
    store_give(flow_store(scene->flow), db);
    EXPECT(count > 0);
    return rows[0];
}

TEST("notify_turn: what is put is sent once, and then there is nothing to wait for")
{
    Scene scene;
    open(cx, &scene);
    EXPECT(turn(&scene) == UINT64_MAX && sends == 0);
    put(cx, &scene, "13800138000");
    EXPECT(turn(&scene) == 0 && sends == 1 && slice_equal(last_to, SLICE("13800138000")));
    EXPECT(turn(&scene) == UINT64_MAX && sends == 1);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("sent")));
    flow_close(scene.flow);
}

TEST("notify_turn: what was sent and could not be noted is not sent again, but noted later")
{
    Scene scene;
    open(cx, &scene);
    put(cx, &scene, "13800138000");
    flow_fixture_script(cx, scene.flow,
                        "CREATE TRIGGER no_room BEFORE UPDATE ON notify_outbox BEGIN "
                        "SELECT RAISE(ABORT, 'no room'); END");
    uint64_t wait_ms = 0;
    for (int i = 0; i < 3; i++) {
        Cx own;
        cx_init(&own, &scene.clock.world, LIMIT_REQUEST_ARENA);
        EXPECT(notify_turn_run(&own, &scene.turn, &wait_ms) == ERR_CONFLICT && sends == 1);
        cx_done(&own);
        scene.clock.ms += 100'000;
    }
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("waiting")));
    flow_fixture_script(cx, scene.flow, "DROP TRIGGER no_room");
    EXPECT(turn(&scene) == UINT64_MAX && sends == 1);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("sent")));
    flow_close(scene.flow);
}

TEST("notify_turn: refused for now it is tried later each time, then given up; the recipient is "
     "not told of")
{
    Scene scene;
    open(cx, &scene);
    put(cx, &scene, "13800138000");
    says = ERR_CONFLICT;
    static const uint64_t pauses[] = {1'000, 2'000};
    for (int i = 0; i < 2; i++) {
        EXPECT(turn(&scene) == 0 && sends == i + 1);
        NotifyRow row = row_of(cx, &scene);
        EXPECT(slice_equal(row.state, SLICE("failed")) && row.tries == i + 1);
        EXPECT(slice_equal(row.error, SLICE("no, [2J not for …  today")));
        EXPECT(turn(&scene) == pauses[i] && sends == i + 1);
        scene.clock.ms += pauses[i];
    }
    EXPECT(turn(&scene) == 0 && sends == 3);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("given_up")));
    EXPECT(turn(&scene) == UINT64_MAX && sends == 3);
    flow_close(scene.flow);
}

TEST("notify_turn: refused for good it is given up at once")
{
    Scene scene;
    open(cx, &scene);
    put(cx, &scene, "13800138000");
    says = ERR_INPUT;
    EXPECT(turn(&scene) == 0 && sends == 1);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("given_up")));
    flow_close(scene.flow);
}

TEST("notify_turn: nobody there: one is tried, all wait, none is given up for it, until they are "
     "old")
{
    Scene scene;
    open(cx, &scene);
    for (int i = 0; i < 4; i++)
        put(cx, &scene, "13800138000");
    says = ERR_STORE;
    uint64_t waited = 0;
    for (int i = 0; i < 12; i++) {
        int before = sends;
        (void)turn(&scene);
        EXPECT(sends == before + 1);
        uint64_t wait = turn(&scene);
        EXPECT(wait >= 1'000 && wait <= 60'000 && sends == before + 1);
        waited = wait;
        scene.clock.ms += wait;
    }
    EXPECT(waited == 60'000);
    NotifyRow row = row_of(cx, &scene);
    EXPECT(row.tries == 0 && !slice_equal(row.state, SLICE("given_up")));
    says = ERR_OK;
    EXPECT(turn(&scene) == 0 && sends == 16 && turn(&scene) == UINT64_MAX);
    says = ERR_STORE;
    put(cx, &scene, "13800138000");
    scene.clock.ms += (LIMIT_NOTIFY_AGE_DAYS + 1) * DATE_MS_PER_DAY;
    (void)turn(&scene);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("given_up")));
    flow_close(scene.flow);
}

TEST("notify_turn: other settings, and a hand that asks for it, end a pause")
{
    Scene scene;
    open(cx, &scene);
    put(cx, &scene, "13800138000");
    says = ERR_STORE;
    (void)turn(&scene);
    (void)turn(&scene);
    EXPECT(sends == 1);
    set(cx, &scene, "sms.url", "https://other.example/");
    (void)turn(&scene);
    EXPECT(sends == 2);
    (void)turn(&scene);
    EXPECT(sends == 2);
    NotifyRow row = row_of(cx, &scene);
    char id[2 * COMMIT_ID_SIZE + 1];
    for (int i = 0; i < COMMIT_ID_SIZE; i++)
        (void)snprintf(id + 2 * i, 3, "%02x", row.id[i]);
    EXPECT_OK(notify_retry(cx, flow_committer(scene.flow), slice_of(id)));
    (void)turn(&scene);
    EXPECT(sends == 3);
    flow_close(scene.flow);
}

TEST("notify_turn: not configured it stays as it is; a clock that was ahead keeps nothing back")
{
    Scene scene;
    open(cx, &scene);
    set(cx, &scene, "sms.url", "");
    put(cx, &scene, "13800138000");
    EXPECT(turn(&scene) == UINT64_MAX && sends == 0);
    EXPECT(slice_equal(row_of(cx, &scene).state, SLICE("waiting")));
    set(cx, &scene, "sms.url", "https://sms.example/");
    says = ERR_CONFLICT;
    scene.clock.ms += 400 * DATE_MS_PER_DAY;
    scene.turn.tries = 9;
    EXPECT(turn(&scene) == 0);
    flow_close(scene.flow);
    open(cx, &scene);
    put(cx, &scene, "13800138000");
    says = ERR_CONFLICT;
    scene.clock.ms += 6 * DATE_MS_PER_DAY;
    EXPECT(turn(&scene) == 0 && sends == 1);
    scene.clock.ms -= 5 * DATE_MS_PER_DAY;
    EXPECT(turn(&scene) == 0 && sends == 2);
    flow_close(scene.flow);
}

TEST("notify_turn: pauses double up to the longest")
{
    EXPECT(notify_turn_backoff(0, 0, 3'600'000) == 5'000);
    EXPECT(notify_turn_backoff(0, 1, 3'600'000) == 10'000);
    EXPECT(notify_turn_backoff(0, 10, 3'600'000) == 3'600'000);
    EXPECT(notify_turn_backoff(1'000, UINT64_MAX, 60'000) == 60'000);
}
