// Plain: how much of a text stands for itself inside a JSON string.
#pragma once
#include "base/slice.h"

// Bytes at the head of `s` that need no escape: well-formed UTF-8 but controls below 0x20, \" and
// \\.
size_t json_plain_head(Slice s);
