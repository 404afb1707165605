// A day's equation as the API shows it.
#pragma once
#include "desk/running/completeness/completeness.h"
#include "desk/running/completeness/statement.h"
#include "format/json/json_out.h"

// {"day","signed","received","handed_in",…,"in_progress","sources":[{"source",…}],"note"}; `note`
// is the signed statement, "" while the day goes on.
Err completeness_view_day(Cx *cx, Db *db, Slice tenant, Slice day, Slice *ret_json);
// Signed days, newest first, before `before` ("" = from the newest): {"items":[…],"next_cursor"}.
Err completeness_view_days(Cx *cx, Db *db, Slice tenant, Slice before, int limit, Slice *ret_json);
// The members of one count, without braces: for who shows more beside them.
void completeness_view_count(JsonOut *out, const EquationCount *count);
