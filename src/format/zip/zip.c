#include "format/zip/zip.h"

#include <assert.h>
#include <zlib.h>

#include "base/limits.h"
#include "format/zip/zip_layout.h"
#include "format/zip/zip_path.h"

struct Zip {
    Slice bytes;
    ZipEntry *entries;
    size_t count;
    z_stream inflater; // its memory is the arena's
    bool inflater_ready;
};

bool zip_peek(Slice bytes, const Slice *names, size_t count, unsigned *ret_found)
{
    assert(count <= 32);
    return zip_layout_peek(bytes, names, count, ret_found);
}

bool zip_peek_wrapped(Slice bytes, Slice name)
{
    return zip_layout_peek_wrapped(bytes, name);
}

Err zip_open(Cx *cx, Slice bytes, Zip **ret_zip, ZipTrouble *trouble)
{
    ZipTrouble ignored = ZIP_TROUBLE_NONE;
    if (trouble == NULL) trouble = &ignored;
    Zip *zip = arena_alloc(&cx->arena, sizeof *zip);
    zip->bytes = bytes;
    TRY(zip_layout_read(cx, bytes, &zip->entries, &zip->count, trouble));
    *ret_zip = zip;
    return ERR_OK;
}

void zip_enter(Zip *zip, Slice name)
{
    ZipFolder folder = {};
    for (size_t i = 0; i < zip->count && !folder.parted; i++)
        zip_path_gather(&folder, zip->entries[i].name, name);
    if (folder.parted || !folder.found) return;
    for (size_t i = 0; i < zip->count; i++)
        zip->entries[i].name = zip_path_within(&folder, zip->entries[i].name);
}

size_t zip_count(const Zip *zip)
{
    return zip->count;
}

Slice zip_name(const Zip *zip, size_t index)
{
    assert(index < zip->count);
    return zip->entries[index].name;
}

size_t zip_size(const Zip *zip, size_t index)
{
    assert(index < zip->count);
    return zip->entries[index].size;
}

bool zip_is_folder(const Zip *zip, size_t index)
{
    return slice_ends(zip_name(zip, index), SLICE("/"));
}

bool zip_find(const Zip *zip, Slice name, size_t *ret_index)
{
    if (slice_starts(name, SLICE("/"))) name = slice_sub(name, 1, SIZE_MAX);
    size_t found = SIZE_MAX; // the only one but in GBK, whose pairs hold letters that are none
    for (size_t i = 0; i < zip->count; i++) {
        Slice one = zip->entries[i].name;
        if (!slice_equal_nocase(one, name)) continue;
        if (found == SIZE_MAX || slice_equal(one, name)) found = i;
    }
    if (found == SIZE_MAX) return false;
    *ret_index = found;
    return true;
}

static void *arena_for_zlib(void *arena, uInt items, uInt size)
{
    return arena_try_array(arena, items, size);
}

static void free_for_zlib(void *arena, void *memory)
{
    (void)arena, (void)memory; // the arena frees it
}

static Err inflate_entry(Cx *cx, Zip *zip, const ZipEntry *entry, char *out, ZipTrouble *trouble)
{
    z_stream *stream = &zip->inflater;
    if (!zip->inflater_ready) {
        stream->zalloc = arena_for_zlib;
        stream->zfree = free_for_zlib;
        stream->opaque = &cx->arena;
        if (inflateInit2(stream, -MAX_WBITS) != Z_OK) {
            *trouble = ZIP_TROUBLE_HOSTILE;
            return err_set(cx, ERR_LIMIT, "no memory to unpack with");
        }
        zip->inflater_ready = true;
    }
    int status = inflateReset(stream);
    assert(status == Z_OK);
    stream->next_in = (Bytef *)(uintptr_t)(zip->bytes.data + entry->data);
    stream->avail_in = (uInt)entry->packed;
    stream->next_out = (Bytef *)out;
    stream->avail_out = (uInt)entry->size;
    status = inflate(stream, Z_FINISH);
    if (status == Z_STREAM_END && stream->avail_out == 0 && stream->avail_in == 0) return ERR_OK;
    // More comes out than the header says: whoever trusted the header would be overrun.
    bool longer = stream->avail_out == 0 && status != Z_DATA_ERROR && status != Z_STREAM_END;
    *trouble = longer && stream->avail_in > 0 ? ZIP_TROUBLE_HOSTILE : ZIP_TROUBLE_DAMAGED;
    return err_set(cx, ERR_INPUT, "zip entry '" SLICE_FMT "' does not unpack",
                   SLICE_ARG(slice_sub(entry->name, 0, 200)));
}

Err zip_read(Cx *cx, Zip *zip, size_t index, Slice *ret_bytes, ZipTrouble *trouble)
{
    assert(index < zip->count);
    ZipTrouble ignored = ZIP_TROUBLE_NONE;
    if (trouble == NULL) trouble = &ignored;
    ZipEntry *entry = &zip->entries[index];
    if (entry->is_read) {
        *ret_bytes = entry->bytes;
        return ERR_OK;
    }
    Slice bytes = {zip->bytes.data + entry->data, entry->size};
    if (entry->method == ZIP_METHOD_DEFLATE) {
        char *out = arena_try_alloc(&cx->arena, entry->size);
        if (out == NULL) {
            *trouble = ZIP_TROUBLE_HOSTILE;
            return err_set(cx, ERR_LIMIT, "zip entries need too much memory");
        }
        TRY(inflate_entry(cx, zip, entry, out, trouble));
        bytes.data = out;
    }
    if (crc32(0, (const Bytef *)bytes.data, (uInt)bytes.size) != entry->crc) {
        *trouble = ZIP_TROUBLE_DAMAGED;
        return err_set(cx, ERR_INPUT, "CRC of zip entry '" SLICE_FMT "' is wrong",
                       SLICE_ARG(slice_sub(entry->name, 0, 200)));
    }
    entry->bytes = bytes;
    entry->is_read = true;
    *ret_bytes = bytes;
    return ERR_OK;
}
