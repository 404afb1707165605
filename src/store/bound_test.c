#include "store/bound.h"

#include "base/test.h"
#include "crypto/keyfile.h"

static Store *open_new(Cx *cx, const char *name)
{
    const char *folder = cx_printf(cx, "%s/%s", test_folder(), name).data;
    const char *key_file = cx_printf(cx, "%s.key", folder).data;
    AeadKey key;
    Store *store = NULL;
    EXPECT_OK(keyfile_create(cx, key_file, &key));
    const StoreOptions options = {
        .folder = folder, .key_file = key_file, .create = true, .write = true};
    EXPECT_OK(store_open(cx, &options, &store));
    return store;
}

// What was noticed since the last time, as "place[!][-] …": ! firm, - gone.
static Slice noticed(Cx *cx, Store *store, Db *db)
{
    BoundTouched *rows = NULL;
    size_t count = 0;
    Slice all = SLICE("");
    EXPECT_OK(bound_touched(cx, store, db, &rows, &count));
    for (size_t i = 0; i < count; i++)
        all =
            cx_printf(cx, SLICE_FMT SLICE_FMT "%s%s ", SLICE_ARG(all), SLICE_ARG(rows[i].row.place),
                      rows[i].firm ? "!" : "", rows[i].row.there ? "" : "-");
    EXPECT_OK(bound_settle(cx, db, false));
    return all;
}

TEST("bound: every way to write a row is noticed, a loose column apart from a firm one")
{
    Store *store = open_new(cx, "noticed");
    Db *db = store_writer(store);
    static const struct {
        const char *sql, *noticed;
    } cases[] = {
        {"INSERT INTO member VALUES ('a', x'01', 1, 5)", "member(a, 01)! "},
        {"UPDATE member SET roles = 1", ""}, // says what it said
        {"UPDATE member SET roles = 2 WHERE tenant = 'a'", "member(a, 01)! "},
        {"UPDATE member SET account = x'02'", "member(a, 01)!- member(a, 02)! "},
        {"INSERT INTO member VALUES ('a', x'02', 3, 5) ON CONFLICT (tenant, account) DO UPDATE SET "
         "roles = excluded.roles",
         "member(a, 02)! "},
        {"DELETE FROM member", "member(a, 02)!- "},
        {"INSERT INTO session VALUES ('', x'aa', x'', x'', 'a', 1, 1, 1, x'', 0)",
         "session(, aa)! "},
        {"UPDATE session SET seen_ms = 2", "session(, aa) "},
        {"UPDATE session SET seen_ms = 3, factors = 2", "session(, aa)! "},
        {"INSERT INTO attempt VALUES ('', '2026-01-01', x'ff', 1)", "attempt(, 2026-01-01, ff) "},
        {"DELETE FROM attempt", "attempt(, 2026-01-01, ff)- "},
        {"INSERT INTO counter VALUES ('a', 'reference:2026', 1)", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT_OK(db_script(cx, db, cases[i].sql));
        Slice all = noticed(cx, store, db);
        if (!slice_equal(all, slice_of(cases[i].noticed)))
            test_fail(__FILE__, __LINE__,
                      cx_printf(cx, "%s: " SLICE_FMT, cases[i].sql, SLICE_ARG(all)).data);
    }
    store_close(store);
}

TEST("bound: what is taken back was never noticed, and a new connection notices as well")
{
    Store *store = open_new(cx, "back");
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(db_script(cx, db,
                        "SAVEPOINT work; INSERT INTO policy VALUES ('', 'a', x'01', 1); "
                        "ROLLBACK TO work; RELEASE work"));
    EXPECT(noticed(cx, store, db).size == 0);
    EXPECT_OK(db_script(cx, db, "INSERT INTO policy VALUES ('', 'b', x'01', 1)"));
    db_rollback(db);
    EXPECT(noticed(cx, store, db).size == 0);
    EXPECT_OK(store_reopen_writer(cx, store));
    db = store_writer(store);
    EXPECT_OK(db_script(cx, db, "INSERT INTO policy VALUES ('', 'c', x'01', 1)"));
    EXPECT(slice_equal(noticed(cx, store, db), SLICE("policy(, c)! ")));
    store_close(store);
}

static BoundRow only_row(Cx *cx, Store *store, const char *name)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    BoundRow bound = {};
    for (size_t i = 0; i < BOUND_TABLE_COUNT; i++) {
        if (strcmp(BOUND_TABLES[i].name, name) != 0) continue;
        EXPECT_OK(db_query_text(cx, store_writer(store), bound_select(cx, i), NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row);
        EXPECT_OK(bound_read(cx, store, rows, i, &bound));
        return bound;
    }
    test_fail(__FILE__, __LINE__, name);
    return bound;
}

TEST("bound: the digest is over the firm columns, the seal over all, and values don't run together")
{
    Store *store = open_new(cx, "digests");
    Db *db = store_writer(store);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO api_token VALUES ('a', x'01', x'0203', x'04', x'', 1, "
                        "1, 1, 0)"));
    const BoundRow first = only_row(cx, store, "api_token");
    EXPECT(slice_equal(first.place, SLICE("api_token(a, 01)")) && first.there);
    EXPECT_OK(db_script(cx, db, "UPDATE api_token SET used_ms = 7"));
    const BoundRow used = only_row(cx, store, "api_token");
    EXPECT(digest_equal(&first.firm, &used.firm) && !digest_equal(&first.whole, &used.whole));
    EXPECT_OK(db_script(cx, db, "UPDATE api_token SET hash = x'02', account = x'0304'"));
    const BoundRow moved = only_row(cx, store, "api_token");
    EXPECT(!digest_equal(&moved.firm, &used.firm) && !digest_equal(&moved.firm, &moved.whole));
    store_close(store);
}

// A new column that is in no list would be bound by nothing.
TEST("bound: the lists name every column of their tables")
{
    Store *store = open_new(cx, "lists");
    for (size_t i = 0; i < BOUND_TABLE_COUNT; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        int64_t listed = 1;
        Slice select = bound_select(cx, i);
        for (size_t at = 0; at < slice_find(select, SLICE(" FROM ")); at++)
            listed += select.data[at] == ',';
        Slice sql =
            cx_printf(cx, "SELECT count(*) FROM pragma_table_info('%s')", BOUND_TABLES[i].name);
        EXPECT_OK(db_query_text(cx, store_writer(store), sql, NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        if (db_col_int(rows, 0) != listed) test_fail(__FILE__, __LINE__, BOUND_TABLES[i].name);
        EXPECT(BOUND_TABLES[i].since >= 1 && BOUND_TABLES[i].since <= BOUND_VERSION);
    }
    store_close(store);
}
