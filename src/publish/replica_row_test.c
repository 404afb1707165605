#include "publish/replica_row.h"

#include "base/limits.h"
#include "base/test.h"

static ReplicaRow a_reading(void)
{
    return (ReplicaRow){.table = REPLICA_READING,
                        .count = 9,
                        .values = {db_text(SLICE("t")), db_blob(SLICE("0123456789abcdef")),
                                   db_blob(SLICE("d")), db_int(-1), db_text(SLICE("")),
                                   db_blob(SLICE("i")), db_int(INT64_MAX), db_blob(SLICE("\0\xff")),
                                   db_int(7)}};
}

TEST("replica_row: printed and parsed, one after the other")
{
    const ReplicaRow row = a_reading();
    const ReplicaRow sealed = {
        .table = REPLICA_SEALED, .count = 1, .values = {db_blob(SLICE("bytes"))}};
    Text text = text_open(cx, LIMIT_MIB);
    replica_row_print(&text, &row);
    replica_row_print(&text, &sealed);
    Slice left = text_so_far(&text);
    ReplicaRow back;
    EXPECT_OK(replica_row_parse(cx, &left, &back));
    EXPECT(back.table == REPLICA_READING && back.count == row.count);
    for (size_t i = 0; i < row.count; i++)
        EXPECT(back.values[i].type == row.values[i].type &&
               back.values[i].number == row.values[i].number &&
               slice_equal(back.values[i].bytes, row.values[i].bytes));
    EXPECT_OK(replica_row_parse(cx, &left, &back));
    EXPECT(back.table == REPLICA_SEALED && slice_equal(back.values[0].bytes, SLICE("bytes")));
    EXPECT(left.size == 0);
}

TEST("replica_row: what is cut off, or of another form, is refused")
{
    const ReplicaRow row = a_reading();
    Text text = text_open(cx, LIMIT_MIB);
    replica_row_print(&text, &row);
    Slice whole = text_so_far(&text);
    ReplicaRow back;
    for (size_t size = 0; size < whole.size; size++) {
        Slice cut = slice_sub(whole, 0, size);
        EXPECT(replica_row_parse(cx, &cut, &back) == ERR_INPUT);
    }
    ReplicaRow wrong = row;
    wrong.values[0] = db_blob(SLICE("t")); // text was wanted
    text = text_open(cx, LIMIT_MIB);
    replica_row_print(&text, &wrong);
    Slice left = text_so_far(&text);
    EXPECT(replica_row_parse(cx, &left, &back) == ERR_INPUT);
    left = SLICE("\x7f");
    EXPECT(replica_row_parse(cx, &left, &back) == ERR_INPUT);
}

TEST("replica_row: columns and statements name as many as a row has")
{
    for (ReplicaTable table = REPLICA_EVENT; table < REPLICA_TABLE_COUNT; table++) {
        if (table == REPLICA_SEALED) continue;
        const char *columns = replica_row_columns(table);
        size_t count = 1;
        for (const char *at = columns; *at != '\0'; at++)
            count += *at == ',';
        EXPECT(slice_find(slice_of(replica_row_insert(table)), slice_of(columns)) != SLICE_NONE);
        Slice last = cx_printf(cx, "$%zu)", count);
        EXPECT(slice_ends(slice_of(replica_row_insert(table)), last));
        EXPECT(count <= REPLICA_COLUMNS_MAX);
    }
}
