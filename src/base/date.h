// Date: civil dates and UTC timestamps as text. No time zones but UTC and +08:00 (China).
#pragma once
#include "base/cx.h"

typedef struct Date {
    int16_t year;       // 1900..2200
    uint8_t month, day; // 1..12, 1..31
} Date;

#define DATE_TEXT_SIZE  10 // "2026-11-21"
#define DATE_MS_PER_DAY UINT64_C(86'400'000)
#define DATE_CHINA_MS   UINT64_C(28'800'000) // China is ahead of UTC by

// Accepts "2024-05-28", "20240528", "2024/05/28", "2024年05月28日", "2024年5月8日", each optionally
// followed by a time of day or by the zone "+08:00" or "Z", which are ignored. A date that does not
// exist is ERR_INPUT.
Err date_parse(Cx *cx, Slice text, Date *ret_date);
// "2026-11-21"; the buffer takes the NUL too.
Slice date_print(Date date, char buffer[static DATE_TEXT_SIZE + 1]);
// Days since 1970-01-01; for comparing and subtracting.
int32_t date_days(Date date);
Date date_of_days(int32_t days);
// The civil date in China (+08:00) at a UTC time.
Date date_in_china(uint64_t time_ms);
// The same as days since 1970-01-01.
int32_t date_days_in_china(uint64_t time_ms);
// When such a day begins in China, UTC; it ends where the next one begins. 0 for what began before
// 1970-01-01 UTC.
uint64_t date_begins_in_china(int32_t days);
// "2026-11-21T10:30:00.123Z" in the arena.
Slice date_rfc3339(Cx *cx, uint64_t time_ms);
