#include "desk/running/sync/sync.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "desk/running/completeness/closing.h"
#include "desk/running/sync/sync_part.h"
#include "desk/running/sync/sync_view.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"

static Sync *open_with(Cx *cx, Flow *flow, int hour)
{
    Sync *sync = NULL;
    const SyncOptions options = {
        .flow = flow, .folder = store_folder(flow_store(flow)), .hour = hour};
    EXPECT_OK(sync_open(cx, &options, &sync));
    return sync;
}

TEST("sync: a run says of each part how it went, and leaves one row")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    for (int i = 0; i < 3; i++)
        (void)flow_fixture_keep(cx, flow,
                                cx_printf(cx, "fapiao\nnumber 2411200000%010d\n", i).data);
    Sync *sync = open_with(cx, flow, -1);
    Slice json;
    EXPECT_OK(sync_run(cx, sync, SLICE("now"), &json));
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    EXPECT(json_in_bool(json_in_get(json_in_root(in), "ok"), false));
    size_t count = 0;
    const SyncPart *parts = sync_part_all(&count);
    const JsonValue *part = json_in_first(json_in_get(json_in_root(in), "parts"));
    for (size_t i = 0; i < count; i++, part = json_in_next(part)) {
        EXPECT(slice_equal(json_in_string(json_in_get(part, "part")), slice_of(parts[i].name)));
        if (!json_in_bool(json_in_get(part, "ok"), false))
            test_fail(__FILE__, __LINE__, cx_printf(cx, SLICE_FMT, SLICE_ARG(json)).data);
        EXPECT(json_in_string(json_in_get(part, "zh")).size > 0);
        EXPECT(json_in_string(json_in_get(part, "en")).size > 0);
    }
    EXPECT(part == NULL);
    json_in_close(in);
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM sync_run WHERE ended_ms > 0") == 1);
    EXPECT(sync_next(cx, sync) == 0 && !sync_is_running(sync));
    sync_stop(sync);
    sync_close(sync);
    flow_close(flow);
}

TEST("sync: when asked, the thread does it; the nightly run waits for its hour")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Sync *sync = open_with(cx, flow, 3);
    uint64_t next = sync_next(cx, sync), now = cx_now_ms(cx);
    EXPECT(next > now && next <= now + UINT64_C(86'400'000));
    EXPECT((next + UINT64_C(8 * 3'600'000)) % UINT64_C(86'400'000) == UINT64_C(3 * 3'600'000));
    EXPECT(sync_start(sync));
    for (int i = 0; i < 1500 && sync_is_running(sync); i++)
        (void)usleep(20'000);
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM sync_run WHERE cause = 'now'") == 1);
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM sync_run WHERE cause = 'nightly'") ==
           0);
    sync_stop(sync);
    sync_close(sync);
    flow_close(flow);
}

TEST("sync: the run of hour 0 waits until the day before may be signed")
{
    static const uint64_t midnight = UINT64_C(1'767'196'800'000); // 2026-01-01 00:00 in China
    WorldFake fake;
    world_fake_init(&fake, 4, midnight - 1);
    Cx own;
    cx_init(&own, &fake.world, LIMIT_JOB_ARENA);
    Flow *flow = flow_fixture_open(cx, NULL);
    Sync *sync = open_with(&own, flow, 0);
    EXPECT(sync_next(&own, sync) == midnight + CLOSING_WAIT_MS);
    sync_stop(sync);
    sync_close(sync);
    cx_done(&own);
    flow_close(flow);
}

TEST("sync: a night that passed while nothing ran is made up for")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    flow_fixture_script(cx, flow, "INSERT INTO sync_run VALUES ('', x'01', 'nightly', 1, 2, '{}')");
    Sync *sync = open_with(cx, flow, 3);
    for (int i = 0; i < 1500 && flow_fixture_number(cx, flow,
                                                    "SELECT COUNT(*) FROM sync_run WHERE "
                                                    "cause = 'nightly' AND ended_ms > 2") == 0;
         i++)
        (void)usleep(20'000);
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM sync_run WHERE ended_ms > 2") == 1);
    sync_stop(sync);
    sync_close(sync);
    flow_close(flow);
}

// The flow keeps the real clock; what decides when it is night has a clock of its own.
typedef struct Clock {
    World world;
    atomic_ullong ms;
} Clock;

static uint64_t clock_ms(void *self)
{
    Clock *clock = self;
    return atomic_load(&clock->ms);
}

static uint64_t clock_steady(void *self)
{
    (void)self;
    return world_real()->steady_ms(world_real()->self);
}

static void clock_random(void *self, void *bytes, size_t size)
{
    (void)self;
    world_real()->random(world_real()->self, bytes, size);
}

// Has the thread look at the clock, and counts the nightly runs then.
static int64_t nights_at(Cx *cx, Flow *flow, Sync *sync, Clock *clock, uint64_t ms)
{
    atomic_store(&clock->ms, ms);
    (void)sync_start(sync);
    for (int i = 0; i < 1500 && sync_is_running(sync); i++)
        (void)usleep(20'000);
    return flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM sync_run WHERE cause = 'nightly'");
}

TEST("sync: a clock that jumps a year and back costs no night, one that was never set makes none")
{
    static const uint64_t day = UINT64_C(86'400'000), noon = UINT64_C(1'795'233'600'000);
    Flow *flow = flow_fixture_open(cx, NULL);
    Clock clock = {.world = {&clock, clock_ms, clock_steady, clock_random}, .ms = noon};
    Cx own;
    cx_init(&own, &clock.world, LIMIT_JOB_ARENA);
    Sync *sync = open_with(&own, flow, 3);
    static const struct {
        int64_t days; // from `noon`
        int64_t nights;
    } cases[] = {{0, 0}, {1, 1}, {366, 2}, {1, 2}, {2, 3}, {-365, 3}, {-364, 4}, {2, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (nights_at(cx, flow, sync, &clock,
                      (uint64_t)((int64_t)noon + cases[i].days * (int64_t)day)) != cases[i].nights)
            test_fail(__FILE__, __LINE__, cx_printf(cx, "case %zu", i).data);
    EXPECT(nights_at(cx, flow, sync, &clock, 5) == 5);
    EXPECT(sync_next(&own, sync) <= day);
    sync_stop(sync);
    sync_close(sync);
    cx_done(&own);
    flow_close(flow);
}
