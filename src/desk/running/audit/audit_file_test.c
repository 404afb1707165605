#include "desk/running/audit/audit_file.h"

#include "desk/running/audit/audit_fixture.h"

typedef struct Late { // writes the file a moment after the audit has looked
    const char *path;
    Slice bytes;
} Late;

static void *write_late(void *self)
{
    const Late *late = self;
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    (void)usleep(300'000);
    Err err = disk_replace(&cx, late->path, late->bytes);
    cx_done(&cx);
    return err == ERR_OK ? NULL : self;
}

TEST(
    "audit_file: a file that comes a moment after its row is waited for, one that does not is told")
{
    AuditFolder folder = audit_fixture_folder(cx, "late", 38, false);
    Late late = {.path = cx_printf(cx, "%s/ledger/checkpoint", folder.path).data};
    EXPECT_OK(disk_read(cx, late.path, 65'536, &late.bytes));
    const AuditOptions kinds[] = {{.no_content = true}, {.quick = true, .seed = 1}};
    for (size_t i = 0; i < 2; i++) {
        EXPECT(unlink(late.path) == 0);
        AuditReport report = audit_fixture_run(cx, &folder, kinds[i]);
        EXPECT(report.count == 1);
        EXPECT(audit_fixture_has(&report, "checkpoint_file", SLICE("ledger/checkpoint")));
        pthread_t thread;
        EXPECT(pthread_create(&thread, NULL, write_late, &late) == 0);
        report = audit_fixture_run(cx, &folder, kinds[i]);
        void *failed = NULL;
        EXPECT(pthread_join(thread, &failed) == 0 && failed == NULL);
        audit_fixture_show(&report);
        EXPECT(report.ok);
    }
}
