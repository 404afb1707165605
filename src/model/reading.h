// Reading: what the reader saw in one document: its media, and either invoices or a reason why
// none. The answer of a sandboxed reader: encoded in the child, decoded (as untrusted bytes) in the
// parent.
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
    MEDIA_COUNT
} Media;
const char *reading_media_name(Media media); // "unknown" "xml" "ofd" "pdf" "image"
bool reading_media_of(Slice name, Media *ret_media);

typedef struct Reading {
    Media media;
    Reason reason; // REASON_NONE exactly when draft_count > 0
    Slice detail;  // English, for the log: what the reader choked on; may be ""
    Draft *drafts;
    size_t draft_count;
} Reading;

Err reading_add_draft(Cx *cx, Reading *reading, Draft **ret_draft);
