#include "desk/running/audit/audit_check.h"

#include <sys/stat.h>

#include "desk/running/audit/audit_fixture.h"

TEST("audit_database: a page that was changed is the database's fault, and ends no audit")
{
    AuditFolder folder = audit_fixture_folder(cx, "database", 24, false);
    audit_fixture_write(cx, &folder, "fapiao.db", 4096 * 9 + 100, SLICE("xxxxxxxx"));
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(!report.ok && audit_fixture_has(&report, "database", SLICE("fapiao.db")));
    EXPECT(report.checked_count == 12);
}

TEST("audit_database: the header's open bytes are looked at, and so is what lies behind the end")
{
    static const AuditOptions ways[] = {{}, {.quick = true}, {.no_content = true}};
    AuditFolder folder = audit_fixture_folder(cx, "open", 25, false);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        AuditReport report = audit_fixture_run(cx, &folder, ways[i]);
        EXPECT(report.ok);
    }
    audit_fixture_write(cx, &folder, "fapiao.db", 23, SLICE("x"));
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        AuditReport report = audit_fixture_run(cx, &folder, ways[i]);
        EXPECT(audit_fixture_has(&report, "database", SLICE("fapiao.db")));
    }
    AuditFolder other = audit_fixture_folder(cx, "behind", 26, false);
    struct stat info;
    EXPECT(stat(disk_path(cx, other.path, "fapiao.db"), &info) == 0 && info.st_size % 4096 == 0);
    audit_fixture_write(cx, &other, "fapiao.db", info.st_size, SLICE("x"));
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        AuditReport report = audit_fixture_run(cx, &other, ways[i]);
        Slice where = cx_printf(cx, "fapiao.db@%lld", (long long)info.st_size);
        EXPECT(audit_fixture_has(&report, "database", where));
    }
}

// In bytes of fapiao.db: into the page that a table begins with.
static off_t place_of(Cx *cx, AuditFolder *folder, const char *table)
{
    Db *db = NULL;
    bool row = false;
    audit_fixture_open(cx, folder);
    EXPECT_OK(store_take(cx, folder->store, &db));
    DbRows *rows = NULL;
    EXPECT_OK(db_query(cx, db, "SELECT rootpage FROM sqlite_schema WHERE name = $1",
                       DB_VALUES(db_text(slice_of(table))), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    off_t place = (off_t)(db_col_int(rows, 0) - 1) * 4096 + 100;
    db_rows_close(rows);
    store_give(folder->store, db);
    audit_fixture_close(folder);
    return place;
}

TEST("audit_database: a page that does not open hides nothing of what is read before it")
{
    AuditFolder folder = audit_fixture_folder(cx, "one-page", 24, false);
    off_t place = place_of(cx, &folder, "invoice");
    audit_fixture_write(cx, &folder, "fapiao.db", place, SLICE("xxxxxxxx"));
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(!report.ok && audit_fixture_has(&report, "database", SLICE("fapiao.db")));
    for (size_t i = 0; i < report.checked_count; i++) {
        const AuditChecked *checked = &report.checked[i];
        bool facts = strcmp(checked->name, "events") == 0 || strcmp(checked->name, "tree") == 0 ||
                     strcmp(checked->name, "content") == 0;
        EXPECT(!facts || checked->things >= report.events);
    }
    EXPECT(report.events > 0);
    EXPECT(slice_find(report.findings[0].text, SLICE("projections: ")) != SLICE_NONE);
}
