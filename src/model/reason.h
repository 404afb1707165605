// Reason: why a document gave no invoice or was not kept. One table: code, two languages, exit
// code, HTTP status. Codes are part of the commands' contract and never change.
#pragma once
#include "base/slice.h"

typedef enum Reason {
    REASON_NONE = 0,    // an invoice was read
    REASON_NOT_INVOICE, // readable, but no invoice
    REASON_NEEDS_OCR,   // a picture without a readable QR code
    REASON_DAMAGED,     // truncated, not well-formed
    REASON_ENCRYPTED,   // needs a password
    REASON_HOSTILE,     // built to harm: bombs, double names, entities, a reader that was killed
    REASON_UNSUPPORTED, // a format that no reader knows
    REASON_TOO_LARGE,
    REASON_EMPTY,
    REASON_NO_ROOM,  // disk full: nothing was kept
    REASON_NO_FILES, // a container with no file in it
    REASON_COUNT
} Reason;

typedef struct ReasonRow {
    const char *code;    // "not_invoice"
    const char *zh, *en; // one sentence each: what happened and what to do
    int exit_code;       // of `fapiao read`: 0, 3, 4
    int http_status;
} ReasonRow;

const ReasonRow *reason_row(Reason reason);
// false when no reason has that code.
bool reason_of_code(Slice code, Reason *ret_reason);
