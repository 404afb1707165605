// The check of segments: every file begins as one, and every record that a row names is there, in
// its size, over no other. What no row names is the rest of a crash, and nobody's.
#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "desk/running/audit/audit_check.h"
#include "store/disk.h"
#include "store/segment.h"

#define PROGRESS_MASK UINT64_C(4095)

typedef struct File { // the segment that is being walked
    int64_t segment;  // 0 = none yet
    int fd;           // -1: it is not there, and that was said
    const char *name;
    uint64_t size, end; // end of the record before
} File;

static void put_u64(uint8_t *to, uint64_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        to[i] = (uint8_t)number;
}

static uint64_t get_u64(const uint8_t *from)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | from[i];
    return number;
}

// By place; the database has them in the order of their documents.
static Err collect(Cx *cx, Audit *audit, AuditScratch *places)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT segment, position, stored_size FROM document WHERE segment IS NOT NULL",
                 NULL, 0, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        AuditBagRow place = {.value = (uint64_t)db_col_int(rows, 2)};
        put_u64(place.key, (uint64_t)db_col_int(rows, 0));
        put_u64(place.key + 8, (uint64_t)db_col_int(rows, 1));
        TRY(audit_scratch_bag_add(cx, places, &place));
    }
    audit_scratch_bag_sort(places);
    return ERR_OK;
}

static void damaged(Cx *cx, Audit *audit, const File *file, uint64_t position, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_SEGMENT,
                   cx_printf(cx, "segments/%s@%llu", file->name, (unsigned long long)position),
                   slice_of(why));
}

static void open_file(Cx *cx, Audit *audit, File *file, int64_t segment)
{
    if (file->fd >= 0) (void)close(file->fd);
    *file = (File){.segment = segment,
                   .fd = -1,
                   .name = store_segment_name(cx, audit->store, segment),
                   .end = SEGMENT_HEADER_SIZE};
    const char *folder = disk_path(cx, audit->options->folder, "segments");
    file->fd = open(disk_path(cx, folder, file->name), O_RDONLY | O_CLOEXEC);
    if (file->fd < 0) {
        audit_find_add(&audit->findings, AUDIT_SEGMENT_GONE,
                       cx_printf(cx, "segments/%s", file->name),
                       cx_printf(cx, "segment %lld", (long long)segment));
        return;
    }
    struct stat info;
    if (fstat(file->fd, &info) == 0) file->size = (uint64_t)info.st_size;
    Slice head;
    if (disk_read_at(cx, file->fd, 0, SEGMENT_HEADER_SIZE, &head) != ERR_OK ||
        !slice_equal(head, SLICE(SEGMENT_FILE_MAGIC)))
        damaged(cx, audit, file, 0, "it does not begin as a segment");
}

static void check_record(Cx *cx, Audit *audit, File *file, uint64_t position, uint64_t size)
{
    if (position < file->end) {
        damaged(cx, audit, file, position, "it lies over another record");
        return;
    }
    uint64_t end = 0;
    if (__builtin_add_overflow(position, size + SEGMENT_RECORD_SIZE, &end) || end > file->size) {
        damaged(cx, audit, file, position, "the file ends before it does");
        return;
    }
    uint8_t head[SEGMENT_RECORD_SIZE];
    if (pread(file->fd, head, sizeof head, (off_t)position) != (ssize_t)sizeof head) {
        damaged(cx, audit, file, position, "it can't be read");
        return;
    }
    uint64_t says = (uint64_t)head[4] << 24 | (uint64_t)head[5] << 16 | (uint64_t)head[6] << 8 |
                    (uint64_t)head[7];
    if (memcmp(head, SEGMENT_RECORD_MAGIC, 4) != 0 || says != size)
        damaged(cx, audit, file, position, "its head is not that of the record");
    file->end = end;
}

static Err walk(Cx *cx, Audit *audit, const AuditScratch *places, File *file)
{
    for (uint64_t i = 0; i < places->count; i++) {
        const AuditBagRow *place = audit_scratch_find(places, i);
        int64_t segment = (int64_t)get_u64(place->key);
        if (segment != file->segment) open_file(cx, audit, file, segment);
        if (file->fd >= 0) check_record(cx, audit, file, get_u64(place->key + 8), place->value);
        if ((i & PROGRESS_MASK) == 0) audit_check_progress(audit, i, places->count);
    }
    return ERR_OK;
}

Err audit_segments(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    File file = {.fd = -1};
    if (audit->options->quick) {
        for (int64_t i = 1; i <= store_segment_newest(audit->store); i++, ++*ret_things)
            open_file(cx, audit, &file, i);
        cleanup_fd_now(&file.fd);
        return ERR_OK;
    }
    AuditScratch places = {};
    TRY(audit_scratch_open(cx, audit->scratch, sizeof(AuditBagRow), &places));
    Err err = collect(cx, audit, &places);
    if (err == ERR_OK) err = walk(cx, audit, &places, &file);
    *ret_things = places.count;
    cleanup_fd_now(&file.fd);
    audit_scratch_close(&places);
    return err;
}
