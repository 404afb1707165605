#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

static Err put_people(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_script(
        cx, db,
        "INSERT INTO member VALUES ('local', x'01', 4, 5);"
        "INSERT INTO member VALUES ('local', x'02', 8, 5);"
        "INSERT INTO session VALUES ('', x'aa', x'', x'01', 'local', 1, 1, 1, x'', 0)");
}

static AuditFolder folder_with_people(Cx *cx, const char *name)
{
    AuditFolder folder = audit_fixture_folder(cx, name, 31, false);
    audit_fixture_open(cx, &folder);
    EXPECT_OK(commit_wait_work(cx, folder.committer, put_people, NULL));
    EXPECT_OK(sealer_flush(cx, folder.sealer));
    audit_fixture_close(&folder);
    return folder;
}

TEST("audit_bound: a role that was changed, a member that was put in or taken out, are named")
{
    AuditFolder folder = folder_with_people(cx, "people");
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(report.ok);
    audit_fixture_expect(cx, &folder, "member",
                         "UPDATE member SET roles = 255 WHERE account = x'01'", "row",
                         "member(local, 01)");
    report = audit_fixture_run(cx, &folder, (AuditOptions){.no_content = true});
    EXPECT(report.count == 1); // that one, and without contents, too
    audit_fixture_expect(cx, &folder, "member", "INSERT INTO member VALUES ('', x'01', 255, 5)",
                         "row_stray", "member(, 01)");
    audit_fixture_expect(cx, &folder, "member", "DELETE FROM member WHERE account = x'02'",
                         "row_gone", "member(local, 02)");
    audit_fixture_expect(cx, &folder, "session", "UPDATE session SET seen_ms = 9", "row",
                         "session(, aa)");
}

static Err since_later(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_script(cx, db, "UPDATE member SET since_ms = 9 WHERE account = x'01'");
}

TEST("audit_bound: a row that the program changes after somebody else did tells of both")
{
    AuditFolder folder = folder_with_people(cx, "after");
    audit_fixture_tamper(cx, &folder, "member",
                         "UPDATE member SET roles = 255 WHERE account = x'01'");
    audit_fixture_open(cx, &folder);
    EXPECT_OK(commit_wait_work(cx, folder.committer, since_later, NULL));
    audit_fixture_close(&folder);
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(audit_fixture_has(&report, "row", SLICE("member(local, 01)")) && report.count == 1);
    EXPECT(slice_find(report.findings[0].text_en, SLICE("stood there before event")) != SLICE_NONE);
}

TEST("audit_bound: in a folder with the log and none of the people nothing is missed")
{
    AuditFolder folder = folder_with_people(cx, "mirror");
    audit_fixture_tamper(cx, &folder, "member",
                         "DELETE FROM member; DELETE FROM watcher; DELETE FROM session; DELETE "
                         "FROM row_seal");
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(!audit_fixture_has(&report, "row", SLICE("")));
    EXPECT(!audit_fixture_has(&report, "row_gone", SLICE("")));
}
