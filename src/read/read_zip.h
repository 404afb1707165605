// Read_zip: the files of a container.
#pragma once
#include "base/cx.h"

// The bytes of one that the reader has told of. ERR_INPUT, ERR_LIMIT.
Err read_zip_entry(Cx *cx, Slice bytes, uint32_t index, Slice *ret_entry);
