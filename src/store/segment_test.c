#include "store/segment.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/test.h"
#include "store/disk.h"

static const AeadKey key = {"tag"};

static Segments *open_at(Cx *cx, const char *folder, bool write)
{
    SegmentsOptions options = {.folder = folder, .tag_key = &key, .write = write, .size_max = 100};
    Segments *segments = NULL;
    EXPECT_OK(segment_open(cx, &options, &segments));
    return segments;
}

static const char *folder_of(Cx *cx, const char *name)
{
    const char *folder = disk_path(cx, test_folder(), name);
    EXPECT_OK(disk_folder(cx, folder));
    return folder;
}

TEST("segment: what was appended is fetched, over many files and after reopening")
{
    const char *folder = folder_of(cx, "many");
    StorePlace places[40];
    for (int round = 0; round < 2; round++) {
        Segments *segments = open_at(cx, folder, true);
        for (int i = round * 20; i < round * 20 + 20; i++)
            EXPECT_OK(segment_append(cx, segments, cx_printf(cx, "record %d", i), &places[i]));
        EXPECT_OK(segment_sync(cx, segments));
        EXPECT_OK(segment_sync(cx, segments));
        segment_close(segments);
    }
    EXPECT(places[39].segment > 3);
    Segments *reader = open_at(cx, folder, false);
    for (int i = 39; i >= 0; i--) {
        Slice sealed;
        EXPECT_OK(segment_fetch(cx, reader, places[i], &sealed));
        EXPECT(slice_equal(sealed, cx_printf(cx, "record %d", i)));
    }
    segment_close(reader);
    segment_close(NULL);
}

TEST("segment: a sync that began early covers what came before it, and the next what came behind")
{
    Segments *segments = open_at(cx, folder_of(cx, "early"), true);
    StorePlace places[40];
    for (int i = 0; i < 40; i++) {
        // Between them files end and begin: none is closed while it is being synced.
        EXPECT_OK(segment_append(cx, segments, cx_printf(cx, "record %d", i), &places[i]));
        if (i % 3 != 0) segment_sync_soon(segments);
        if (i % 4 == 0) EXPECT_OK(segment_sync(cx, segments));
    }
    segment_sync_soon(segments);
    EXPECT_OK(segment_sync(cx, segments));
    for (int i = 0; i < 40; i++) {
        Slice sealed;
        EXPECT_OK(segment_fetch(cx, segments, places[i], &sealed));
        EXPECT(slice_equal(sealed, cx_printf(cx, "record %d", i)));
    }
    EXPECT_OK(segment_append(cx, segments, SLICE("closed meanwhile"), &places[0]));
    segment_sync_soon(segments);
    segment_close(segments);
}

TEST("segment: a torn tail is left where it is, and the next record goes behind it")
{
    const char *folder = folder_of(cx, "torn");
    Segments *segments = open_at(cx, folder, true);
    StorePlace first, second;
    EXPECT_OK(segment_append(cx, segments, SLICE("first"), &first));
    segment_close(segments);

    AUTO_CLOSEDIR DIR *dir = opendir(folder);
    const struct dirent *entry = NULL;
    while ((entry = readdir(dir)) != NULL && entry->d_name[0] == '.')
        continue;
    EXPECT(entry != NULL);
    AUTO_CLOSE int fd = open(disk_path(cx, folder, entry->d_name), O_WRONLY | O_APPEND | O_CLOEXEC);
    EXPECT(write(fd, "FPR1\0\0", 6) == 6);

    segments = open_at(cx, folder, true);
    EXPECT_OK(segment_append(cx, segments, SLICE("second"), &second));
    EXPECT(second.position == first.position + 8 + 5 + 6);
    Slice sealed;
    EXPECT_OK(segment_fetch(cx, segments, second, &sealed));
    EXPECT(slice_equal(sealed, SLICE("second")));
    EXPECT_OK(segment_fetch(cx, segments, first, &sealed));
    EXPECT(slice_equal(sealed, SLICE("first")));
    segment_close(segments);
}

TEST("segment: a place that names no record is damage, and so is a missing file")
{
    const char *folder = folder_of(cx, "wrong");
    Segments *segments = open_at(cx, folder, true);
    StorePlace place;
    EXPECT_OK(segment_append(cx, segments, SLICE("12345678"), &place));
    static const StorePlace off[] = {{1, 0, 0},  {0, 1, 0},  {5, 0, 0},  {0, 0, 1},
                                     {0, 0, -1}, {0, 0, -9}, {-2, 0, 0}, {0, -18, 0}};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        StorePlace wrong = {place.segment + off[i].segment, place.position + off[i].position,
                            place.size + off[i].size};
        Slice sealed;
        EXPECT(segment_fetch(cx, segments, wrong, &sealed) == ERR_CORRUPT);
    }
    segment_close(segments);

    EXPECT_OK(
        disk_write_new(cx, disk_path(cx, folder, "0123456789abcdef0123456789abcdef"), SLICE("x")));
    SegmentsOptions options = {.folder = folder, .tag_key = &key, .write = true};
    EXPECT(segment_open(cx, &options, &segments) == ERR_CORRUPT);
}

static Slice whole(Cx *cx, const Segments *segments, const char *folder)
{
    Slice bytes;
    const char *path = disk_path(cx, folder, segment_name(cx, segments, 1));
    EXPECT_OK(disk_read(cx, path, 16 * LIMIT_MIB, &bytes));
    return bytes;
}

static Segments *open_large(Cx *cx, const char *folder)
{
    const SegmentsOptions options = {.folder = folder, .tag_key = &key, .write = true};
    Segments *segments = NULL;
    EXPECT_OK(segment_open(cx, &options, &segments));
    return segments;
}

TEST("segment: in a rush records go into zeros that were written ahead, and closing cuts them off")
{
    const char *folder = folder_of(cx, "rush"), *after = folder_of(cx, "after");
    const Slice sealed = {"a record that ends in zeros\0\0\0\0", 31};
    Segments *segments = open_large(cx, folder);
    StorePlace places[3];
    EXPECT_OK(segment_append(cx, segments, sealed, &places[0]));
    const size_t record = SEGMENT_RECORD_SIZE + sealed.size;
    EXPECT(whole(cx, segments, folder).size == SEGMENT_HEADER_SIZE + record);
    segment_sync_soon(segments);
    EXPECT_OK(segment_append(cx, segments, sealed, &places[1]));
    EXPECT_OK(segment_sync(cx, segments));
    EXPECT(places[1].position == (int64_t)(SEGMENT_HEADER_SIZE + record));
    Slice killed = whole(cx, segments, folder);
    EXPECT(killed.size > LIMIT_MIB / 2);
    EXPECT_OK(disk_write_new(cx, disk_path(cx, after, segment_name(cx, segments, 1)), killed));
    segment_close(segments);
    segments = open_large(cx, folder);
    EXPECT(whole(cx, segments, folder).size == SEGMENT_HEADER_SIZE + 2 * record);
    segment_close(segments);

    // Whoever comes after the kill writes neither over a record nor far behind the last.
    segments = open_large(cx, after);
    EXPECT_OK(segment_append(cx, segments, sealed, &places[2]));
    const int64_t end = (int64_t)(SEGMENT_HEADER_SIZE + 2 * record);
    EXPECT(places[2].position >= end && places[2].position <= end + 64);
    for (size_t i = 0; i < 3; i++) {
        Slice bytes;
        EXPECT_OK(segment_fetch(cx, segments, places[i], &bytes));
        EXPECT(slice_equal(bytes, sealed));
    }
    segment_close(segments);
}

#define MANY 300

TEST("segment: many at once lie behind each other, large ones among them, and all are fetched")
{
    Segments *segments = open_large(cx, folder_of(cx, "together"));
    Slice sealed[MANY];
    StorePlace places[MANY];
    for (int i = 0; i < MANY; i++)
        sealed[i] = cx_printf(cx, "%0*d", i % 97 == 5 ? 70'000 : 1 + i % 50, i);
    segment_sync_soon(segments); // a rush
    EXPECT_OK(segment_append_all(cx, segments, sealed, MANY, places));
    EXPECT_OK(segment_append_all(cx, segments, sealed, 0, NULL));
    EXPECT_OK(segment_sync(cx, segments));
    int64_t end = SEGMENT_HEADER_SIZE;
    for (int i = 0; i < MANY; i++) {
        Slice bytes;
        EXPECT(places[i].segment == 1 && places[i].position == end);
        end += SEGMENT_RECORD_SIZE + (int64_t)sealed[i].size;
        EXPECT_OK(segment_fetch(cx, segments, places[i], &bytes));
        EXPECT(slice_equal(bytes, sealed[i]));
    }
    segment_close(segments);
}

TEST("segment: when there is no room for all of them none is named, and there is room again later")
{
    Segments *segments = open_large(cx, folder_of(cx, "full"));
    const Slice sealed[] = {cx_printf(cx, "%05000d", 1), cx_printf(cx, "%05000d", 2)};
    StorePlace places[2];
    EXPECT_OK(segment_append_all(cx, segments, sealed, 1, places));
    struct rlimit before, tight;
    EXPECT(getrlimit(RLIMIT_FSIZE, &before) == 0);
    tight = (struct rlimit){8000, before.rlim_max};
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    EXPECT(setrlimit(RLIMIT_FSIZE, &tight) == 0);
    Err err = segment_append_all(cx, segments, sealed, 2, places);
    EXPECT(setrlimit(RLIMIT_FSIZE, &before) == 0);
    (void)signal(SIGXFSZ, old);
    EXPECT(err == ERR_LIMIT || err == ERR_STORE);
    EXPECT_OK(segment_append_all(cx, segments, sealed, 2, places));
    EXPECT(places[0].position == SEGMENT_HEADER_SIZE + SEGMENT_RECORD_SIZE + 5000);
    for (size_t i = 0; i < 2; i++) {
        Slice bytes;
        EXPECT_OK(segment_fetch(cx, segments, places[i], &bytes));
        EXPECT(slice_equal(bytes, sealed[i]));
    }
    segment_close(segments);
}
