// The head of an answer: status line, date, and what stands in every answer.
#pragma once
#include "base/text.h"

// "Not Found" for 404; never empty.
const char *exchange_head_reason(int status);

// The date of this second (RFC 9110 §5.6.7), printed once a second. One a thread.
typedef struct ExchangeDate {
    char text[32];
    uint64_t second;
} ExchangeDate;
const char *exchange_head_date(ExchangeDate *date, Cx *cx);

// "HTTP/1.1 …" up to the empty line. `lines` as they came, each with its CR LF; `length` < 0 = the
// answer has none (204, or a HEAD that does not know).
Slice exchange_head_print(Cx *cx, int status, const char *date, Slice lines, int64_t length,
                          bool close);
