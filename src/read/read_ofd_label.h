// Read_ofd_label: the labels that an invoice prints before its values.
#pragma once
#include "read/read_ofd_rows.h"

typedef enum OfdLabelKind {
    OFD_LABEL_FIELD,
    OFD_LABEL_NAME, // buyer's first, then the seller's
    OFD_LABEL_TAX_ID,
    OFD_LABEL_ADDRESS,
    OFD_LABEL_BANK,
    OFD_LABEL_WORDS,
    OFD_LABEL_SUM,  // two amounts: net and tax
    OFD_LABEL_STOP, // ends the value before it
} OfdLabelKind;

typedef struct OfdLabel {
    Slice word; // half-width forms
    OfdLabelKind what;
    Field field;
} OfdLabel;

// The label that begins at byte `at` of the row's folded text, NULL when none does.
const OfdLabel *read_ofd_label_at(const Row *row, size_t at);
// Where the next one begins, or the text's end.
size_t read_ofd_label_next(const Row *row, size_t from);
