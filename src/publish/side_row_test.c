#include "publish/side_row.h"

#include "base/base64.h"
#include "publish/record_fixture.h"

static int64_t number_of(Cx *cx, Db *db, const char *sql)
{
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t number = row ? db_col_int(rows, 0) : -1;
    db_rows_close(rows);
    return number;
}

TEST("side_row: a checkpoint names the one below it, and its seal is over all but the note")
{
    Record record = {.folder = record_folder(cx, "links")};
    record_open(cx, &record);
    EXPECT_OK(sealer_flush(cx, record.sealer)); // the opening's round is over
    for (int i = 0; i < 3; i++) {
        record_grow(cx, &record, 2);
        EXPECT_OK(sealer_flush(cx, record.sealer));
    }
    Db *db = store_writer(record.store); // nothing is under way on it
    EXPECT(number_of(cx, db, "SELECT follows FROM checkpoint WHERE size = 2") == 0);
    EXPECT(number_of(cx, db, "SELECT follows FROM checkpoint WHERE size = 4") == 2);
    EXPECT(number_of(cx, db, "SELECT follows FROM checkpoint WHERE size = 6") == 4);
    EXPECT(number_of(cx, db,
                     "SELECT COUNT(DISTINCT seal) FROM checkpoint WHERE length(seal) = 32") == 3);
    // One that comes later, as on a mirror, follows what is below it.
    Digest root = digest_of(DIGEST_SHA256, SLICE("root"));
    SideRowCheckpoint row = {
        .size = 5, .time_ms = 7, .root = digest_slice(&root), .note = SLICE("note")};
    EXPECT_OK(side_row_checkpoint(cx, db, record.log, &row));
    EXPECT(number_of(cx, db, "SELECT follows FROM checkpoint WHERE size = 5") == 4);
    Digest seal = side_row_seal(record.log, &row, 4), other;
    EXPECT(number_of(cx, db,
                     cx_printf(cx,
                               "SELECT hex(seal) = upper('" SLICE_FMT "') FROM checkpoint "
                               "WHERE size = 5",
                               SLICE_ARG(base64_hex(cx, digest_slice(&seal))))
                         .data) == 1);
    other = side_row_seal(record.log, &row, 2);
    EXPECT(!digest_equal(&seal, &other));
    row.time_ms++;
    other = side_row_seal(record.log, &row, 4);
    EXPECT(!digest_equal(&seal, &other));
    record_close(&record);
}

TEST("side_row: the newest day that is signed is counted, for each organisation")
{
    Store *store = fixture_store(cx, "days");
    Db *db = store_writer(store);
    static const struct {
        Slice tenant, day;
        int64_t counted;
    } cases[] = {{SLICE("east"), SLICE("2026-11-21"), 20'261'121},
                 {SLICE("east"), SLICE("2026-12-01"), 20'261'201},
                 {SLICE("east"), SLICE("2026-11-30"), 20'261'201}, // late: the newest stays
                 {SLICE("west"), SLICE("2027-01-02"), 20'270'102}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const SideRowStatement row = {
            .tenant = cases[i].tenant, .day = cases[i].day, .note = SLICE("note"), .size = i};
        EXPECT_OK(side_row_statement(cx, db, &row));
        EXPECT(number_of(cx, db,
                         cx_printf(cx,
                                   "SELECT next_value FROM counter WHERE name = 'statement' AND "
                                   "tenant = '" SLICE_FMT "'",
                                   SLICE_ARG(cases[i].tenant))
                             .data) == cases[i].counted);
    }
    const SideRowStatement none = {.tenant = SLICE("east"), .day = SLICE("today")};
    EXPECT(side_row_statement(cx, db, &none) == ERR_INPUT);
    store_close(store);
}
