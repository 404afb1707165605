#include "desk/invoice/document/refusal.h"

#include "commit/commit_fixture.h"

TEST("refusal: is written behind the answer, as many as there were")
{
    Store *store = fixture_store(cx, "refused");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    refusal_note(cx, committer, SLICE("local"), SLICE("cli"), REASON_EMPTY, 0);
    refusal_note(cx, committer, SLICE("local"), SLICE("http"), REASON_TOO_LARGE, 70'000'000);
    refusal_note(cx, NULL, SLICE("local"), SLICE("cli"), REASON_EMPTY, 0); // a mirror: no committer
    commit_close(committer);                                               // drains
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM refusal WHERE reason = 'empty'") == 1);
    EXPECT(fixture_count(cx, store,
                         "SELECT size FROM refusal WHERE source = 'http' AND "
                         "reason = 'too_large'") == 70'000'000);
    store_close(store);
}

// A disk that stood still, as whoever waits behind it sees it.
typedef struct Pause {
    WorldFake *fake;
    pthread_mutex_t mutex; // held until those behind it are queued
} Pause;

static Err stand_still(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db;
    Pause *pause = self;
    (void)pthread_mutex_lock(&pause->mutex);
    pause->fake->ms += 3'600'000;
    (void)pthread_mutex_unlock(&pause->mutex);
    return ERR_OK;
}

TEST("refusal: is dated when it is written: the day in which it was told may be signed")
{
    WorldFake fake;
    world_fake_init(&fake, 4, UINT64_C(1'767'196'000'000));
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    Store *store = fixture_store(&own, "waited");
    Committer *committer = NULL;
    const CommitOptions options = {};
    Pause pause = {&fake, PTHREAD_MUTEX_INITIALIZER};
    EXPECT_OK(commit_open(&own, store, &options, &committer));
    (void)pthread_mutex_lock(&pause.mutex);
    EXPECT_OK(commit_work(&own, committer, stand_still, NULL, &pause));
    refusal_note(&own, committer, SLICE("local"), SLICE("cli"), REASON_EMPTY, 0);
    (void)pthread_mutex_unlock(&pause.mutex);
    commit_close(committer); // drains
    EXPECT(fixture_count(&own, store, "SELECT time_ms FROM refusal") == 1'767'199'600'000);
    store_close(store);
    cx_done(&own);
}
