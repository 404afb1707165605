#include "desk/running/watch/watch_command.h"

#include "base/test.h"
#include "desk/running/watch/watch_fixture.h"
#include "flow/flow_fixture.h"
#include "store/disk.h"

TEST("watch command: what a command wrote is shown to the witness before it ends; a copy waits")
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                           .workers = 1,
                           .read = flow_fixture_read};
    Flow *flow = NULL;
    Watch *watch = NULL;
    WatchFixture witness;
    Slice vkey;
    WitnessReply reply;
    EXPECT_OK(watch_command_open(cx, &options, &flow, &watch));
    EXPECT_OK(note_key_vkey(cx, log_keys(flow_log(flow)), &vkey));
    watch_fixture_open(cx, &witness, test_folder(), SLICE("w.example"), &vkey, 1);
    EXPECT_OK(watch_list_add(cx, flow_committer(flow), witness.vkey, witness.url, NULL));
    watch_command_close(flow, watch);

    EXPECT_OK(watch_command_open(cx, &options, &flow, &watch));
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000048500001\n");
    watch_command_close(flow, watch);
    EXPECT(witness.posts > 0);

    // The folder forgets that it is the one: the witness says so in time, and it goes on.
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "ledger/here"), SLICE("")));
    EXPECT_OK(watch_command_open(cx, &options, &flow, &watch));
    EXPECT(commit_halted(cx, flow_committer(flow)).size == 0);
    watch_command_close(flow, watch);
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "ledger/here"), SLICE("")));
    witness.mood = WATCH_MOOD_AWAY;
    EXPECT_OK(watch_command_open(cx, &options, &flow, &watch));
    EXPECT(commit_halted(cx, flow_committer(flow)).size > 0);
    watch_command_close(flow, watch);
    watch_command_close(NULL, NULL);
    witness_checkpoint(cx, witness.witness, SLICE(""), &reply);
    EXPECT(reply.status == 404);
    watch_fixture_close(&witness);
}
