#include "cli/cli_doctor.h"

#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/version.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/running/watch/watch_view.h"
#include "flow/flow.h"
#include "store/disk.h"

#define ROOM_MIN_BYTES (256 * LIMIT_MIB)

static bool say(const char *what, bool well, Slice text)
{
    printf("%s %s: " SLICE_FMT "\n", well ? "✓" : "✗", what, SLICE_ARG(text));
    return well;
}

// Without Landlock readers open no files, and PDF files whose fonts lie outside stay unread.
static bool look_at_sandbox(Cx *cx)
{
    SandboxOptions options = {};
    Sandbox *sandbox = NULL;
    Slice report = {};
    Err err = sandbox_open(cx, &options, &sandbox);
    if (err == ERR_OK) err = sandbox_report(cx, sandbox, &report);
    if (err != ERR_OK) report = cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
    sandbox_close(sandbox);
    return say("沙箱 sandbox", err == ERR_OK && slice_find(report, SLICE("NO ")) == SLICE_NONE,
               report);
}

// Without them poppler drops Chinese text that names no font of its own, and says nothing.
static bool look_at_maps(void)
{
    bool there = access("/usr/share/poppler/cMap/Adobe-GB1/UniGB-UCS2-H", R_OK) == 0;
    return say("poppler-data", there, there ? SLICE("有 present") : SLICE("缺 missing"));
}

static bool look_at_room(Cx *cx, const char *folder)
{
    struct statvfs info;
    if (statvfs(folder, &info) != 0) return false;
    uint64_t room = (uint64_t)info.f_bavail * info.f_frsize;
    return say("剩余空间 room", room >= ROOM_MIN_BYTES,
               cx_printf(cx, "%llu MiB", (unsigned long long)(room / LIMIT_MIB)));
}

// As far as rows and meta tell: a server that runs knows more (GET /api/v1/witnesses).
static bool look_at_witnesses(Cx *cx, Db *db)
{
    WatchBrief brief = {};
    Slice alarm = SLICE(""), without = SLICE("");
    Err err = watch_view_brief(cx, db, &brief);
    if (err == ERR_OK) err = watch_view_alarm(cx, db, &alarm);
    if (err == ERR_OK) err = watch_list_meta(cx, db, WATCH_WITHOUT_META, &without);
    if (err != ERR_OK) alarm = cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
    uint64_t without_ms = 0;
    if (slice_u64(without, &without_ms))
        (void)say("曾用 --without-witnesses 启动 was started so", true,
                  date_rfc3339(cx, without_ms));
    return say("见证 witnesses", alarm.size == 0,
               alarm.size > 0 ? alarm : watch_view_line(cx, &brief));
}

// Opened for reading, beside a server that may run: key, database and schema are looked at.
static bool look_at_folder(Cx *cx, const StoreOptions *options)
{
    Store *store = NULL;
    Db *db = NULL;
    Err err = store_open(cx, options, &store);
    if (err == ERR_OK) err = store_take(cx, store, &db);
    Slice text = err == ERR_OK ? SLICE("可打开，密钥相符 opens, the key fits") : cli_say_both(cx);
    bool well = say("数据目录 data folder", err == ERR_OK, text);
    if (db != NULL) {
        well = look_at_witnesses(cx, db) && well;
        store_give(store, db);
    }
    store_close(store);
    bool can = disk_writable(cx, options->folder) == ERR_OK;
    well = say("可写 can be written", can, can ? SLICE("是 yes") : cli_say_both(cx)) && well;
    return look_at_room(cx, options->folder) && well;
}

int cli_doctor(int argc, char **argv)
{
    StoreOptions store = {};
    const CliFlag flags[] = {{"--data", &store.folder, NULL},
                             {"--key-file", &store.key_file, NULL}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof flags[0]) || argc > 1)
        return cli_flags_usage("fapiao doctor [--data DIR] [--key-file FILE]");
    Cx cx;
    struct utsname system = {};
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    (void)uname(&system);
    (void)say("版本 version", true, SLICE(VERSION_TEXT));
    (void)say("系统 system", true,
              cx_printf(&cx, "%s %s %s", system.sysname, system.release, system.machine));
    bool well = look_at_sandbox(&cx);
    well = look_at_maps() && well;
    if (store.folder != NULL) well = look_at_folder(&cx, &store) && well;
    cx_done(&cx);
    return well ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
