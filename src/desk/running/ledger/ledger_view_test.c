#include "desk/running/ledger/ledger_view.h"

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"

TEST("ledger_view: keys, head and checkpoint are those that receipts are signed with")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Log *log = flow_log(flow);
    Db *db = NULL;
    Slice lines, line, json, note;
    bool done = false;
    (void)flow_fixture_keep(cx, flow, "no invoice");
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow)));
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(ledger_view_keys(cx, log, &lines));
    EXPECT(slice_cut(&lines, '\n', &done, &line));
    NoteKey key;
    EXPECT_OK(note_key_parse(cx, line, &key));
    EXPECT(key.type == NOTE_KEY_ED25519 && slice_equal(key.name, log_origin(log)));

    EXPECT_OK(ledger_view_checkpoint(cx, log, db, &note));
    Note *parsed = arena_alloc(&cx->arena, sizeof *parsed);
    EXPECT_OK(note_parse(cx, note, parsed));
    EXPECT(note_verify(parsed, &key, NULL) == NOTE_HOLDS);

    EXPECT_OK(ledger_view_print(cx, log, db, &json));
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    int64_t size = 0, age = -1;
    EXPECT(json_in_int(json_in_get(root, "size"), &size) && size == 2); // received, quarantined
    EXPECT(json_in_int(json_in_get(root, "age_seconds"), &age) && age >= 0);
    EXPECT(slice_find(json, SLICE("\"witnesses\":{\"asked\":0,\"need\":0,\"signed\":0,"
                                  "\"size\":0}")) != SLICE_NONE);
    EXPECT(slice_equal(json_in_string(json_in_first(json_in_get(root, "vkeys"))), line));
    EXPECT(slice_equal(json_in_string(json_in_get(root, "checkpoint")), note));
    EXPECT(slice_find(note, json_in_string(json_in_get(root, "root"))) != SLICE_NONE);
    json_in_close(in);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
