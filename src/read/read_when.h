// Read_when: dates as programs write them who forgot to say how.
#pragma once
#include "base/cx.h"

// A count of milliseconds (13 digits) or seconds (10) since 1970, and "Tue May 28 10:08:05 CST
// 2024", as "2024-05-28", the day in China. Whatever else it is stays as it is.
Slice read_when(Cx *cx, Slice raw);
