// The table of readers: everything that fapiao-read can read.
#pragma once
#include "read/reader.h"

extern ReaderFn *const readers_all[MEDIA_COUNT];
// reader_warm, and fontconfig and poppler's character maps.
void readers_warm(void);
