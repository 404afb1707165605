// Segments: append-only files of sealed bytes. Names are keyed, so they tell nothing.
//
//   file    "fapiao-segment-1" LF { record }*
//   record  magic "FPR1", size:u32 big-endian, sealed[size]
//
// A crash may leave a torn record at the end; no row names it. The next append goes behind it.
// While many come at once the newest file ends in zeros, up to 1 MiB, into which they are written;
// closing cuts what is left of them off, and after a crash the next append goes behind the last
// byte that is not zero (and 64 more: a record may end in zeros).
#pragma once
#include "store/store.h"

#define SEGMENT_HEADER_SIZE  17 // bytes, of the file
#define SEGMENT_RECORD_SIZE  8  // bytes, before the sealed ones
#define SEGMENT_FILE_MAGIC   "fapiao-segment-1\n"
#define SEGMENT_RECORD_MAGIC "FPR1"

typedef struct Segments Segments;

typedef struct SegmentsOptions {
    const char *folder;
    const AeadKey *tag_key; // of the names
    bool write;
    bool audit;        // what is missing or too many is not refused: who opened it looks itself
    uint64_t size_max; // a segment is closed when over; 0 = LIMIT_SEGMENT_BYTES
} SegmentsOptions;

Err segment_open(Cx *cx, const SegmentsOptions *options, Segments **ret_segments);
void segment_close(Segments *segments); // takes NULL
// The file's name within the folder, in the arena.
const char *segment_name(Cx *cx, const Segments *segments, int64_t segment);
// How many there are without a gap, from 1.
int64_t segment_newest(const Segments *segments);
// One thread at a time. ERR_LIMIT when the disk is full: nothing was kept.
Err segment_append(Cx *cx, Segments *segments, Slice sealed, StorePlace *ret_place);
// Many, in their order, with few calls; `ret_places` is as long. When it fails none has a place:
// what was written of them is named by nobody.
Err segment_append_all(Cx *cx, Segments *segments, const Slice *sealed, size_t count,
                       StorePlace *ret_places);
// What was appended begins to become durable on a thread of its own; segment_sync waits for it.
void segment_sync_soon(Segments *segments);
// One fdatasync, when anything was appended since the last.
Err segment_sync(Cx *cx, Segments *segments);
// Any thread. ERR_CORRUPT when there is no such record.
Err segment_fetch(Cx *cx, Segments *segments, StorePlace place, Slice *ret_sealed);
