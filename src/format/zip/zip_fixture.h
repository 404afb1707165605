// Zip_fixture: archives for tests, stored or deflated, with the faults that a test asks for.
#pragma once
#include "format/zip/zip.h"

typedef struct ZipFixtureEntry {
    const char *name;
    Slice bytes;
    bool deflate;
    const char *local_name;   // NULL: the same
    uint16_t flags;           // both headers
    uint16_t local_method;    // added to the local header's
    uint32_t crc_change;      // xor-ed into both CRCs
    uint32_t size_change;     // added to both unpacked sizes
    uint32_t local_size_more; // added to the local header's unpacked size alone
    bool overlap;             // starts where the entry before it starts
} ZipFixtureEntry;

// In the arena.
Slice zip_fixture_make(Cx *cx, const ZipFixtureEntry *entries, size_t count);
