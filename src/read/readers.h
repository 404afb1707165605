// The table of readers: everything that fapiao-read can read.
#pragma once
#include "read/reader.h"

// reader_run with all of them.
void readers_read(Cx *cx, const ReadJob *job, Reading *ret_reading);
// reader_warm, and fontconfig and poppler's character maps.
void readers_warm(void);
