#include "tamper_raw.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>

#include "store/keys.h"

static void copy_file(Cx *cx, const char *from, const char *to)
{
    Cx own;
    cx_init(&own, cx->world, SIZE_MAX / 2);
    Slice bytes;
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    EXPECT(fd >= 0);
    EXPECT(disk_read(&own, from, SIZE_MAX / 4, &bytes) == ERR_OK);
    EXPECT(write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size);
    EXPECT(close(fd) == 0);
    cx_done(&own);
}

static void copy_folder(Cx *cx, const char *from, const char *to, bool wal)
{
    EXPECT(mkdir(to, 0700) == 0);
    DIR *dir = opendir(from);
    EXPECT(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name, *one = disk_path(cx, from, name);
        if (name[0] == '.' || strcmp(name, "lock") == 0 || strcmp(name, "fapiao.db-shm") == 0)
            continue;
        if (!wal && strcmp(name, "fapiao.db-wal") == 0) continue;
        struct stat info;
        EXPECT(stat(one, &info) == 0);
        if (S_ISDIR(info.st_mode)) copy_folder(cx, one, disk_path(cx, to, name), wal);
        if (S_ISREG(info.st_mode)) copy_file(cx, one, disk_path(cx, to, name));
    }
    (void)closedir(dir);
}

AuditFolder tamper_raw_copy(Cx *cx, const AuditFolder *folder, const char *name, bool wal)
{
    AuditFolder copy = {.path = disk_path(cx, test_folder(), name), .key_file = folder->key_file};
    copy_folder(cx, folder->path, copy.path, wal);
    return copy;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

void tamper_raw_remove(const AuditFolder *folder)
{
    EXPECT(nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

static void guarded(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_int(context, 1);
}

void tamper_raw_open(Cx *cx, const AuditFolder *folder, TamperRaw *ret_raw)
{
    AeadKey kek;
    Keys keys;
    EXPECT_OK(keyfile_read(cx, folder->key_file, &kek));
    EXPECT_OK(keys_read(cx, disk_path(cx, folder->path, "keys"), &kek, &keys));
    Slice hex = base64_hex(cx, (Slice){(const char *)keys.page.bytes, AEAD_KEY_SIZE});
    Slice key = cx_printf(cx, "raw:" SLICE_FMT, SLICE_ARG(hex));
    TamperRaw raw = {.cx = cx};
    const char *path = disk_path(cx, folder->path, "fapiao.db");
    EXPECT(sqlite3_open_v2(path, &raw.handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    EXPECT(sqlite3mc_config(raw.handle, "cipher", CODEC_TYPE_AEGIS) == CODEC_TYPE_AEGIS);
    EXPECT(sqlite3_key(raw.handle, key.data, (int)key.size) == SQLITE_OK);
    EXPECT(sqlite3_create_function(raw.handle, "facts_guarded", 0,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                   guarded, NULL, NULL) == SQLITE_OK);
    tamper_raw_run(&raw, SLICE("PRAGMA synchronous=OFF"));
    *ret_raw = raw;
}

void tamper_raw_close(TamperRaw *raw)
{
    EXPECT(sqlite3_wal_checkpoint_v2(raw->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
           SQLITE_OK);
    EXPECT(sqlite3_close(raw->handle) == SQLITE_OK);
}

void tamper_raw_run(const TamperRaw *raw, Slice sql)
{
    const char *text = cx_printf(raw->cx, SLICE_FMT, SLICE_ARG(sql)).data;
    char *why = NULL;
    if (sqlite3_exec(raw->handle, text, NULL, NULL, &why) == SQLITE_OK) return;
    (void)fprintf(stderr, "%s\n  %s\n", text, why);
    test_fail(__FILE__, __LINE__, "the tamperer's SQL runs");
}

Slice tamper_raw_text(const TamperRaw *raw, Slice sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(raw->handle, sql.data, (int)sql.size, &statement, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, SLICE_FMT "\n  %s\n", SLICE_ARG(sql), sqlite3_errmsg(raw->handle));
        test_fail(__FILE__, __LINE__, "the tamperer's question is one");
    }
    Slice text = SLICE("");
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const char *data = sqlite3_column_blob(statement, 0);
        int size = sqlite3_column_bytes(statement, 0);
        if (data != NULL) text = cx_printf(raw->cx, "%.*s", size, data);
    }
    (void)sqlite3_finalize(statement);
    return text;
}

Slice tamper_raw_unguard(const TamperRaw *raw, Slice table)
{
    Slice sql = tamper_raw_text(
        raw, cx_printf(raw->cx,
                       "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger' "
                       "AND tbl_name = '" SLICE_FMT "'",
                       SLICE_ARG(table)));
    Slice drop = tamper_raw_text(
        raw, cx_printf(raw->cx,
                       "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema "
                       "WHERE type = 'trigger' AND tbl_name = '" SLICE_FMT "'",
                       SLICE_ARG(table)));
    if (drop.size > 0) tamper_raw_run(raw, drop);
    return sql;
}

void tamper_raw_guard(const TamperRaw *raw, Slice triggers)
{
    if (triggers.size > 0) tamper_raw_run(raw, triggers);
}

TamperTable tamper_raw_table(const TamperRaw *raw, Slice name)
{
    TamperTable table = {.name = name};
    Slice sql = cx_printf(raw->cx, "SELECT name, type, pk FROM pragma_table_info('" SLICE_FMT "')",
                          SLICE_ARG(name));
    sqlite3_stmt *statement = NULL;
    EXPECT(sqlite3_prepare_v2(raw->handle, sql.data, (int)sql.size, &statement, NULL) == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        EXPECT(table.count < TAMPER_COLUMNS_MAX);
        size_t at = table.count++;
        table.columns[at] =
            cx_printf(raw->cx, "%s", (const char *)sqlite3_column_text(statement, 0));
        table.types[at] = cx_printf(raw->cx, "%s", (const char *)sqlite3_column_text(statement, 1));
        int place = sqlite3_column_int(statement, 2);
        if (place > 0) {
            table.key[place - 1] = at;
            table.key_count++;
        }
    }
    (void)sqlite3_finalize(statement);
    return table;
}

Slice tamper_raw_place(Cx *cx, const TamperTable *table)
{
    Text sql = text_open(cx, 4096);
    text_printf(&sql, "'" SLICE_FMT "(' || ", SLICE_ARG(table->name));
    for (size_t i = 0; i < table->key_count; i++) {
        size_t column = table->key[i];
        bool blob = slice_equal(table->types[column], SLICE("BLOB"));
        text_printf(&sql, "%s%s" SLICE_FMT "%s || ", i == 0 ? "" : "', ' || ",
                    blob ? "lower(hex(" : "", SLICE_ARG(table->columns[column]), blob ? "))" : "");
    }
    text_add(&sql, SLICE("')'"));
    return text_so_far(&sql);
}
