// Tampering with the schema and with the files beside the database.
#include "tamper_raw.h"

#include <sys/stat.h>

static void expect(const AuditReport *report, const char *what, const char *kind, Slice where)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->findings[i].kind, kind) == 0 &&
            slice_find(report->findings[i].where, where) != SLICE_NONE)
            return;
    (void)fprintf(stderr, "%s: wanted %s at " SLICE_FMT ", found:\n", what, kind, SLICE_ARG(where));
    audit_fixture_show(report);
    test_fail(__FILE__, __LINE__, "the audit says what was done");
}

// --- definitions

typedef struct Weaken {
    const char *type, *how; // SQL with the object's name where %s stands; NULL = dropped
} Weaken;

static const Weaken weakenings[] = {
    {"trigger", NULL},
    {"trigger", "PRAGMA writable_schema=ON;UPDATE sqlite_schema SET sql = replace(sql, "
                "'RAISE(ABORT, ''facts are append-only'')', '1') WHERE name = '%s'"},
    {"index", NULL},
    {"index", "PRAGMA writable_schema=ON;UPDATE sqlite_schema SET sql = sql || ' ' "
              "WHERE name = '%s'"},
    {"table", NULL},
    {"table", "PRAGMA writable_schema=ON;UPDATE sqlite_schema SET sql = replace(replace(sql, "
              "'CHECK (facts_guarded())', 'CHECK (1)'), 'NOT NULL', '') WHERE name = '%s'"},
};

static void weaken(Cx *outer, const AuditFolder *folder, const Weaken *weakening, Slice name)
{
    Cx own, *cx = &own;
    cx_init(&own, outer->world, SIZE_MAX / 2);
    AuditFolder copy = tamper_raw_copy(cx, folder, "copy", false);
    TamperRaw raw;
    tamper_raw_open(cx, &copy, &raw);
    Text sql = text_open(cx, 4096);
    if (weakening->how == NULL) {
        text_printf(&sql, "DROP %s " SLICE_FMT, weakening->type, SLICE_ARG(name));
    } else {
        Slice how = slice_of(weakening->how);
        size_t at = slice_find(how, SLICE("%s"));
        text_add(&sql, slice_sub(how, 0, at));
        text_add(&sql, name);
        text_add(&sql, slice_sub(how, at + 2, how.size));
    }
    tamper_raw_run(&raw, text_so_far(&sql));
    tamper_raw_close(&raw);
    AuditReport report = audit_fixture_run(cx, &copy, (AuditOptions){});
    Slice where = cx_printf(cx, "%s " SLICE_FMT, weakening->type, SLICE_ARG(name));
    expect(&report, weakening->how == NULL ? "dropped" : "weakened", "schema", where);
    tamper_raw_remove(&copy);
    cx_done(&own);
}

TEST("tamper: each trigger, index and table that is dropped or weakened is named")
{
    AuditFolder folder = audit_fixture_folder(cx, "folder", 3, true);
    int count = 0;
    for (size_t i = 0; i < sizeof weakenings / sizeof weakenings[0]; i++) {
        TamperRaw raw;
        tamper_raw_open(cx, &folder, &raw);
        Slice names = tamper_raw_text(
            &raw, cx_printf(cx,
                            "SELECT group_concat(name) FROM sqlite_schema WHERE type = '%s' AND "
                            "name NOT LIKE 'sqlite_%%' AND sql IS NOT NULL",
                            weakenings[i].type));
        tamper_raw_close(&raw);
        bool done = false;
        Slice name;
        for (; slice_cut(&names, ',', &done, &name); count++)
            weaken(cx, &folder, &weakenings[i], name);
    }
    printf("tamper: %d changes of definitions\n", count);
    EXPECT(count > 100);
}

// --- files

typedef enum Deed { FLIP, CUT, GONE, APPENDED } Deed;

static int64_t size_of(Cx *cx, const AuditFolder *folder, const char *path)
{
    struct stat info;
    EXPECT(stat(disk_path(cx, folder->path, path), &info) == 0);
    return info.st_size;
}

static void flip(Cx *cx, const AuditFolder *folder, const char *path, int64_t position)
{
    int fd = open(disk_path(cx, folder->path, path), O_RDWR | O_CLOEXEC);
    char byte = 0;
    EXPECT(fd >= 0 && pread(fd, &byte, 1, position) == 1);
    byte ^= 1;
    EXPECT(pwrite(fd, &byte, 1, position) == 1 && close(fd) == 0);
}

static void do_deed(Cx *cx, const AuditFolder *folder, const char *path, Deed deed, int64_t at)
{
    if (deed == FLIP) flip(cx, folder, path, at);
    if (deed == CUT) audit_fixture_write(cx, folder, path, at, SLICE(""));
    if (deed == GONE) EXPECT(unlink(disk_path(cx, folder->path, path)) == 0);
    if (deed == APPENDED)
        audit_fixture_write(cx, folder, path, size_of(cx, folder, path),
                            SLICE("0123456789012345678901234567890123456789"));
}

static void deed(Cx *outer, const AuditFolder *folder, const char *path, Deed what, int64_t at,
                 const char *kind, const char *where)
{
    Cx own, *cx = &own;
    cx_init(&own, outer->world, SIZE_MAX / 2);
    AuditFolder copy = tamper_raw_copy(cx, folder, "copy", true);
    do_deed(cx, &copy, path, what, at);
    AuditReport report = audit_fixture_run(cx, &copy, (AuditOptions){});
    expect(&report, cx_printf(cx, "%s, deed %d at %lld", path, (int)what, (long long)at).data, kind,
           slice_of(where));
    tamper_raw_remove(&copy);
    cx_done(&own);
}

static const char *segment_path(Cx *cx, const AuditFolder *folder, int64_t segment)
{
    Store *store = NULL;
    const StoreOptions options = {.folder = folder->path, .key_file = folder->key_file};
    EXPECT_OK(store_open(cx, &options, &store));
    const char *name = store_segment_name(cx, store, segment);
    store_close(store);
    return cx_printf(cx, "segments/%s", name).data;
}

TEST("tamper: a byte of a segment, a segment, and records that change places")
{
    AuditFolder folder = audit_fixture_folder(cx, "folder", 4, false);
    const char *one = segment_path(cx, &folder, 1), *two = segment_path(cx, &folder, 2);
    const char *at17 = cx_printf(cx, "%s@17", one).data, *at0 = cx_printf(cx, "%s@0", one).data;
    for (int64_t at = 0; at < 17; at += 5)
        deed(cx, &folder, one, FLIP, at, "segment", at0);
    for (int64_t at = 17; at < 25; at++)
        deed(cx, &folder, one, FLIP, at, "segment", at17);
    for (int64_t at = 25; at < 60; at += 7)
        deed(cx, &folder, one, FLIP, at, "bytes", at17);
    deed(cx, &folder, one, CUT, 20, "segment", at17);
    deed(cx, &folder, one, CUT, size_of(cx, &folder, one) - 1, "segment", one);
    deed(cx, &folder, two, CUT, 0, "segment", two);
    deed(cx, &folder, two, GONE, 0, "segment_gone", two);
    deed(cx, &folder, one, GONE, 0, "segment_gone", one);

    // Two files, and the first two records of one: "document 0" and "document 1" are of a size.
    AuditFolder copy = tamper_raw_copy(cx, &folder, "swapped", true);
    const char *a = disk_path(cx, copy.path, one), *b = disk_path(cx, copy.path, two);
    const char *c = disk_path(cx, copy.path, "c");
    EXPECT(rename(a, c) == 0 && rename(b, a) == 0 && rename(c, b) == 0);
    AuditReport report = audit_fixture_run(cx, &copy, (AuditOptions){});
    expect(&report, "two files swapped", "bytes", slice_of(at17));
    copy = tamper_raw_copy(cx, &folder, "records", true);
    char bytes[2][46];
    int fd = open(disk_path(cx, copy.path, one), O_RDWR | O_CLOEXEC);
    EXPECT(fd >= 0 && pread(fd, bytes, sizeof bytes, 17) == (ssize_t)sizeof bytes);
    EXPECT(memcmp(bytes[0], bytes[1], 8) == 0);
    EXPECT(pwrite(fd, bytes[1], 46, 17) == 46 && pwrite(fd, bytes[0], 46, 63) == 46);
    EXPECT(close(fd) == 0);
    report = audit_fixture_run(cx, &copy, (AuditOptions){});
    expect(&report, "two records swapped", "bytes", slice_of(at17));
    expect(&report, "two records swapped", "bytes", cx_printf(cx, "%s@63", one));
}

TEST("tamper: hashes, checkpoint, keys and pages")
{
    AuditFolder folder = audit_fixture_folder(cx, "folder", 5, false);
    int64_t hashes = size_of(cx, &folder, "ledger/hashes");
    for (int64_t i = 0; i < hashes / 32; i += 1 + hashes / 32 / 20) {
        const char *where = cx_printf(cx, "ledger/hashes@%lld,", (long long)i * 32).data;
        deed(cx, &folder, "ledger/hashes", FLIP, i * 32 + i % 32, "hashes", where);
    }
    deed(cx, &folder, "ledger/hashes", CUT, hashes - 32, "hashes", "ledger/hashes@");
    deed(cx, &folder, "ledger/hashes", CUT, 0, "hashes", "ledger/hashes@0");
    deed(cx, &folder, "ledger/hashes", GONE, 0, "hashes", "ledger/hashes@0");
    deed(cx, &folder, "ledger/hashes", APPENDED, 0, "hashes", "ledger/hashes@");
    int64_t checkpoint = size_of(cx, &folder, "ledger/checkpoint");
    for (int64_t at = 0; at < checkpoint; at += 23)
        deed(cx, &folder, "ledger/checkpoint", FLIP, at, "checkpoint_file", "ledger/checkpoint");
    deed(cx, &folder, "ledger/checkpoint", CUT, 30, "checkpoint_file", "ledger/checkpoint");
    deed(cx, &folder, "ledger/checkpoint", GONE, 0, "checkpoint_file", "ledger/checkpoint");
    for (int64_t at = 0; at < size_of(cx, &folder, "keys"); at += 31)
        deed(cx, &folder, "keys", FLIP, at, "keys", "keys");
    deed(cx, &folder, "keys", CUT, 50, "keys", "keys");
    deed(cx, &folder, "keys", GONE, 0, "keys", "keys");
    for (int64_t at = 16; at < 26; at++) // up to 23 they are not sealed
        deed(cx, &folder, "fapiao.db", FLIP, at, "database", "fapiao.db");
    deed(cx, &folder, "fapiao.db", FLIP, 100, "database", "fapiao.db");
    deed(cx, &folder, "fapiao.db", APPENDED, 0, "database", "fapiao.db@");
    deed(cx, &folder, "fapiao.db", FLIP, 4096 * 5, "database", "fapiao.db");
    deed(cx, &folder, "fapiao.db", CUT, 4096 * 20, "database", "fapiao.db");
    deed(cx, &folder, "fapiao.db", GONE, 0, "database", "fapiao.db");
}

// --- back in time

TEST("tamper: a part put back is seen, the whole folder put back is for witnesses to see")
{
    AuditFolder folder = audit_fixture_folder(cx, "folder", 6, false);
    AuditFolder yesterday = tamper_raw_copy(cx, &folder, "yesterday", true);
    audit_fixture_open(cx, &folder);
    audit_fixture_grow(cx, &folder, 5);
    // Nothing of it is merged into the database file yet.
    AuditFolder unmerged = tamper_raw_copy(cx, &folder, "unmerged", true);
    AuditFolder torn = tamper_raw_copy(cx, &folder, "torn", false);
    audit_fixture_close(&folder);
    AuditReport report = audit_fixture_run(cx, &unmerged, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(report.ok);
    report = audit_fixture_run(cx, &torn, (AuditOptions){});
    expect(&report, "WAL deleted", "checkpoint_file", SLICE("ledger/checkpoint"));
    expect(&report, "WAL deleted", "hashes", SLICE("ledger/hashes@"));

    static const char *const parts[] = {"fapiao.db", "ledger/checkpoint"};
    static const char *const kinds[] = {"checkpoint_file", "checkpoint_file"};
    for (size_t i = 0; i < 2; i++) {
        AuditFolder copy = tamper_raw_copy(cx, &folder, i == 0 ? "part-0" : "part-1", true);
        Slice bytes;
        EXPECT_OK(disk_read(cx, disk_path(cx, yesterday.path, parts[i]), SIZE_MAX / 4, &bytes));
        EXPECT_OK(disk_replace(cx, disk_path(cx, copy.path, parts[i]), bytes));
        report = audit_fixture_run(cx, &copy, (AuditOptions){});
        expect(&report, parts[i], kinds[i], SLICE("ledger/checkpoint"));
    }
    // All of it: it is a whole, true folder, of yesterday. Who remembers today's head can tell.
    report = audit_fixture_run(cx, &yesterday, (AuditOptions){});
    EXPECT(report.ok);
}
