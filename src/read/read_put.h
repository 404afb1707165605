// Read_put: putting values into a draft, as all readers of structured files do. Never refuses a
// whole document because one remark is too long: it is cut, and a finding says so.
#pragma once
#include "model/reading.h"

// draft_set with full confidence; an amount goes through read_put_number, a date through read_when.
Err read_put(Cx *cx, Draft *draft, Field field, Slice raw, Source source);
// At most LIMIT_FIELD_BYTES of it, cut at a character's edge.
Slice read_put_cut(Slice text);
// A number as programs write it, in the form in which people do: "1E+3" is 1000, "10." is 10, ".13"
// is 0.13, "+1" and "CNY 1" are 1, "-" is none. Whatever else it is stays as it is. At most
// LIMIT_FIELD_BYTES of it.
Err read_put_number(Cx *cx, Slice raw, Slice *ret_number);
// A line of the texts that a file has for it: numbers by read_put_number, all of it canonical.
Err read_put_line(Cx *cx, Draft *draft, const Line *raw);
// "a b"; the other one where one is empty.
Err read_put_pair(Cx *cx, Slice a, Slice b, Slice *ret_pair);
// The kind as `code`, or derived from code and number where that is "".
Err read_put_kind(Cx *cx, Draft *draft, Slice code, Source source);
// Which of an invoice's numbers is which. A digital_number of 20 digits stands beside code and
// number (数电纸质发票, whose kind it then is); where there is no code it is the number, if none
// was read. Any other digital_number is dropped.
void read_put_settle(Draft *draft);
// A number of 20 digits has neither code nor check code nor machine: what print calls so is of
// another invoice, that a remark speaks of, and goes.
void read_put_drop_foreign(Draft *draft);
// Whatever a draft says that another does not: "sources_disagree" for each field that both have
// with different values, and nothing else. `of` names the other in the finding.
Err read_put_compare(Cx *cx, Draft *draft, const Draft *other, const char *of);
// "encoding_guessed", where the XML's encoding was.
Err read_put_guessed(Cx *cx, bool guessed, Draft *draft);
// "markup_mended", where the XML's text was.
Err read_put_mended(Cx *cx, bool mended, Draft *draft);
// Why there is nothing, for the log. What the input put into it is made clean UTF-8.
Err read_put_reason(Cx *cx, Reading *reading, Reason reason, Slice detail);
// Whether the reading has an invoice of that code and number.
bool read_put_has(const Reading *reading, const Draft *draft);
// An invoice that a structured file tells of. A form without a number is a template, not an
// invoice; the same number again is no other one.
Err read_put_draft(Cx *cx, Reading *reading, const Draft *found);
