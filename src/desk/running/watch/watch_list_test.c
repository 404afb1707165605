#include "desk/running/watch/watch_list.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

// The verifier keys of two witnesses (key bytes 1 and 2).
static Slice vkey_of(Cx *cx, Slice name, uint8_t seed, NoteKeyType type)
{
    Signer *signer = NULL;
    NoteKey key;
    Slice vkey;
    const uint8_t bytes[SIGNER_SEED_SIZE] = {seed};
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, bytes, &signer));
    const SignerPublic public_key = signer_public(signer);
    signer_close(signer);
    EXPECT_OK(note_key(cx, name, type, &public_key, &key));
    EXPECT_OK(note_key_vkey(cx, &key, &vkey));
    return vkey;
}

static size_t listed(Cx *cx, Flow *flow, WatchRow **rows)
{
    Db *db = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Err err = watch_list(cx, db, rows, &count);
    store_give(flow_store(flow), db);
    EXPECT_OK(err);
    return count;
}

TEST("watch list: witnesses are added, listed by name and taken off")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Committer *committer = flow_committer(flow);
    Slice a = vkey_of(cx, SLICE("w.example/a"), 1, NOTE_KEY_COSIGNATURE);
    Slice b = vkey_of(cx, SLICE("w.example/b"), 2, NOTE_KEY_COSIGNATURE);
    WatchRow *rows = NULL;
    EXPECT(listed(cx, flow, &rows) == 0);
    EXPECT_OK(watch_list_add(cx, committer, b, SLICE("http://127.0.0.1:1"), NULL));
    commit_halt(committer, "halted"); // the list can still be put right
    EXPECT_OK(watch_list_add(cx, committer, a, SLICE("https://w.example/x/"), NULL));
    commit_halt(committer, NULL);
    EXPECT(watch_list_add(cx, committer, a, SLICE("http://127.0.0.1:2"), NULL) == ERR_CONFLICT);
    EXPECT(watch_list_add(cx, committer, a, SLICE("ftp://w.example"), NULL) == ERR_INPUT);
    EXPECT(watch_list_add(cx, committer, SLICE("x"), SLICE("http://a"), NULL) == ERR_INPUT);
    EXPECT(watch_list_add(cx, committer, vkey_of(cx, SLICE("l"), 3, NOTE_KEY_ED25519),
                          SLICE("http://a"), NULL) == ERR_INPUT);
    EXPECT(listed(cx, flow, &rows) == 2);
    EXPECT(slice_equal(rows[0].name, SLICE("w.example/a")) && slice_equal(rows[0].vkey, a));
    EXPECT(slice_equal(rows[0].kind, SLICE("witness")) && rows[0].added_ms > 0);
    EXPECT(slice_equal(rows[0].url, SLICE("https://w.example/x/")) && rows[0].ok_ms == 0);
    EXPECT(watch_list_remove(cx, committer, SLICE("w.example"), NULL) == ERR_MISSING);
    EXPECT_OK(watch_list_remove(cx, committer, SLICE("w.example/a"), NULL));
    EXPECT(listed(cx, flow, &rows) == 1 && slice_equal(rows[0].vkey, b));
    flow_close(flow);
}

TEST("watch list: a change and its entry in the audit log are one transaction")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Committer *committer = flow_committer(flow);
    const char *entries = "SELECT COUNT(*) FROM event WHERE type = 19";
    AuditNote note = {.tenant = SLICE("local"),
                      .actor = SLICE("local"),
                      .source = SLICE("cli"),
                      .act = SLICE("witness.add"),
                      .object_kind = SLICE("witness"),
                      .object = SLICE("w.example/a")};
    Slice vkey = vkey_of(cx, SLICE("w.example/a"), 1, NOTE_KEY_COSIGNATURE);
    WatchRow *rows = NULL;
    EXPECT_OK(watch_list_add(cx, committer, vkey, SLICE("http://127.0.0.1:1"), &note));
    EXPECT(flow_fixture_number(cx, flow, entries) == 1);
    // What is refused is told, and nothing of it stays.
    EXPECT(watch_list_add(cx, committer, vkey, SLICE("http://b"), &note) == ERR_CONFLICT);
    EXPECT(flow_fixture_number(cx, flow, entries) == 2 && listed(cx, flow, &rows) == 1);
    EXPECT(slice_equal(rows[0].url, SLICE("http://127.0.0.1:1")));
    // The log takes nothing now, but whoever halted it can be put out.
    commit_halt(committer, "halted");
    EXPECT_OK(watch_list_remove(cx, committer, SLICE("w.example/a"), &note));
    EXPECT(flow_fixture_number(cx, flow, entries) == 2 && listed(cx, flow, &rows) == 0);
    flow_close(flow);
}

TEST("watch list: the first cosignature of a size is kept, a failure keeps what was reached")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Committer *committer = flow_committer(flow);
    Slice name = SLICE("w.example/a");
    WatchRow *rows = NULL;
    EXPECT_OK(watch_list_add(cx, committer, vkey_of(cx, name, 1, NOTE_KEY_COSIGNATURE),
                             SLICE("http://127.0.0.1:1"), NULL));
    const WatchOutcome outcomes[] = {
        {.name = name, .size = 7, .tried_ms = 100, .line = SLICE("one\n"), .seconds = 1},
        {.name = name, .size = 7, .tried_ms = 200, .line = SLICE("two\n"), .seconds = 2},
        {.name = name, .tried_ms = 300, .error = SLICE("away")},
    };
    for (size_t i = 0; i < 3; i++)
        EXPECT_OK(watch_list_note(cx, committer, &outcomes[i]));
    EXPECT(listed(cx, flow, &rows) == 1);
    EXPECT(rows[0].size == 7 && rows[0].ok_ms == 200 && rows[0].tried_ms == 300);
    EXPECT(slice_equal(rows[0].error, SLICE("away")));
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM cosignature") == 1);
    EXPECT(flow_fixture_number(cx, flow, "SELECT seconds FROM cosignature") == 1);
    EXPECT_OK(watch_list_note(cx, committer, &outcomes[1]));
    EXPECT(listed(cx, flow, &rows) == 1 && rows[0].error.size == 0);
    flow_close(flow);
}

TEST("watch list: two thirds of the witnesses, or what was set")
{
    static const size_t needs[] = {0, 1, 2, 2, 3, 4, 4, 5, 6, 6};
    for (size_t count = 0; count < sizeof needs / sizeof needs[0]; count++) {
        EXPECT(watch_list_need(count, 0) == needs[count]);
        EXPECT(watch_list_need(count, 1) == (count > 0 ? 1 : 0));
        EXPECT(watch_list_need(count, 99) == count);
    }
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    size_t set = 9;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(watch_list_quorum(cx, db, &set));
    EXPECT(set == 0);
    EXPECT_OK(watch_list_set_quorum(cx, flow_committer(flow), 3));
    EXPECT_OK(watch_list_quorum(cx, db, &set));
    EXPECT(set == 3);
    EXPECT_OK(watch_list_set_quorum(cx, flow_committer(flow), 0));
    EXPECT_OK(watch_list_quorum(cx, db, &set));
    EXPECT(set == 0);
    EXPECT(watch_list_set_quorum(cx, flow_committer(flow), 1000) == ERR_INPUT);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
