// The check of the folder: what lies in it belongs there, and every segment that a row names is
// there. Before the database is looked at, because it may not even open.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "desk/running/audit/audit_check.h"
#include "store/disk.h"

#define WAITS_MAX 50
#define WAIT_US   20'000

// docs/formats/store.md
static const char *const top_names[] = {"lock",          "keys",     "fapiao.db", "fapiao.db-wal",
                                        "fapiao.db-shm", "segments", "ledger",    "uploads",
                                        "fapiao.sock",   NULL};
static const char *const ledger_names[] = {"hashes", "checkpoint", "here", "witnesses.pem", NULL};

static bool is_listed(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0) return true;
    return false;
}

// A server beside us writes a file beside its name before it places it. That takes a moment, and
// all of them together are given one second.
static bool stays(Cx *cx, Audit *audit, const char *folder, const char *name)
{
    struct stat info;
    const char *path =
        disk_path(cx, audit->options->folder, cx_printf(cx, "%s%s", folder, name).data);
    while (lstat(path, &info) == 0) {
        if (audit->waits == WAITS_MAX) return true;
        audit->waits++;
        (void)usleep(WAIT_US);
    }
    return false;
}

static void unknown(Cx *cx, Audit *audit, const char *folder, const char *name)
{
    if (!stays(cx, audit, folder, name)) return;
    audit_find_add(&audit->findings, AUDIT_UNKNOWN_FILE, cx_printf(cx, "%s%s", folder, name),
                   SLICE(""));
}

static Err check_names(Cx *cx, Audit *audit, const char *path, const char *shown,
                       const char *const *names, uint64_t *things)
{
    AUTO_CLOSEDIR DIR *dir = opendir(path);
    if (dir == NULL) return ERR_OK;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!is_listed(entry->d_name, names)) unknown(cx, audit, shown, entry->d_name);
        ++*things;
    }
    return ERR_OK;
}

static Err newest_named(Cx *cx, Audit *audit, int64_t *ret_newest)
{
    *ret_newest = store_segment_newest(audit->store);
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT MAX(segment) FROM document", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    int64_t named = db_col_int(rows, 0);
    // A forged row may name any: what is far off is told by the check of segments.
    if (named > *ret_newest && named < *ret_newest + LIMIT_AUDIT_SEGMENT_GAP) *ret_newest = named;
    // Begun since by a server beside us.
    struct stat info;
    const char *segments = disk_path(cx, audit->options->folder, "segments");
    while (stat(disk_path(cx, segments, store_segment_name(cx, audit->store, *ret_newest + 1)),
                &info) == 0)
        ++*ret_newest;
    return ERR_OK;
}

Err audit_files(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    const char *folder = audit->options->folder;
    TRY(check_names(cx, audit, folder, "", top_names, ret_things));
    TRY(check_names(cx, audit, disk_path(cx, folder, "ledger"), "ledger/", ledger_names,
                    ret_things));
    int64_t newest = 0;
    TRY(newest_named(cx, audit, &newest));
    const char **names = arena_try_array(&cx->arena, (size_t)newest + 1, sizeof *names);
    if (names == NULL) return err_set(cx, ERR_LIMIT, "the names of segments do not fit");
    const char *segments = disk_path(cx, folder, "segments");
    for (int64_t i = 0; i < newest; i++) {
        names[i] = store_segment_name(cx, audit->store, i + 1);
        struct stat info;
        if (stat(disk_path(cx, segments, names[i]), &info) != 0)
            audit_find_add(&audit->findings, AUDIT_SEGMENT_GONE,
                           cx_printf(cx, "segments/%s", names[i]),
                           cx_printf(cx, "segment %lld", (long long)i + 1));
    }
    return check_names(cx, audit, segments, "segments/", names, ret_things);
}
