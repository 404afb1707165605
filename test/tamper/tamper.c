// Tamper: every change that someone with the key can make in a folder's database, and what an audit
// says of it: the kind of the finding and the place that it must name. A change that nobody can see
// in the folder alone stands in the table as such, with its reason, and is expected to stay unseen.
//
// The database's own schema is walked: a table or column without a case fails the test.
#include "tamper_cases.h"
#include "tamper_raw.h"

// One change: SQL in a copy, an audit, and what it says.
typedef struct Change {
    const AuditFolder *folder;
    const TamperTable *table;
    Slice what, sql;
    const TamperExpect *expect;
} Change;

static int made, unseen;

static void fail(const Change *change, const AuditReport *report, Slice place)
{
    (void)fprintf(stderr, "tamper: " SLICE_FMT "\n  wanted %s at '" SLICE_FMT "', found:\n",
                  SLICE_ARG(change->what),
                  change->expect->kind == NULL ? "nothing" : change->expect->kind,
                  SLICE_ARG(place));
    audit_fixture_show(report);
    test_fail(__FILE__, __LINE__, "the audit says what was done");
}

static bool found(const AuditReport *report, const char *kind, Slice place)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->findings[i].kind, kind) == 0 &&
            slice_find(report->findings[i].where, place) != SLICE_NONE)
            return true;
    return false;
}

// Of a row that is there in one of `table` and `pristine` alone: what it was, or what it became.
static Slice place_of(const TamperRaw *raw, const Change *change)
{
    const TamperExpect *expect = change->expect;
    Slice place =
        expect->place == NULL ? tamper_raw_place(raw->cx, change->table) : slice_of(expect->place);
    Slice name = change->table->name;
    Slice is = expect->after ? name : SLICE("pristine");
    Slice is_not = expect->after ? SLICE("pristine") : name;
    return tamper_raw_text(raw, cx_printf(raw->cx,
                                          "SELECT " SLICE_FMT " FROM (SELECT * FROM " SLICE_FMT
                                          " EXCEPT SELECT * FROM " SLICE_FMT ") AS " SLICE_FMT,
                                          SLICE_ARG(place), SLICE_ARG(is), SLICE_ARG(is_not),
                                          SLICE_ARG(name)));
}

static void run_change(Cx *outer, const Change *change)
{
    Cx own, *cx = &own;
    cx_init(&own, outer->world, SIZE_MAX / 2);
    AuditFolder copy = tamper_raw_copy(cx, change->folder, "copy", false);
    TamperRaw raw;
    tamper_raw_open(cx, &copy, &raw);
    tamper_raw_run(&raw, cx_printf(cx, "CREATE TEMP TABLE pristine AS SELECT * FROM " SLICE_FMT,
                                   SLICE_ARG(change->table->name)));
    Slice guards = tamper_raw_unguard(&raw, change->table->name);
    tamper_raw_run(&raw, change->sql);
    tamper_raw_guard(&raw, guards);
    Slice place = place_of(&raw, change);
    tamper_raw_close(&raw);
    AuditReport report = audit_fixture_run(cx, &copy, (AuditOptions){});
    if (change->expect->unseen != NULL) {
        unseen++;
        if (!report.ok) fail(change, &report, place);
    } else if (place.size == 0 || !found(&report, change->expect->kind, place)) {
        fail(change, &report, place);
    }
    made++;
    tamper_raw_remove(&copy);
    cx_done(&own);
}

static Slice key_list(Cx *cx, const TamperTable *table)
{
    Text text = text_open(cx, 1024);
    for (size_t i = 0; i < table->key_count; i++)
        text_printf(&text, "%s" SLICE_FMT, i == 0 ? "" : ", ",
                    SLICE_ARG(table->columns[table->key[i]]));
    return text_so_far(&text);
}

static bool is_key(const TamperTable *table, size_t column)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (table->key[i] == column) return true;
    return false;
}

static Slice value_list(Cx *cx, const TamperTable *table)
{
    Text text = text_open(cx, 4096);
    for (size_t i = 0; i < table->count; i++)
        if (!is_key(table, i))
            text_printf(&text, "%s" SLICE_FMT, text.size == 0 ? "" : ", ",
                        SLICE_ARG(table->columns[i]));
    return text_so_far(&text);
}

// WHERE of the row that stands at `offset` in the order of the key, among those that fit.
static Slice row_at(Cx *cx, const TamperTable *table, int64_t offset, const char *fit)
{
    Slice keys = key_list(cx, table), name = table->name;
    return cx_printf(cx,
                     "WHERE (" SLICE_FMT ") = (SELECT " SLICE_FMT " FROM " SLICE_FMT
                     " %s ORDER BY " SLICE_FMT " LIMIT 1 OFFSET %lld)",
                     SLICE_ARG(keys), SLICE_ARG(keys), SLICE_ARG(name), fit, SLICE_ARG(keys),
                     (long long)offset);
}

// A value that is another one, of the same type.
static Slice other_value(Cx *cx, const TamperTable *table, size_t column)
{
    const char *c = cx_printf(cx, SLICE_FMT, SLICE_ARG(table->columns[column])).data;
    Slice type = table->types[column];
    if (slice_equal(type, SLICE("INTEGER"))) return cx_printf(cx, "COALESCE(%s, 0) + 1", c);
    if (slice_equal(type, SLICE("TEXT"))) return cx_printf(cx, "COALESCE(%s, '') || 'x'", c);
    return cx_printf(cx,
                     "COALESCE(CAST(substr(%s, 1, length(%s) - 1) || CASE hex(substr(%s, -1)) "
                     "WHEN '41' THEN x'42' ELSE x'41' END AS BLOB), x'01')",
                     c, c, c);
}

static void change_columns(Cx *cx, Change change, const TamperCase *table_case, int64_t rows)
{
    const TamperTable *table = change.table;
    for (size_t i = 0; i < table->count; i++) {
        const TamperColumn *column = tamper_cases_column(table_case, table->columns[i]);
        // A duplicate has no place of its own in a segment.
        bool document = slice_equal(table->name, SLICE("document"));
        Slice row = document ? row_at(cx, table, 3, "WHERE same_as IS NULL")
                             : row_at(cx, table, rows / 2, "");
        Slice value = column->value != NULL ? slice_of(column->value) : other_value(cx, table, i);
        change.what = cx_printf(cx, SLICE_FMT "." SLICE_FMT " changed", SLICE_ARG(table->name),
                                SLICE_ARG(table->columns[i]));
        change.expect = &column->expect;
        change.sql = cx_printf(
            cx, "UPDATE " SLICE_FMT " SET " SLICE_FMT " = " SLICE_FMT " " SLICE_FMT,
            SLICE_ARG(table->name), SLICE_ARG(table->columns[i]), SLICE_ARG(value), SLICE_ARG(row));
        run_change(cx, &change);
    }
}

static void delete_rows(Cx *cx, Change change, const TamperCase *table_case, int64_t rows)
{
    struct {
        const char *what;
        int64_t offset;
        bool there;
        const TamperExpect *expect;
    } const which[] = {{"first", 0, true, &table_case->first},
                       {"middle", rows / 2, rows > 2, &table_case->middle},
                       {"last", rows - 1, rows > 1, &table_case->last}};
    for (size_t i = 0; i < 3; i++) {
        if (!which[i].there) continue;
        change.what = cx_printf(cx, SLICE_FMT ": %s row deleted", SLICE_ARG(change.table->name),
                                which[i].what);
        change.expect = which[i].expect;
        Slice row = row_at(cx, change.table, which[i].offset, "");
        change.sql = cx_printf(cx, "DELETE FROM " SLICE_FMT " " SLICE_FMT,
                               SLICE_ARG(change.table->name), SLICE_ARG(row));
        run_change(cx, &change);
    }
    if (rows < 4) return;
    change.what = cx_printf(cx, SLICE_FMT ": cut off", SLICE_ARG(change.table->name));
    change.expect = &table_case->last;
    Slice keys = key_list(cx, change.table), name = change.table->name;
    change.sql = cx_printf(cx,
                           "DELETE FROM " SLICE_FMT " WHERE (" SLICE_FMT ") IN (SELECT " SLICE_FMT
                           " FROM " SLICE_FMT " ORDER BY " SLICE_FMT " LIMIT 3 OFFSET %lld)",
                           SLICE_ARG(name), SLICE_ARG(keys), SLICE_ARG(keys), SLICE_ARG(name),
                           SLICE_ARG(keys), (long long)rows - 3);
    run_change(cx, &change);
}

// The values of the first row under the key of the last that has others, and the other way round.
static void swap_rows(Cx *cx, Change change, const TamperCase *table_case, int64_t rows)
{
    if (rows < 2) return;
    Slice name = change.table->name, keys = key_list(cx, change.table);
    Slice values = value_list(cx, change.table), first = row_at(cx, change.table, 0, "");
    const char *n = cx_printf(cx, SLICE_FMT, SLICE_ARG(name)).data;
    const char *k = cx_printf(cx, SLICE_FMT, SLICE_ARG(keys)).data;
    const char *v = cx_printf(cx, SLICE_FMT, SLICE_ARG(values)).data;
    change.what = cx_printf(cx, "%s: two rows swapped", n);
    change.expect = &table_case->swapped;
    change.sql = cx_printf(
        cx,
        "CREATE TEMP TABLE one AS SELECT * FROM %s " SLICE_FMT ";"
        "CREATE TEMP TABLE two AS SELECT * FROM %s WHERE (%s) IS NOT (SELECT %s FROM one) "
        "ORDER BY %s LIMIT 1 OFFSET (SELECT COUNT(*) - 1 FROM %s WHERE (%s) IS NOT "
        "(SELECT %s FROM one));"
        "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM one UNION SELECT %s FROM two);"
        "INSERT INTO %s (%s, %s) SELECT * FROM (SELECT %s FROM one), (SELECT %s FROM two);"
        "INSERT INTO %s (%s, %s) SELECT * FROM (SELECT %s FROM two), (SELECT %s FROM one)",
        n, SLICE_ARG(first), n, v, v, k, n, v, v, n, k, k, k, n, k, v, k, v, n, k, v, k, v);
    run_change(cx, &change);
}

static void forge_row(Cx *cx, Change change, const TamperCase *table_case, int64_t rows)
{
    const TamperTable *table = change.table;
    size_t last = table->key[table->key_count - 1];
    Slice value = other_value(cx, table, last);
    const char *n = cx_printf(cx, SLICE_FMT, SLICE_ARG(table->name)).data;
    const char *column = cx_printf(cx, SLICE_FMT, SLICE_ARG(table->columns[last])).data;
    if (slice_equal(table->types[last], SLICE("INTEGER")))
        value = cx_printf(cx, "(SELECT MAX(%s) FROM %s) + 1", column, n);
    const char *others = table_case->forge;
    if (strcmp(n, "document_state") == 0) others = "reference = reference || '9'";
    Slice row = row_at(cx, table, rows / 2, "");
    change.what = cx_printf(cx, "%s: a row forged", n);
    change.expect = &table_case->forged;
    change.sql =
        cx_printf(cx,
                  "CREATE TEMP TABLE forged AS SELECT * FROM %s " SLICE_FMT
                  "; UPDATE forged SET %s = " SLICE_FMT "%s%s; INSERT INTO %s SELECT * FROM forged",
                  n, SLICE_ARG(row), column, SLICE_ARG(value), others == NULL ? "" : ", ",
                  others == NULL ? "" : others, n);
    run_change(cx, &change);
}

static void tamper_table(Cx *outer, const AuditFolder *folder, Slice name)
{
    Cx own, *cx = &own;
    cx_init(&own, outer->world, SIZE_MAX / 2);
    TamperRaw raw;
    tamper_raw_open(cx, folder, &raw);
    const TamperTable table = tamper_raw_table(&raw, name);
    uint64_t rows = 0;
    Slice sql = cx_printf(cx, "SELECT CAST(COUNT(*) AS TEXT) FROM " SLICE_FMT, SLICE_ARG(name));
    EXPECT(slice_u64(tamper_raw_text(&raw, sql), &rows));
    tamper_raw_close(&raw);
    if (rows == 0) {
        (void)fprintf(stderr, "table " SLICE_FMT " is empty\n", SLICE_ARG(name));
        test_fail(__FILE__, __LINE__, "every table has rows that can be changed");
    }
    const TamperCase *table_case = tamper_cases_of(name);
    const Change change = {.folder = folder, .table = &table};
    change_columns(cx, change, table_case, (int64_t)rows);
    delete_rows(cx, change, table_case, (int64_t)rows);
    swap_rows(cx, change, table_case, (int64_t)rows);
    forge_row(cx, change, table_case, (int64_t)rows);
    cx_done(&own);
}

TEST("tamper: an audit names the row of every change in every table, and nothing when nothing was")
{
    AuditFolder folder = audit_fixture_folder(cx, "folder", 1, true);
    AuditFolder control = tamper_raw_copy(cx, &folder, "control", false);
    AuditReport report = audit_fixture_run(cx, &control, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(report.ok);
    TamperRaw raw;
    tamper_raw_open(cx, &folder, &raw);
    Slice names = tamper_raw_text(&raw, SLICE("SELECT group_concat(name) FROM sqlite_schema WHERE "
                                              "type = 'table' AND name NOT LIKE 'sqlite_%'"));
    tamper_raw_close(&raw);
    bool done = false;
    Slice name;
    while (slice_cut(&names, ',', &done, &name))
        tamper_table(cx, &folder, name);
    printf("tamper: %d changes of rows, %d of them nobody can see in the folder alone\n", made,
           unseen);
    EXPECT(made > 200);
}

// Changes of more than one row, by someone who sets the counters right as well.
TEST("tamper: what is cut off with its counters put right is missed by the checkpoint")
{
    static const struct {
        const char *what, *sql, *kind, *where;
    } cases[] = {
        {"the last events, and the head with them",
         "DELETE FROM event WHERE sequence > (SELECT MAX(sequence) - 3 FROM event);"
         "UPDATE head SET next_sequence = (SELECT MAX(sequence) + 1 FROM event)",
         "checkpoint", "checkpoint(, "},
        {"the last events, the head, and the newest checkpoint",
         "DELETE FROM event WHERE sequence > (SELECT MAX(sequence) - 3 FROM event);"
         "UPDATE head SET next_sequence = (SELECT MAX(sequence) + 1 FROM event);"
         "DELETE FROM checkpoint WHERE size > (SELECT MAX(sequence) FROM event);"
         "UPDATE log_head SET size = (SELECT MAX(size) FROM checkpoint), root = (SELECT root FROM "
         "checkpoint ORDER BY size DESC LIMIT 1)",
         "checkpoint_file", "ledger/checkpoint"},
        {"a document, with all that it left",
         "DELETE FROM content_key WHERE subject = (SELECT subject FROM event WHERE sequence = 1);"
         "DELETE FROM document WHERE id = (SELECT subject FROM event WHERE sequence = 1);"
         "DELETE FROM event WHERE sequence = 1",
         "event_gap", "event(1)"},
    };
    AuditFolder folder = audit_fixture_folder(cx, "folder", 2, false);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AuditFolder copy = tamper_raw_copy(cx, &folder, "copy", false);
        TamperRaw raw;
        tamper_raw_open(cx, &copy, &raw);
        static const char *const tables[] = {"event", "checkpoint", "content_key", "document"};
        Slice guards[4];
        for (size_t t = 0; t < 4; t++)
            guards[t] = tamper_raw_unguard(&raw, slice_of(tables[t]));
        tamper_raw_run(&raw, slice_of(cases[i].sql));
        for (size_t t = 0; t < 4; t++)
            tamper_raw_guard(&raw, guards[t]);
        tamper_raw_close(&raw);
        AuditReport report = audit_fixture_run(cx, &copy, (AuditOptions){});
        if (!found(&report, cases[i].kind, slice_of(cases[i].where))) {
            audit_fixture_show(&report);
            test_fail(__FILE__, __LINE__, cases[i].what);
        }
        tamper_raw_remove(&copy);
    }
}
