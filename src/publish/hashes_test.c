#include "publish/hashes.h"

#include <fcntl.h>

#include "publish/record_fixture.h"

TEST("hashes: grown from the events, and read in whatever order they are asked for")
{
    Record record = {.folder = record_folder(cx, "order")};
    record_open(cx, &record);
    record_grow(cx, &record, 70);
    Db *db = NULL;
    size_t count = 0;
    const Digest *leaves = record_leaves(cx, &record, &count);
    EXPECT_OK(store_take(cx, record.store, &db));
    const char *path = cx_printf(cx, "%s/grown", test_folder()).data;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    TreeEdge edge = {}, alone = {};
    EXPECT_OK(hashes_grow(cx, fd, db, 30, &edge));
    EXPECT(edge.size == 30);
    EXPECT_OK(hashes_grow(cx, fd, db, UINT64_MAX, &edge));
    EXPECT_OK(hashes_grow(cx, -1, db, UINT64_MAX, &alone));
    const Digest root = tree_root(&edge), same = tree_root(&alone);
    const Digest wanted = record_root(leaves, count);
    EXPECT(count == 70 && edge.size == 70 && digest_equal(&root, &wanted));
    EXPECT(digest_equal(&root, &same));
    uint64_t indexes[70];
    Digest hashes[70];
    for (uint64_t i = 0; i < 70; i++) // ascending, then one that goes back
        indexes[i] = tree_stored_index(0, i < 40 ? i : 109 - i);
    EXPECT_OK(hashes_read(cx, fd, indexes, 70, hashes));
    for (uint64_t i = 0; i < 70; i++)
        EXPECT(digest_equal(&leaves[i], &hashes[i < 40 ? i : 109 - i]));
    indexes[0] = tree_stored_count(70);
    EXPECT(hashes_read(cx, fd, indexes, 1, hashes) == ERR_CORRUPT);
    (void)close(fd);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    const TreeReader reader = log_reader(record.log);
    EXPECT_OK(reader.read(cx, reader.self, indexes + 1, 69, hashes + 1));
    EXPECT(digest_equal(&leaves[1], &hashes[1]) && digest_equal(&leaves[40], &hashes[69]));
    store_give(record.store, db);
    record_close(&record);
}

TEST("hashes: an event that is missing ends the growing where its batch began")
{
    Record record = {.folder = record_folder(cx, "hole")};
    record_open(cx, &record);
    record_grow(cx, &record, 3);
    EXPECT_OK(db_script(cx, store_writer(record.store),
                        "DROP TRIGGER event_no_delete; DELETE FROM event WHERE sequence = 2"));
    Db *db = NULL;
    TreeEdge edge = {};
    EXPECT_OK(store_take(cx, record.store, &db));
    EXPECT(hashes_grow(cx, -1, db, UINT64_MAX, &edge) == ERR_CORRUPT && edge.size == 0);
    EXPECT(slice_equal(slice_of(cx->err_text), SLICE("event 2 is missing or damaged")));
    store_give(record.store, db);
    record_close(&record);
}
