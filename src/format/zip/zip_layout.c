#include "format/zip/zip_layout.h"

#include <stdlib.h>

#include "base/limits.h"
#include "format/zip/zip_path.h"

#define LOCAL_SIZE   30
#define CENTRAL_SIZE 46
#define END_SIZE     22
#define COMMENT_MAX  65535

typedef struct End {
    size_t at, central, central_size, count;
} End;

static uint16_t u16(const char *p)
{
    return (uint16_t)((uint8_t)p[0] | (uint8_t)p[1] << 8);
}

static uint32_t u32(const char *p)
{
    return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16;
}

static uint64_t u64(const char *p)
{
    return (uint64_t)u32(p) | (uint64_t)u32(p + 4) << 32;
}

// Numbers that say "look into the zip64 extra field" (id 1; the missing ones, in this order, eight
// bytes each). Some writers put all sizes there.
static bool from_zip64(Slice extra, uint64_t *values, size_t count)
{
    while (extra.size >= 4) {
        size_t size = u16(extra.data + 2);
        if (size > extra.size - 4) return false;
        if (u16(extra.data) != 1) {
            extra = slice_sub(extra, 4 + size, SIZE_MAX);
            continue;
        }
        Slice field = slice_sub(extra, 4, size);
        for (size_t i = 0; i < count; i++) {
            if (values[i] != UINT32_MAX) continue;
            if (field.size < 8) return false;
            values[i] = u64(field.data);
            field = slice_sub(field, 8, SIZE_MAX);
        }
        return true;
    }
    return false;
}

static Err refuse(Cx *cx, ZipTrouble *trouble, ZipTrouble sort, Err err, const char *what,
                  Slice name)
{
    *trouble = sort;
    return err_set(cx, err, "%s '" SLICE_FMT "'", what, SLICE_ARG(slice_sub(name, 0, 200)));
}

static bool is_end(Slice bytes, size_t at, End *ret_end)
{
    const char *p = bytes.data + at;
    if (u32(p) != 0x06054b50 || u16(p + 4) != 0 || u16(p + 6) != 0) return false;
    if (u16(p + 8) != u16(p + 10)) return false;
    End end = {at, u32(p + 16), u32(p + 12), u16(p + 10)};
    if (end.central > at || end.central_size != at - end.central) return false;
    if (u16(p + 20) > bytes.size - at - END_SIZE) return false;
    if (end.count == 0 ? end.central_size != 0 : end.central_size < CENTRAL_SIZE) return false;
    if (end.count > 0 && u32(bytes.data + end.central) != 0x02014b50) return false;
    *ret_end = end;
    return true;
}

// A second end that holds would show another archive to a reader that looks elsewhere.
static Err find_end(Cx *cx, Slice bytes, End *ret_end, ZipTrouble *trouble)
{
    size_t found = 0;
    size_t span = bytes.size < END_SIZE + COMMENT_MAX ? bytes.size : END_SIZE + COMMENT_MAX;
    const char *from = bytes.data + (bytes.size - span);
    const char *p = bytes.size < END_SIZE ? from : bytes.data + (bytes.size - END_SIZE) + 1;
    while ((p = memrchr(from, 'P', (size_t)(p - from))) != NULL) {
        End end = {};
        if (is_end(bytes, (size_t)(p - bytes.data), &end) && found++ == 0) *ret_end = end;
    }
    if (found == 0)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "no end of a zip directory in",
                      SLICE("document"));
    if (found > 1)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "two zip directories in",
                      SLICE("document"));
    if (ret_end->count > LIMIT_ZIP_ENTRIES)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_LIMIT, "too many zip entries in",
                      SLICE("document"));
    return ERR_OK;
}

static Err read_central(Cx *cx, Slice bytes, const End *end, size_t *at, ZipEntry *entry,
                        ZipTrouble *trouble)
{
    size_t left = end->at - *at;
    const char *p = bytes.data + *at;
    size_t name_size = left < CENTRAL_SIZE ? 0 : u16(p + 28);
    size_t more = left < CENTRAL_SIZE ? 0 : name_size + u16(p + 30) + u16(p + 32);
    if (left < CENTRAL_SIZE || u32(p) != 0x02014b50 || more > left - CENTRAL_SIZE)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "zip directory ends early in",
                      SLICE("document"));
    uint64_t sizes[3] = {u32(p + 24), u32(p + 20), u32(p + 42)};
    Slice extra = {p + CENTRAL_SIZE + name_size, u16(p + 30)};
    if (sizes[0] == UINT32_MAX || sizes[1] == UINT32_MAX || sizes[2] == UINT32_MAX)
        (void)from_zip64(extra, sizes, 3); // what stays UINT32_MAX is too large below
    *entry = (ZipEntry){.raw_name = {p + CENTRAL_SIZE, name_size},
                        .flags = u16(p + 8),
                        .method = u16(p + 10),
                        .crc = u32(p + 16),
                        .packed = sizes[1],
                        .size = sizes[0],
                        .header = sizes[2]};
    *at += CENTRAL_SIZE + more;
    if (zip_path_settle(cx, entry->raw_name, &entry->name) != ERR_OK)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_LIMIT, "no room for the names of",
                      SLICE("document"));
    if (!zip_path_is_harmless(entry->name))
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "zip entry name",
                      entry->raw_name);
    if ((entry->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG)) != 0)
        return refuse(cx, trouble, ZIP_TROUBLE_ENCRYPTED, ERR_INPUT, "encrypted zip entry",
                      entry->name);
    if (entry->method != ZIP_METHOD_STORED && entry->method != ZIP_METHOD_DEFLATE)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "zip method of", entry->name);
    bool too_long = entry->size > LIMIT_ZIP_ENTRY_BYTES;
    bool bomb = entry->size > LIMIT_MIB && entry->size / LIMIT_ZIP_RATIO > entry->packed;
    if (too_long || bomb)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_LIMIT,
                      "zip entry too large:", entry->name);
    if (entry->method == ZIP_METHOD_STORED && entry->size != entry->packed)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "stored sizes differ in",
                      entry->name);
    return ERR_OK;
}

// A writer that streams leaves CRC and sizes of the local header zero (flag 8); otherwise every
// number of the two must be the same.
static Err check_local(Cx *cx, Slice bytes, const End *end, ZipEntry *entry, ZipTrouble *trouble)
{
    if (entry->header > end->central || end->central - entry->header < LOCAL_SIZE)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT,
                      "local header out of place:", entry->name);
    const char *p = bytes.data + entry->header;
    if (u32(p) != 0x04034b50)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "no local header of",
                      entry->name);
    size_t room = end->central - entry->header - LOCAL_SIZE;
    size_t name_size = u16(p + 26), extra_size = u16(p + 28);
    if (name_size + extra_size > room || entry->packed > room - name_size - extra_size)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "data out of place of",
                      entry->name);
    bool same = slice_equal((Slice){p + LOCAL_SIZE, name_size}, entry->raw_name) &&
                u16(p + 8) == entry->method &&
                ((u16(p + 6) ^ entry->flags) & ZIP_FLAG_ENCRYPTED) == 0;
    uint32_t crc = u32(p + 14);
    uint64_t sizes[2] = {u32(p + 22), u32(p + 18)};
    bool streamed = (u16(p + 6) & ZIP_FLAG_DESCRIPTOR) != 0;
    bool left_out = streamed && sizes[0] == 0 && sizes[1] == 0;
    if (sizes[0] == UINT32_MAX || sizes[1] == UINT32_MAX) {
        Slice extra = {p + LOCAL_SIZE + name_size, extra_size};
        same = same && (from_zip64(extra, sizes, 2) || streamed);
        left_out = streamed && (sizes[0] == 0 || sizes[0] == UINT32_MAX);
    }
    if (!left_out) same = same && sizes[1] == entry->packed && sizes[0] == entry->size;
    if (!(streamed && crc == 0)) same = same && crc == entry->crc;
    if (!same)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "local and central header of",
                      entry->name);
    entry->data = entry->header + LOCAL_SIZE + name_size + extra_size;
    return ERR_OK;
}

static int by_offset(const void *a, const void *b)
{
    size_t x = (*(ZipEntry *const *)a)->header, y = (*(ZipEntry *const *)b)->header;
    return x < y ? -1 : x > y;
}

static int by_name(const void *a, const void *b)
{
    return zip_path_compare((*(ZipEntry *const *)a)->name, (*(ZipEntry *const *)b)->name);
}

static Err check_together(Cx *cx, ZipEntry *entries, size_t count, ZipTrouble *trouble)
{
    ZipEntry **order = arena_alloc(&cx->arena, count * sizeof(void *));
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = &entries[i];
        total += entries[i].size;
    }
    if (total > LIMIT_ZIP_TOTAL_BYTES)
        return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_LIMIT, "zip unpacks too large",
                      SLICE(""));
    qsort(order, count, sizeof(void *), by_offset);
    for (size_t i = 1; i < count; i++)
        if (order[i - 1]->data + order[i - 1]->packed > order[i]->header)
            return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "overlapping zip entry",
                          order[i]->name);
    qsort(order, count, sizeof(void *), by_name);
    for (size_t i = 1; i < count; i++)
        if (by_name(&order[i - 1], &order[i]) == 0)
            return refuse(cx, trouble, ZIP_TROUBLE_HOSTILE, ERR_INPUT, "two zip entries named",
                          order[i]->name);
    return ERR_OK;
}

// The directory of an archive of which nothing is checked.
static bool peek_open(Slice bytes, End *ret_end)
{
    size_t span = bytes.size < END_SIZE + COMMENT_MAX ? bytes.size : END_SIZE + COMMENT_MAX;
    for (size_t back = END_SIZE; back <= span; back++)
        if (is_end(bytes, bytes.size - back, ret_end)) return true;
    return false;
}

// The raw name at *at, which goes on to the next. false when there is no header.
static bool peek_next(Slice bytes, const End *end, size_t *at, Slice *ret_raw)
{
    const char *p = bytes.data + *at;
    if (end->at - *at < CENTRAL_SIZE || u32(p) != 0x02014b50) return false;
    size_t more = (size_t)u16(p + 28) + u16(p + 30) + u16(p + 32);
    if (more > end->at - *at - CENTRAL_SIZE) return false;
    *ret_raw = (Slice){p + CENTRAL_SIZE, u16(p + 28)};
    *at += CENTRAL_SIZE + more;
    return true;
}

bool zip_layout_peek(Slice bytes, const Slice *names, size_t count, unsigned *ret_found)
{
    End end = {};
    Slice raw = {};
    if (!peek_open(bytes, &end)) return false;
    *ret_found = 0;
    for (size_t at = end.central; at < end.at;) {
        if (!peek_next(bytes, &end, &at, &raw)) return false;
        for (size_t i = 0; i < count; i++)
            if (zip_path_equal(raw, names[i])) *ret_found |= 1u << i;
    }
    return true;
}

bool zip_layout_peek_wrapped(Slice bytes, Slice name)
{
    End end = {};
    Slice raw = {};
    ZipFolder folder = {};
    if (!peek_open(bytes, &end)) return false;
    for (size_t at = end.central; at < end.at && !folder.parted;) {
        if (!peek_next(bytes, &end, &at, &raw)) return false;
        zip_path_gather(&folder, zip_path_bare(raw), name);
    }
    return folder.found && !folder.parted;
}

Err zip_layout_read(Cx *cx, Slice bytes, ZipEntry **ret_entries, size_t *ret_count,
                    ZipTrouble *trouble)
{
    End end = {};
    TRY(find_end(cx, bytes, &end, trouble));
    ZipEntry *entries = arena_alloc(&cx->arena, (end.count + 1) * sizeof *entries);
    size_t at = end.central;
    for (size_t i = 0; i < end.count; i++) {
        TRY(read_central(cx, bytes, &end, &at, &entries[i], trouble));
        TRY(check_local(cx, bytes, &end, &entries[i], trouble));
    }
    if (at != end.at)
        return refuse(cx, trouble, ZIP_TROUBLE_DAMAGED, ERR_INPUT, "zip directory's size in",
                      SLICE("document"));
    if (end.count > 0) TRY(check_together(cx, entries, end.count, trouble));
    *ret_entries = entries;
    *ret_count = end.count;
    return ERR_OK;
}
