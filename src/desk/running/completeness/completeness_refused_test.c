#include "base/date.h"
#include "commit/commit_fixture.h"
#include "desk/running/completeness/completeness.h"

TEST("completeness_refused: a line for each of the day, by time, then id")
{
    Store *store = fixture_store(cx, "refused");
    Db *db = store_writer(store);
    Date day;
    EXPECT_OK(date_parse(cx, SLICE("2026-01-01"), &day));
    const int64_t begins = (int64_t)date_begins_in_china(date_days(day));
    const struct {
        const char *id;
        int64_t ms;
    } rows[] = {{"bbbbbbbbbbbbbbbb", 5},
                {"aaaaaaaaaaaaaaaa", 5},
                {"cccccccccccccccc", 0},
                {"dddddddddddddddd", -1},
                {"eeeeeeeeeeeeeeee", 86'400'000}}; // two of other days
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO refusal (tenant, id, source, reason, size, time_ms) "
                         "VALUES ('local', $1, 'http', 'empty', 7, $2)",
                         DB_VALUES(db_blob(slice_of(rows[i].id)), db_int(begins + rows[i].ms)),
                         NULL));
    Digest now;
    EXPECT_OK(completeness_refused(cx, db, SLICE("local"), SLICE("2026-01-01"), &now));
    static const char hex[][33] = {"63636363636363636363636363636363",
                                   "61616161616161616161616161616161",
                                   "62626262626262626262626262626262"};
    Slice said =
        cx_printf(cx, "%s http empty 7 %lld\n%s http empty 7 %lld\n%s http empty 7 %lld\n", hex[0],
                  (long long)begins, hex[1], (long long)begins + 5, hex[2], (long long)begins + 5);
    const Digest wanted = digest_of(DIGEST_SHA256, said);
    EXPECT(digest_equal(&now, &wanted));
    const Digest none = digest_of(DIGEST_SHA256, SLICE(""));
    EXPECT_OK(completeness_refused(cx, db, SLICE("other"), SLICE("2026-01-01"), &now));
    EXPECT(digest_equal(&now, &none));
    EXPECT(completeness_refused(cx, db, SLICE("local"), SLICE("1 January"), &now) == ERR_INPUT);
    store_close(store);
}
