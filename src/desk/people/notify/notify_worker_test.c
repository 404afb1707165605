#include "desk/people/notify/notify_worker.h"

#include <pthread.h>
#include <time.h>

#include "base/test.h"
#include "desk/people/notify/notify.h"
#include "desk/people/notify/notify_address.h"
#include "flow/flow_fixture.h"

#define PATIENCE_S 30 // only a test that fails waits so long

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int fast_count, slow_count;
static bool hold;

static void count_up(int *count)
{
    (void)pthread_mutex_lock(&mutex);
    ++*count;
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&mutex);
}

static bool reaches(const int *count, int wanted)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE_S;
    (void)pthread_mutex_lock(&mutex);
    int rc = 0;
    while (*count < wanted && rc == 0)
        rc = pthread_cond_timedwait(&changed, &mutex, &end);
    bool reached = *count >= wanted;
    (void)pthread_mutex_unlock(&mutex);
    return reached;
}

static Err fast_send(Cx *cx, const NotifySend *send)
{
    (void)cx, (void)send;
    count_up(&fast_count);
    return ERR_OK;
}

// A server that never answers, until the program ends.
static Err slow_send(Cx *cx, const NotifySend *send)
{
    count_up(&slow_count);
    while (hold && !atomic_load(send->stop))
        (void)nanosleep(&(struct timespec){.tv_nsec = 1'000'000}, NULL);
    return err_set(cx, ERR_STORE, "stopped");
}

static const NotifyChannel channels[] = {
    {"sms", notify_address_phone, fast_send, {NOTIFY_SMS_URL, NOTIFY_SMS_URL}, "没有", "none"},
    {"wecom",
     notify_address_label,
     slow_send,
     {NOTIFY_WECOM_URL, NOTIFY_WECOM_URL},
     "没有",
     "none"},
};

static void put(Cx *cx, Flow *flow, Slice channel, Slice to)
{
    uint8_t id[COMMIT_ID_SIZE];
    EXPECT_OK(notify_test_message(cx, flow_store(flow), flow_committer(flow), SLICE("local"),
                                  channel, to, SLICE("zh"), id));
}

static NotifyWorker *open_worker(Cx *cx, Flow *flow)
{
    NotifyWorker *worker = NULL;
    const NotifyWorkerOptions options = {.store = flow_store(flow),
                                         .committer = flow_committer(flow),
                                         .channels = channels,
                                         .channel_count = 2};
    EXPECT_OK(notify_worker_open(cx, &options, &worker));
    return worker;
}

static Flow *open_flow(Cx *cx, const char *folder)
{
    Flow *flow = flow_fixture_open(cx, folder);
    const NotifySet sets[] = {{SLICE("sms.url"), SLICE("https://sms.example/")},
                              {SLICE("wecom.url"), SLICE("https://wecom.example/")}};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("local"), .act = SLICE("set")};
    EXPECT_OK(notify_setting_set(cx, flow_store(flow), flow_committer(flow), sets, 2, &note));
    return flow;
}

TEST("notify_worker: what is put is sent at once; a server that does not answer stops no other "
     "channel, and no end")
{
    const char *folder = cx_printf(cx, "%s/w", test_folder()).data;
    Flow *flow = open_flow(cx, folder);
    fast_count = slow_count = 0;
    hold = true;
    put(cx, flow, SLICE("sms"), SLICE("13800138000")); // before it is opened
    NotifyWorker *worker = open_worker(cx, flow);
    EXPECT(reaches(&fast_count, 1));
    put(cx, flow, SLICE("wecom"), SLICE(""));
    EXPECT(reaches(&slow_count, 1));
    for (int i = 2; i < 5; i++) {
        put(cx, flow, SLICE("sms"), SLICE("13800138000"));
        EXPECT(reaches(&fast_count, i));
    }
    // Others write while it hangs.
    EXPECT(flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000048542163\n").size > 0);
    notify_worker_stop(worker);
    flow_close(flow);
    notify_worker_close(worker);
    // What was being sent is tried again after the next start.
    hold = false;
    flow = flow_fixture_open(cx, folder);
    worker = open_worker(cx, flow);
    EXPECT(reaches(&slow_count, 2) && fast_count == 4);
    notify_worker_stop(worker);
    flow_close(flow);
    notify_worker_close(worker);
    notify_worker_stop(NULL);
    notify_worker_close(NULL);
}
