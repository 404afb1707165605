#include "format/zip/zip_fixture.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/limits.h"
#include "base/text.h"

static void put16(Text *text, size_t value)
{
    text_byte(text, (char)(value & 0xff));
    text_byte(text, (char)(value >> 8 & 0xff));
}

static void put32(Text *text, size_t value)
{
    put16(text, value & 0xffff);
    put16(text, value >> 16 & 0xffff);
}

static Slice deflated(Cx *cx, Slice bytes)
{
    z_stream stream = {};
    // owned: zlib's own memory until deflateEnd below
    if (deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) abort();
    size_t room = deflateBound(&stream, (uLong)bytes.size);
    char *out = arena_alloc(&cx->arena, room);
    stream.next_in = (Bytef *)(uintptr_t)bytes.data;
    stream.avail_in = (uInt)bytes.size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) abort();
    size_t size = room - stream.avail_out;
    (void)deflateEnd(&stream);
    return (Slice){out, size};
}

static void put_common(Text *text, const ZipFixtureEntry *entry, size_t method, size_t packed,
                       size_t size)
{
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)entry->bytes.data, (uInt)entry->bytes.size);
    put16(text, 20);
    put16(text, entry->flags);
    put16(text, method);
    put32(text, 0x5a21'0000); // 2025-01-01
    put32(text, crc ^ entry->crc_change);
    put32(text, packed);
    put32(text, size);
}

static void put_local(Text *all, const ZipFixtureEntry *entry, Slice packed)
{
    const char *name = entry->local_name == NULL ? entry->name : entry->local_name;
    put32(all, 0x04034b50);
    put_common(all, entry, (entry->deflate ? 8U : 0U) + entry->local_method, packed.size,
               entry->bytes.size + entry->size_change + entry->local_size_more);
    put16(all, strlen(name));
    put16(all, 0);
    text_add(all, slice_of(name));
    text_add(all, packed);
}

Slice zip_fixture_make(Cx *cx, const ZipFixtureEntry *entries, size_t count)
{
    Text all = text_open(cx, LIMIT_DOCUMENT_BYTES);
    Text central = text_open(cx, LIMIT_DOCUMENT_BYTES);
    size_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        const ZipFixtureEntry *entry = &entries[i];
        Slice packed = entry->deflate ? deflated(cx, entry->bytes) : entry->bytes;
        if (!entry->overlap || i == 0) {
            offset = all.size;
            put_local(&all, entry, packed);
        }
        put32(&central, 0x02014b50);
        put16(&central, 20);
        put_common(&central, entry, entry->deflate ? 8 : 0, packed.size,
                   entry->bytes.size + entry->size_change);
        put16(&central, strlen(entry->name));
        for (int zeros = 0; zeros < 6; zeros++) // extra, comment, disk, inner, outer
            put16(&central, 0);
        put32(&central, offset);
        text_add(&central, slice_of(entry->name));
    }
    size_t at = all.size;
    text_add(&all, text_so_far(&central));
    put32(&all, 0x06054b50);
    put32(&all, 0);
    put16(&all, count);
    put16(&all, count);
    put32(&all, central.size);
    put32(&all, at);
    put16(&all, 0);
    Slice whole = {};
    if (text_done(cx, &all, &whole) != ERR_OK) abort();
    return whole;
}
