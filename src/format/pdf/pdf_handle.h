// What a Pdf is, for the files of this folder alone.
#pragma once
#include <poppler.h>

#include "format/pdf/pdf.h"

struct Pdf {
    PopplerDocument *document;
    size_t page_count;
};
