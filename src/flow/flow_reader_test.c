#include "flow/flow_reader.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

TEST("flow_reader: a stand-in reads, what it saw is validated, and its containers are unpacked")
{
    FlowReader reader = {.read = flow_fixture_read, .unpack = flow_fixture_unpack};
    Reading reading = {};
    EXPECT_OK(
        flow_reader_read(cx, &reader, SLICE("fapiao\nnumber 1\nissue_date 2999-01-01"), &reading));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].finding_count > 0);
    const Slice zip = SLICE("zip\na.xml fapiao|number 2\nd.txt hello");
    EXPECT_OK(flow_reader_read(cx, &reader, zip, &reading));
    EXPECT(reading.entry_count == 2 && flow_reader_unpacks(&reader));
    FlowArchive archive;
    Slice bytes;
    EXPECT_OK(flow_reader_open(cx, &reader, zip, &archive));
    EXPECT_OK(flow_reader_entry(cx, &archive, &reading.entries[1], &bytes));
    EXPECT(slice_equal(bytes, SLICE("hello")));
    flow_reader_close(&archive);
    reader.unpack = NULL;
    EXPECT(!flow_reader_unpacks(&reader));
    const FlowReader sandbox = {};
    EXPECT(flow_reader_unpacks(&sandbox));
}
