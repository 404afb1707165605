// Zip_layout: where the parts of an archive lie. Only for files of this folder.
//
//   local header   50 4B 03 04 | need u16 | flags u16 | method u16 | time u32 | crc u32 |
//                  packed u32 | size u32 | name u16 | extra u16 | name | extra | data
//   descriptor     [50 4B 07 08] | crc u32 | packed u32 | size u32       (flag 8 alone)
//   central header 50 4B 01 02 | made u16 | need u16 | flags u16 | method u16 | time u32 |
//                  crc u32 | packed u32 | size u32 | name u16 | extra u16 | comment u16 |
//                  disk u16 | inner u16 | outer u32 | offset u32 | name | extra | comment
//   end            50 4B 05 06 | disk u16 | central disk u16 | here u16 | entries u16 |
//                  central bytes u32 | central offset u32 | comment u16 | comment
// All little-endian. Sizes and offset may stand in a zip64 extra field (id 1); a zip64 end and
// several disks are not taken. Source: PKWARE APPNOTE 6.3.10, §4.3.
#pragma once
#include "format/zip/zip.h"

#define ZIP_METHOD_STORED   0
#define ZIP_METHOD_DEFLATE  8
#define ZIP_FLAG_ENCRYPTED  0x0001
#define ZIP_FLAG_DESCRIPTOR 0x0008
#define ZIP_FLAG_STRONG     0x0040

typedef struct ZipEntry {
    Slice name, raw_name;              // as zip_name tells it, and as it stands in both headers
    size_t header, data, packed, size; // offsets and sizes in bytes
    uint32_t crc;
    uint16_t flags, method;
    Slice bytes; // unpacked, once it was read
    bool is_read;
} ZipEntry;

// Fills `entries`, checked against the local headers and against one another.
Err zip_layout_read(Cx *cx, Slice bytes, ZipEntry **ret_entries, size_t *ret_count,
                    ZipTrouble *trouble);
// As zip_peek and zip_peek_wrapped.
bool zip_layout_peek(Slice bytes, const Slice *names, size_t count, unsigned *ret_found);
bool zip_layout_peek_wrapped(Slice bytes, Slice name);
