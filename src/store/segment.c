#include "store/segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "store/disk.h"
#include "store/syncer.h"

#define NAME_SIZE  32 // hexadecimal digits
#define FDS_KEPT   16 // open files for reading
#define AHEAD      ((uint64_t)LIMIT_MIB)
#define ZEROS      ((size_t)64 * 1024)
#define TOGETHER   128 // records with one call
#define ZEROS_ENDS 64  // sealed bytes end in fewer zeros than that

static const Slice file_magic = {SEGMENT_FILE_MAGIC, SEGMENT_HEADER_SIZE};
static const Slice record_magic = {SEGMENT_RECORD_MAGIC, 4};

typedef struct Kept {
    int64_t segment; // 0 = free
    int fd;
} Kept;

struct Segments {
    char *folder;
    AeadKey tag_key;
    uint64_t size_max;
    int64_t newest;     // 0 = there is none
    int fd;             // of the newest, for appending; -1
    uint64_t end, room; // of what was appended, of the file with the zeros behind that
    bool rush;          // many come at once: zeros are written ahead
    bool unsynced;
    bool failed; // a sync failed: what lies on disk is unknown
    Syncer syncer;
    pthread_mutex_t lock; // over kept
    Kept kept[FDS_KEPT];
    size_t next_kept;
};

const char *segment_name(Cx *cx, const Segments *segments, int64_t segment)
{
    Slice message = cx_printf(cx, "fapiao/segment/v1\n%lld", (long long)segment);
    Digest tag =
        digest_hmac_sha256((Slice){(const char *)segments->tag_key.bytes, AEAD_KEY_SIZE}, message);
    Slice name = base64_hex(cx, (Slice){(const char *)tag.bytes, NAME_SIZE / 2});
    return cx_printf(cx, SLICE_FMT, SLICE_ARG(name)).data;
}

int64_t segment_newest(const Segments *segments)
{
    return segments->newest;
}

static const char *path_of(Cx *cx, const Segments *segments, int64_t segment)
{
    return disk_path(cx, segments->folder, segment_name(cx, segments, segment));
}

static size_t count_names(DIR *dir)
{
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strlen(entry->d_name) == NAME_SIZE) count++;
    return count;
}

// The names are keyed and say no order: they are asked for, one after the other.
static Err find_newest(Cx *cx, Segments *segments, bool audit)
{
    struct stat info;
    while (stat(path_of(cx, segments, segments->newest + 1), &info) == 0)
        segments->newest++;
    if (audit) return ERR_OK;
    AUTO_CLOSEDIR DIR *dir = opendir(segments->folder);
    if (dir == NULL)
        return err_set(cx, ERR_MISSING, "cannot open '%s': %s", segments->folder, strerror(errno));
    if (count_names(dir) != (size_t)segments->newest)
        return err_set(cx, ERR_CORRUPT, "a segment is missing in '%s'", segments->folder);
    return ERR_OK;
}

static const char zeros[ZEROS];

// Where the zeros at the end of a file begin, or a little behind: of a process that was killed in a
// rush. What is appended must not lie over a record whose last bytes happen to be zeros.
static Err find_end(Cx *cx, int fd, uint64_t size, uint64_t *ret_end)
{
    char bytes[ZEROS];
    for (uint64_t at = size; at > 0;) {
        size_t part = at < sizeof bytes ? (size_t)at : sizeof bytes;
        at -= part;
        if (pread(fd, bytes, part, (off_t)at) != (ssize_t)part)
            return err_set(cx, ERR_STORE, "cannot read a segment: %s", strerror(errno));
        while (part > 0 && bytes[part - 1] == 0)
            part--;
        if (part == 0) continue;
        *ret_end = at + part + ZEROS_ENDS < size ? at + part + ZEROS_ENDS : size;
        return ERR_OK;
    }
    return err_set(cx, ERR_CORRUPT, "a segment holds nothing but zeros");
}

// Bytes that lie in the file already are synced without its size and place: that saves the file
// system's journal a third of what a group waits for. No room is no error: appending says so.
static void write_ahead(Segments *segments, uint64_t need)
{
    if (!segments->rush || need > ZEROS || segments->end + need <= segments->room) return;
    uint64_t most = segments->size_max > segments->end ? segments->size_max - segments->end : 0;
    uint64_t left = most < AHEAD ? most : AHEAD;
    for (segments->room = segments->end; left > 0;) {
        size_t part = left < ZEROS ? (size_t)left : ZEROS;
        if (pwrite(segments->fd, zeros, part, (off_t)segments->room) != (ssize_t)part) return;
        segments->room += part;
        left -= part;
    }
}

// A file that is not appended to any more ends with its last record.
static void trim(Segments *segments)
{
    if (segments->fd >= 0 && segments->room > segments->end)
        (void)!ftruncate(segments->fd, (off_t)segments->end); // else the next opening finds the end
    segments->room = 0;
}

static Err open_newest(Cx *cx, Segments *segments)
{
    const char *path = path_of(cx, segments, segments->newest);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return err_set(cx, ERR_STORE, "cannot open a segment: %s", strerror(errno));
    off_t end = lseek(fd, 0, SEEK_END);
    if (end < SEGMENT_HEADER_SIZE) {
        (void)close(fd);
        return err_set(cx, ERR_CORRUPT, "segment %lld is cut off", (long long)segments->newest);
    }
    Err err = find_end(cx, fd, (uint64_t)end, &segments->end);
    if (err != ERR_OK) {
        (void)close(fd);
        return err;
    }
    segments->fd = fd;
    segments->room = (uint64_t)end;
    return ERR_OK;
}

// disk_write_new leaves a whole, durable header or no file at all.
static Err start_next(Cx *cx, Segments *segments)
{
    trim(segments);
    TRY(segment_sync(cx, segments));
    TRY(disk_write_new(cx, path_of(cx, segments, segments->newest + 1), file_magic));
    if (segments->fd >= 0) (void)close(segments->fd);
    segments->fd = -1;
    segments->newest++;
    return open_newest(cx, segments);
}

Err segment_open(Cx *cx, const SegmentsOptions *options, Segments **ret_segments)
{
    Segments *segments = calloc(1, sizeof *segments); // owned: by the store
    if (segments == NULL) return err_set(cx, ERR_STORE, "out of memory");
    segments->folder = strdup(options->folder); // owned: by the segments
    segments->tag_key = *options->tag_key;
    segments->size_max = options->size_max == 0 ? LIMIT_SEGMENT_BYTES : options->size_max;
    segments->fd = -1;
    (void)pthread_mutex_init(&segments->lock, NULL);
    syncer_init(&segments->syncer);
    Err err = segments->folder == NULL ? err_set(cx, ERR_STORE, "out of memory")
                                       : find_newest(cx, segments, options->audit);
    if (err == ERR_OK && options->write && segments->newest > 0) err = open_newest(cx, segments);
    if (err != ERR_OK) {
        segment_close(segments);
        return err;
    }
    *ret_segments = segments;
    return ERR_OK;
}

void segment_close(Segments *segments)
{
    if (segments == NULL) return;
    syncer_done(&segments->syncer);
    trim(segments);
    if (segments->fd >= 0) (void)close(segments->fd);
    for (size_t i = 0; i < FDS_KEPT; i++)
        if (segments->kept[i].segment != 0) (void)close(segments->kept[i].fd);
    (void)pthread_mutex_destroy(&segments->lock);
    free(segments->folder);
    explicit_bzero(&segments->tag_key, sizeof segments->tag_key);
    free(segments);
}

static void print_head(char head[static SEGMENT_RECORD_SIZE], size_t size)
{
    memcpy(head, record_magic.data, record_magic.size);
    for (int i = 0; i < 4; i++)
        head[4 + i] = (char)(size >> (24 - 8 * i));
}

// How many of them go with one call: all of them small, or one.
static size_t part_of(const Slice *sealed, size_t count, size_t *ret_bytes)
{
    size_t taken = 0, bytes = 0;
    for (; taken < count && taken < TOGETHER; taken++) {
        size_t more = SEGMENT_RECORD_SIZE + sealed[taken].size;
        if (taken > 0 && bytes + more > ZEROS) break;
        bytes += more;
    }
    *ret_bytes = bytes;
    return taken;
}

// At `end`, which does not move: what a failed append leaves is written over.
static Err write_part(Cx *cx, Segments *segments, const Slice *sealed, size_t count, size_t bytes)
{
    char heads[TOGETHER][SEGMENT_RECORD_SIZE];
    struct iovec parts[2 * TOGETHER];
    for (size_t i = 0; i < count; i++) {
        print_head(heads[i], sealed[i].size);
        parts[2 * i] = (struct iovec){heads[i], SEGMENT_RECORD_SIZE};
        parts[2 * i + 1] = (struct iovec){(void *)(uintptr_t)sealed[i].data, sealed[i].size};
    }
    write_ahead(segments, bytes);
    if (pwritev(segments->fd, parts, (int)(2 * count), (off_t)segments->end) == (ssize_t)bytes)
        return ERR_OK;
    // Rarely: the long way finishes it or says what is wrong.
    uint64_t at = segments->end;
    for (size_t i = 0; i < count; i++) {
        TRY(disk_write_at(cx, segments->fd, (Slice){heads[i], SEGMENT_RECORD_SIZE}, at));
        TRY(disk_write_at(cx, segments->fd, sealed[i], at + SEGMENT_RECORD_SIZE));
        at += SEGMENT_RECORD_SIZE + sealed[i].size;
    }
    return ERR_OK;
}

Err segment_append_all(Cx *cx, Segments *segments, const Slice *sealed, size_t count,
                       StorePlace *ret_places)
{
    if (segments->failed) return err_set(cx, ERR_STORE, "the disk failed; restart the program");
    for (size_t i = 0; i < count; i++)
        if (sealed[i].size > UINT32_MAX) return err_set(cx, ERR_LIMIT, "the record is too large");
    for (size_t done = 0; done < count;) {
        size_t bytes = 0, part = part_of(sealed + done, count - done, &bytes);
        if (segments->fd < 0 || segments->end > segments->size_max) TRY(start_next(cx, segments));
        TRY(write_part(cx, segments, sealed + done, part, bytes));
        for (size_t i = done; i < done + part; i++) {
            ret_places[i] = (StorePlace){.segment = segments->newest,
                                         .position = (int64_t)segments->end,
                                         .size = (int64_t)sealed[i].size};
            segments->end += SEGMENT_RECORD_SIZE + sealed[i].size;
        }
        segments->unsynced = true;
        done += part;
    }
    return ERR_OK;
}

Err segment_append(Cx *cx, Segments *segments, Slice sealed, StorePlace *ret_place)
{
    return segment_append_all(cx, segments, &sealed, 1, ret_place);
}

void segment_sync_soon(Segments *segments)
{
    segments->rush = true;
    // What isn't begun, and what comes behind it, is left to segment_sync.
    if (segments->unsynced && !segments->failed && syncer_ask(&segments->syncer, segments->fd))
        segments->unsynced = false;
}

Err segment_sync(Cx *cx, Segments *segments)
{
    int error = syncer_wait(&segments->syncer);
    if (error == 0 && !segments->unsynced) return ERR_OK;
    if (error != 0 || segments->failed || fdatasync(segments->fd) != 0) {
        if (error == 0) error = errno;
        // A second fdatasync would say yes about pages that the kernel has dropped.
        segments->failed = segments->unsynced = true;
        return err_set(cx, ERR_STORE, "cannot sync a segment: %s", strerror(error));
    }
    segments->unsynced = false;
    return ERR_OK;
}

// A reading file of its own: kept, so that most fetches open nothing. Under the lock.
static int kept_fd(Cx *cx, Segments *segments, int64_t segment)
{
    for (size_t i = 0; i < FDS_KEPT; i++)
        if (segments->kept[i].segment == segment) return segments->kept[i].fd;
    int fd = open(path_of(cx, segments, segment), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    Kept *kept = &segments->kept[segments->next_kept++ % FDS_KEPT];
    if (kept->segment != 0) (void)close(kept->fd);
    *kept = (Kept){segment, fd};
    return fd;
}

Err segment_fetch(Cx *cx, Segments *segments, StorePlace place, Slice *ret_sealed)
{
    if (place.segment <= 0 || place.position < SEGMENT_HEADER_SIZE || place.size < 0)
        return err_set(cx, ERR_CORRUPT, "there is no such record");
    (void)pthread_mutex_lock(&segments->lock);
    int kept = kept_fd(cx, segments, place.segment);
    // A copy: another thread's fetch may close the kept one meanwhile.
    AUTO_CLOSE int fd = kept < 0 ? -1 : fcntl(kept, F_DUPFD_CLOEXEC, 0);
    (void)pthread_mutex_unlock(&segments->lock);
    if (fd < 0)
        return err_set(cx, ERR_CORRUPT, "segment %lld is missing", (long long)place.segment);

    Slice record;
    TRY(disk_read_at(cx, fd, (uint64_t)place.position, SEGMENT_RECORD_SIZE + (size_t)place.size,
                     &record));
    const uint8_t *head = (const uint8_t *)record.data;
    uint32_t size = (uint32_t)head[4] << 24 | (uint32_t)head[5] << 16 | (uint32_t)head[6] << 8 |
                    (uint32_t)head[7];
    if (!slice_starts(record, record_magic) || size != (uint64_t)place.size)
        return err_set(cx, ERR_CORRUPT, "record %lld of segment %lld is damaged",
                       (long long)place.position, (long long)place.segment);
    *ret_sealed = slice_sub(record, SEGMENT_RECORD_SIZE, (size_t)place.size);
    return ERR_OK;
}
