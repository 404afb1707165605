// Canon: what an event says, in its canonical form: RFC 8785 restricted to objects, arrays,
// strings, true and false. Read here without the JSON library, so that a checker of receipts stays
// small.
//
//   object  { "key":value , … }   keys printable ASCII without \ and ", each once, in byte order
//   array   [ value , … ]
//   string  " … "                 UTF-8; only \" \\ \b \f \n \r \t, and \u00xx (lower case) for the
//                                 other controls: one spelling for each value
//
// No white space, no numbers, no null. The whole is one object of at most LIMIT_CANON_BYTES.
#pragma once
#include "base/cx.h"

// ERR_INPUT when it is anything else.
Err canon_check(Cx *cx, Slice canonical);
// The value of a string of the outermost object, in the arena. All of `canonical` is looked at.
// ERR_INPUT when it is not canonical, ERR_MISSING when it has no string of that key.
Err canon_string(Cx *cx, Slice canonical, Slice key, Slice *ret_value);
