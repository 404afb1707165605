// Draft canon: the one spelling of each kind of value, whether it was read (draft.c) or is asked
// (desk/invoice/verify).
#pragma once
#include "model/draft.h"

// Each brings `raw` to its canonical form in the arena. *ret_ok = false: there is none ("abc" as
// money), and the out-value is "". ERR_LIMIT only.
//
// White space is cut at both ends and inner runs become one space; control characters are dropped;
// bytes that are no UTF-8 become U+FFFD.
Err draft_canon_text(Cx *cx, Slice raw, Slice *ret_text);
// All white space removed; full-width digits and letters become ASCII.
Err draft_canon_digits(Cx *cx, Slice raw, Slice *ret_digits);
// "￥1,234.5元" -> "1234.50". Full-width digits, thousands commas and marks of currency are folded.
Err draft_canon_money(Cx *cx, Slice raw, Slice *ret_money, bool *ret_ok);
Err draft_canon_date(Cx *cx, Slice raw, Slice *ret_date, bool *ret_ok);
// A price or quantity, as printed but for commas and marks of currency: "1,000.50" -> "1000.50".
Err draft_canon_decimal(Cx *cx, Slice raw, Slice *ret_decimal, bool *ret_ok);
// "0.060000", "6.00%", "6" -> "6%"; words stay as they are.
Err draft_canon_rate(Cx *cx, Slice raw, Slice *ret_rate);
// "***", "＊＊＊" and the like: tax that is not printed.
bool draft_canon_masked(Slice raw);
// The next character for comparing: white space skipped, full-width forms folded to ASCII. 0 at the
// end.
uint32_t draft_canon_next(Slice *rest);
// All of these, ASCII letters small: by what names are found, as they are kept and as they are
// asked for. "丙 公司（Ａ）" -> "丙公司(a)". ERR_LIMIT only.
Err draft_canon_found(Cx *cx, Slice raw, Slice *ret_text);
