#include "store/sqlite/sqlite_catalog.h"

#include <dirent.h>

#include "base/test.h"
#include "store/schema.h"
#include "store/sqlite/foreign_fixture.h"
#include "store/sqlite/sqlite_engine.h"

TEST("sqlite_catalog: a fresh folder's schema is the expected one, and a scratch leaves no file")
{
    Db *scratch = NULL, *live = NULL;
    EXPECT_OK(sqlite_catalog_scratch(cx, test_folder(), &scratch));
    Catalog expected, found;
    EXPECT_OK(sqlite_catalog_expected(cx, scratch, &expected));
    static const AeadKey key = {"k"};
    const char *path = cx_printf(cx, "%s/live.db", test_folder()).data;
    SqliteOptions options = {.path = path,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    EXPECT_OK(sqlite_engine_open(cx, &options, &live));
    EXPECT_OK(schema_apply(cx, live));
    EXPECT_OK(sqlite_catalog_read(cx, live, &found));
    EXPECT(expected.count == found.count && found.count > 20);
    for (size_t i = 0; i < found.count; i++) {
        EXPECT(slice_equal(expected.objects[i].name, found.objects[i].name));
        EXPECT(slice_equal(expected.objects[i].sql, found.objects[i].sql));
    }
    Slice lines[4];
    size_t count = 9;
    EXPECT_OK(sqlite_catalog_damage(cx, live, lines, 4, &count));
    EXPECT(count == 0);
    db_close(live);

    // An index that says something else than its table.
    EXPECT(foreign_run(cx, path, &key,
                       "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE "
                       "name = 'refusal_time'"));
    EXPECT_OK(sqlite_engine_open(cx, &options, &live));
    EXPECT_OK(sqlite_catalog_read(cx, live, &found));
    EXPECT(found.count == expected.count - 1);
    db_close(live);
    db_close(scratch);
    DIR *dir = opendir(test_folder());
    EXPECT(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        EXPECT(strncmp(entry->d_name, "fapiao-scratch", 14) != 0);
    (void)closedir(dir);
}
