// JSON of readings: the shape that `fapiao read --json` prints and that a reading fact keeps.
#pragma once
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "model/reading.h"

// {"file","media","sha256","documents":[…],"error":null|{"code","text"}}: one line, no LF.
// `sha256` hexadecimal.
Err reading_json_print(Cx *cx, Slice file, Slice sha256, const Reading *reading, Slice *ret_json);
// One draft as an object, into a writer that is open. `canonical`: RFC 8785 restricted profile
// (keys sorted, no numbers, no null: confidence is a string), else confidence is a number 0..1.
void reading_json_draft(JsonOut *out, const Draft *draft, bool canonical);
// The canonical bytes of one draft, as a reading fact keeps them.
Err reading_json_canonical(Cx *cx, const Draft *draft, Slice *ret_json);
// The same; *ret_plain: every text stands in them byte for byte.
Err reading_json_print_canonical(Cx *cx, const Draft *draft, Slice *ret_json, bool *ret_plain);
// The way back; also takes the non-canonical shape. Unknown keys are skipped. ERR_INPUT, ERR_LIMIT.
Err reading_json_parse(Cx *cx, Slice json, Draft *ret_draft);
