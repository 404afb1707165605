// Reading: what the reader saw in one document: its media, and either invoices, or the files of a
// container, or a reason why none. The answer of a sandboxed reader: encoded in the child, decoded
// (as untrusted bytes) in the parent.
#pragma once
#include "model/draft.h"
#include "model/reason.h"

#define READING_VERSION "1" // of the reader; a higher one may read a document again

typedef enum Media {
    MEDIA_UNKNOWN,
    MEDIA_XML,
    MEDIA_OFD,
    MEDIA_PDF,
    MEDIA_IMAGE,
    MEDIA_ZIP, // a container of other files
    MEDIA_COUNT
} Media;
const char *reading_media_name(Media media); // "unknown" "xml" "ofd" "pdf" "image" "zip"
bool reading_media_of(Slice name, Media *ret_media);

// A file in a container: it becomes a document of its own.
typedef struct ReadingEntry {
    uint32_t index; // in the container's directory
    uint32_t size;  // unpacked bytes, > 0
    Slice name;     // with its folders; UTF-8
} ReadingEntry;

typedef struct Reading {
    Media media;
    Reason reason; // REASON_NONE exactly when there are drafts or entries
    Slice detail;  // English, for the log: what the reader choked on; may be ""
    Draft *drafts;
    size_t draft_count;
    // Of a container, which has no drafts: its files, and the names of those left out because a
    // computer put them there, not a person. At most LIMIT_ZIP_ENTRIES of each.
    ReadingEntry *entries;
    size_t entry_count;
    Slice *skipped;
    size_t skipped_count;
} Reading;

Err reading_add_draft(Cx *cx, Reading *reading, Draft **ret_draft);
