// What a reader is: one row of the table in read/readers.c. Runs in the sandboxed child alone.
#pragma once
#include "model/reading.h"
#include "model/wire.h"

typedef struct ReadJob {
    Slice bytes;            // the document
    const SealAnswer *seal; // what the seal child found; state ABSENT for media without seals
    bool skip_qr;
} ReadJob;

// Fills drafts or reason. An Err is ERR_LIMIT (over a limit: becomes REASON_HOSTILE or TOO_LARGE),
// ERR_INPUT (damaged), or a bug. `reading->media` is set already.
typedef Err ReaderFn(Cx *cx, const ReadJob *job, Reading *reading);

ReaderFn read_xml, read_ofd, read_pdf, read_image;
