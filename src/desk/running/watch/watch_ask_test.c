#include "desk/running/watch/watch_ask.h"

#include "base/base64.h"
#include "base/test.h"
#include "desk/running/watch/watch_fixture.h"
#include "desk/running/witness/witness_fixture.h"

// A log of `size` leaves, seen by a witness that cosigned `seen` of them last.
static WatchAnswer asked(Cx *cx, WatchFixture *witness, WitnessLog *log, uint64_t size,
                         uint64_t known)
{
    TreeEdge edge;
    WatchAnswer answer = {};
    WatchAsk ask = {.url = witness->url,
                    .origin = log->origin,
                    .log_keys = &log->key,
                    .log_key_count = 1,
                    .reader = tree_fixture_reader(&log->tree),
                    .size = size,
                    .known = known,
                    .note = witness_fixture_note(cx, log, size),
                    .timeout_ms = 5000};
    EXPECT_OK(note_key_parse(cx, witness->vkey, &ask.key));
    EXPECT_OK(tree_load(cx, &ask.reader, size, &edge));
    ask.root = tree_root(&edge);
    EXPECT_OK(watch_ask(cx, &ask, &answer));
    EXPECT(answer.text.size < WATCH_TEXT_SIZE);
    EXPECT((answer.verdict == WATCH_COSIGNED) == (answer.text.size == 0));
    EXPECT((answer.verdict == WATCH_COSIGNED) == (answer.line.size > 0));
    return answer;
}

TEST("watch ask: a log that has only grown is cosigned, whatever size we thought was known")
{
    WitnessLog log;
    WatchFixture witness;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &log.vkey, 1);
    static const struct {
        uint64_t size, known;
        int posts;
    } cases[] = {
        {5, 0, 1},   {9, 5, 1}, {9, 9, 1}, // from where it stands
        {20, 0, 2},                        // forgotten: it says 9
        {25, 21, 2},                       // never told: it says 20
        {30, 39, 2},                       // more than we have: it is asked, and shows 25
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        witness.posts = 0;
        WatchAnswer answer = asked(cx, &witness, &log, cases[i].size, cases[i].known);
        EXPECT(answer.verdict == WATCH_COSIGNED && answer.known == cases[i].size);
        EXPECT(answer.seconds > 0 && slice_starts(answer.line, SLICE("\xE2\x80\x94 w.example ")));
        EXPECT(witness.posts == cases[i].posts - (i == 5));
    }
    watch_fixture_close(&witness);
}

TEST("watch ask: a log that has gone back is shown by what it has signed")
{
    WitnessLog log;
    WatchFixture witness;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &log.vkey, 1);
    EXPECT(asked(cx, &witness, &log, 30, 0).verdict == WATCH_COSIGNED);
    static const uint64_t known[] = {0, 20, 25, 30};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        WatchAnswer answer = asked(cx, &witness, &log, 25, known[i]);
        EXPECT(answer.verdict == WATCH_AHEAD && answer.theirs.size == 30);
        EXPECT(slice_find(answer.text, SLICE("倒退")) != SLICE_NONE);
        EXPECT(slice_find(answer.text, SLICE("w.example: 30 ")) != SLICE_NONE);
        EXPECT(slice_find(answer.text, SLICE("here: 25 ")) != SLICE_NONE);
        Slice root = base64_encode(cx, digest_slice(&answer.theirs.root));
        EXPECT(slice_find(answer.text, root) != SLICE_NONE);
        EXPECT(slice_find(answer.evidence, SLICE("log.example/a\n30\n")) == 0);
    }
    watch_fixture_close(&witness);
}

TEST("watch ask: a fork is seen at the same size, and after it has grown past the witness")
{
    WitnessLog log, fork;
    WatchFixture witness;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    witness_fixture_log(cx, &fork, SLICE("log.example/a"), 1, 40, 10);
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &log.vkey, 1);
    EXPECT(asked(cx, &witness, &log, 20, 0).verdict == WATCH_COSIGNED);
    static const struct {
        uint64_t size, known;
    } cases[] = {{20, 20}, {20, 0}, {30, 20}, {30, 15}, {40, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WatchAnswer answer = asked(cx, &witness, &fork, cases[i].size, cases[i].known);
        EXPECT(answer.verdict == WATCH_FORKED && answer.theirs.size == 20);
        EXPECT(slice_find(answer.text, SLICE("分叉")) != SLICE_NONE);
    }
    EXPECT(asked(cx, &witness, &log, 30, 20).verdict == WATCH_COSIGNED);
    watch_fixture_close(&witness);
}

TEST("watch ask: what a witness claims without our signature is no alarm")
{
    WitnessLog log, other;
    WatchFixture witness;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 20, 20);
    witness_fixture_log(cx, &other, SLICE("log.example/b"), 2, 20, 20);
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &log.vkey, 1);
    static const struct {
        WatchMood mood;
        const char *says;
    } cases[] = {
        {WATCH_MOOD_AWAY, "did not answer"},      {WATCH_MOOD_FORGED, "does not hold"},
        {WATCH_MOOD_CLAIMS, "shows nothing"},     {WATCH_MOOD_REFUSES, "shows nothing"},
        {WATCH_MOOD_CRASHED, "answered 500: no"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        witness.mood = cases[i].mood;
        WatchAnswer answer = asked(cx, &witness, &log, 9, 3);
        EXPECT(answer.verdict == WATCH_NO_ANSWER && answer.known == 3);
        EXPECT(slice_find(answer.text, slice_of(cases[i].says)) != SLICE_NONE);
    }
    witness.mood = WATCH_MOOD_HONEST;
    WatchAnswer answer = asked(cx, &witness, &other, 9, 0);
    EXPECT(answer.verdict == WATCH_NO_ANSWER);
    EXPECT(slice_find(answer.text, SLICE("does not know this log")) != SLICE_NONE);
    watch_fixture_close(&witness);
}

// All that it is told: no byte besides origin, sizes, hashes and our signatures.
TEST("watch ask: nothing but the checkpoint and its proof leaves the house")
{
    WitnessLog log;
    WatchFixture witness;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &log.vkey, 1);
    EXPECT(asked(cx, &witness, &log, 20, 0).verdict == WATCH_COSIGNED);
    Slice port = cx_printf(cx, "%u", fetch_fixture_port(witness.server));
    Slice body = witness_fixture_post(cx, &log, 0, 20);
    Slice whole = cx_printf(cx,
                            "POST /add-checkpoint HTTP/1.1\r\nHost: 127.0.0.1:" SLICE_FMT
                            "\r\nAccept: */*\r\nContent-Length: %zu\r\n\r\n" SLICE_FMT,
                            SLICE_ARG(port), body.size, SLICE_ARG(body));
    EXPECT(slice_equal(fetch_fixture_heard(cx, witness.server), whole));
    watch_fixture_close(&witness);
}
