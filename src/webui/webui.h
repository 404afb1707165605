// Webui: the built screen (web/dist), embedded in the program at build time.
//
// tools/embed_web.py makes the table from web/dist. When that was absent the table is empty, and
// one small built-in page says that the screen was not built.
#pragma once
#include "base/slice.h"

typedef struct WebuiFile {
    Slice path;     // "/assets/index-3f2a.js"
    Slice type;     // Content-Type
    Slice etag;     // quoted, of the plain bytes
    Slice bytes;    // what to send: gzipped when `gzip`
    bool immutable; // its name changes with its content: cache for a year
    bool gzip;      // Content-Encoding: gzip, Vary: Accept-Encoding
    Slice plain;    // the same, never gzipped: for clients that don't accept gzip
} WebuiFile;

// The file for a request path (without query). "/" and the page's own addresses ("/invoices/…",
// anything whose last part has no dot) give index.html, so that a bookmark works; false for a file
// that is not there, for anything under /api/ and for a path that does not start with "/".
bool webui_find(Slice path, WebuiFile *ret_file);

// Whether the screen was built into this program.
bool webui_built(void);

// The generated table, sorted by nothing in particular.
extern const WebuiFile webui_files[];
extern const size_t webui_file_count;
