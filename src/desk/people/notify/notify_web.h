// Web: one request of a gateway or robot, with what its answer means; what it tells has no secret
// in it, since the addresses of these are secrets themselves.
#pragma once
#include "base/text.h"
#include "desk/people/notify/notify_channels.h"
#include "net/fetch.h"

// The body of an answer of 2xx. As NotifySender otherwise: 400, 413, 415 and 422 refuse for good.
Err notify_web_ask(Cx *cx, const FetchRequest *request, Slice *ret_body);
// Letters, digits and -._~ as they are, every other byte as %XX (RFC 3986 2.1).
void notify_web_percent(Text *out, Slice text);
