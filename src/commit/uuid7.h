// UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then a count within them,
// then randomness: a later one of this process is greater. Made here, never by a database.
#pragma once
#include "base/cx.h"

#define UUID7_SIZE 16
void uuid7_make(Cx *cx, uint8_t ret_id[static UUID7_SIZE]);
