#include "desk/invoice/verify/verify_index.h"

#include "base/test.h"

#define TENANT SLICE("local")

static Store *open_in(Cx *cx, const char *folder, bool write)
{
    Store *store = NULL;
    const StoreOptions options = {.folder = folder, .create = write, .write = write};
    EXPECT_OK(store_open(cx, &options, &store));
    return store;
}

static Store *opened(Cx *cx)
{
    return open_in(cx, cx_printf(cx, "%s/data", test_folder()).data, true);
}

static VerifyKey key_of(Cx *cx, const VerifyIndex *index, int number)
{
    return verify_index_key(cx, index, SLICE(""), cx_printf(cx, "%d", number));
}

static void put(Cx *cx, VerifyIndex *index, int number, const char *id)
{
    VerifyKey key = key_of(cx, index, number);
    const VerifyCopy copy = {.found = id[0] != '\0', .total = number};
    const VerifyAbout about[] = {{TENANT, slice_of(id)}, {SLICE("east"), SLICE("twin")}};
    size_t count = !copy.found ? 0 : strcmp(id, "two") == 0 ? 2 : 1;
    verify_index_put(index, &key, verify_index_now(index), about, count, &copy);
}

static bool has(Cx *cx, VerifyIndex *index, int number)
{
    VerifyKey key = key_of(cx, index, number);
    VerifyCopy copy;
    bool found = verify_index_find(index, &key, &copy);
    EXPECT(!found || copy.total == number);
    return found;
}

static void touch_of(Cx *cx, Store *store, Slice tenant, const char *about)
{
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    db_touch(db, tenant, slice_of(about));
    EXPECT_OK(db_commit(cx, db));
}

// A number is nobody's, an id is somebody's.
static void touch(Cx *cx, Store *store, const char *about)
{
    bool number = about[0] >= '0' && about[0] <= '9';
    touch_of(cx, store, number ? SLICE("") : TENANT, about);
}

TEST("verify_index: a copy is given until its number or its invoice is touched")
{
    Store *store = opened(cx);
    VerifyIndex *index = verify_index_open(cx, store, 0);
    EXPECT(!has(cx, index, 1));
    put(cx, index, 1, "one");
    put(cx, index, 2, "");
    EXPECT(has(cx, index, 1) && has(cx, index, 2));
    touch(cx, store, "one");
    EXPECT(!has(cx, index, 1) && has(cx, index, 2));
    put(cx, index, 1, "one");
    EXPECT(has(cx, index, 1));
    touch(cx, store, "1");
    EXPECT(!has(cx, index, 1) && has(cx, index, 2));
    touch(cx, store, "2");
    EXPECT(!has(cx, index, 2));
    // Of two organisations: until either changes.
    put(cx, index, 3, "two");
    touch_of(cx, store, SLICE("west"), "twin");
    EXPECT(has(cx, index, 3));
    touch_of(cx, store, SLICE("east"), "twin");
    EXPECT(!has(cx, index, 3));
    put(cx, index, 3, "two");
    touch(cx, store, "two");
    EXPECT(!has(cx, index, 3));
    verify_index_close(index);
    store_close(store);
}

TEST("verify_index: a copy made of what stood before a commit is never given after it")
{
    Store *store = opened(cx);
    VerifyIndex *index = verify_index_open(cx, store, 0);
    VerifyKey key = key_of(cx, index, 1);
    const VerifyCopy copy = {.total = 1};
    uint64_t seen = verify_index_now(index);
    touch(cx, store, "1");
    verify_index_put(index, &key, seen, NULL, 0, &copy);
    EXPECT(!has(cx, index, 1));
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    db_touch(db, SLICE(""), SLICE("1"));
    put(cx, index, 1, ""); // while the writer is at it
    EXPECT(!has(cx, index, 1));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(!has(cx, index, 1));
    verify_index_close(index);
    store_close(store);
}

TEST("verify_index: code and number make the key, each for itself")
{
    Store *store = opened(cx);
    VerifyIndex *index = verify_index_open(cx, store, 0);
    const Slice texts[][2] = {{SLICE("b"), SLICE("c")},
                              {SLICE("c"), SLICE("b")},
                              {SLICE(""), SLICE("bc")},
                              {SLICE("bc"), SLICE("")}};
    VerifyCopy copy = {};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        VerifyKey key = verify_index_key(cx, index, texts[i][0], texts[i][1]);
        EXPECT(!verify_index_find(index, &key, &copy));
        verify_index_put(index, &key, verify_index_now(index), NULL, 0, &(VerifyCopy){});
        EXPECT(verify_index_find(index, &key, &copy));
    }
    verify_index_close(index);
    store_close(store);
}

TEST("verify_index: it grows to its bound, and then copies make room for others")
{
    Store *store = opened(cx);
    size_t bytes = 4 * 1024 * 1024;
    VerifyIndex *index = verify_index_open(cx, store, bytes);
    int count = (int)(bytes / sizeof(VerifyCopy)) * 2, kept = 0;
    for (int i = 0; i < count; i++) {
        put(cx, index, i, "id");
        EXPECT(has(cx, index, i));
    }
    for (int i = 0; i < count; i++)
        kept += has(cx, index, i) ? 1 : 0;
    EXPECT(kept > count / 16 && (size_t)kept * sizeof(VerifyCopy) < bytes);
    // What is old goes first: after one touch of all, as many find room again.
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    db_touch_all(db);
    EXPECT_OK(db_commit(cx, db));
    EXPECT(!has(cx, index, count - 1));
    verify_index_close(index);
    store_close(store);
}

TEST("verify_index: beside another process that writes there is none")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    store_close(open_in(cx, folder, true));
    Store *store = open_in(cx, folder, false);
    EXPECT(verify_index_open(cx, store, 0) == NULL);
    verify_index_close(NULL);
    store_close(store);
}
