#include "commit/group_digest.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "crypto/sm3_lanes.h"

static bool is_sm3(const Digest *digest, Slice bytes)
{
    const Digest one = digest_of(DIGEST_SM3, bytes);
    return digest_equal(digest, &one);
}

TEST("group digest: of every document and reading, whether small, long or made already")
{
    enum { COMMANDS = 600 };
    Store *store = fixture_store(cx, "digests");
    static Command commands[COMMANDS];
    Slice bytes[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++) {
        const size_t size = i % 50 == 3 ? SM3_LANES_LONGEST + i % 2 : 1 + i * 7 % 900;
        char *text = arena_alloc(&cx->arena, size);
        memset(text, (int)('a' + i % 26), size);
        bytes[i] = (Slice){text, size};
        commands[i] = (Command){.next = i + 1 < COMMANDS ? &commands[i + 1] : NULL};
        cx_init(&commands[i].cx, cx->world, LIMIT_JOB_ARENA);
        const Arrival arrival = {
            .tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s"), .bytes = bytes[i]};
        if (i % 3 == 0) {
            commands[i].kind = COMMAND_RECEIVE;
            EXPECT_OK(receive_prepare(&commands[i].cx, store, &arrival, &commands[i].receiving));
            continue;
        }
        commands[i].kind = i % 3 == 1 ? COMMAND_DECIDE : COMMAND_WORK;
        Deciding *deciding = &commands[i].deciding;
        deciding->drafts = arena_alloc(&cx->arena, 2 * sizeof *deciding->drafts);
        deciding->draft_count = 2;
        deciding->drafts[0].canonical = deciding->drafts[1].canonical = bytes[i];
        deciding->drafts[1].sm3_known = true;
    }
    group_digest_all(commands);
    const Digest none = {};
    for (size_t i = 0; i < COMMANDS; i++) {
        const DecidingDraft *drafts = commands[i].deciding.drafts;
        if (commands[i].kind == COMMAND_RECEIVE)
            EXPECT(slice_empty(commands[i].receiving.small) &&
                   is_sm3(&commands[i].receiving.sm3, bytes[i]));
        if (commands[i].kind == COMMAND_DECIDE)
            EXPECT(drafts[0].sm3_known && is_sm3(&drafts[0].sm3, bytes[i]) &&
                   digest_equal(&drafts[1].sm3, &none));
        if (commands[i].kind == COMMAND_WORK) EXPECT(!drafts[0].sm3_known);
        cx_done(&commands[i].cx);
    }
    store_close(store);
}
