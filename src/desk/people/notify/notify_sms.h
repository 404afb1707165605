// SMS: one request to the gateway that is set (sms.url, sms.method, sms.headers, sms.body).
//
// {phone} and {text} stand for the number and the message: percent-encoded in the address, escaped
// in the body as its Content-Type wants it (JSON: as inside a string; else percent-encoded).
#pragma once
#include "desk/people/notify/notify_channels.h"

NotifySender notify_sms_send;
// What stands in a body or address; `json` = escaped for a string of JSON.
Err notify_sms_fill(Cx *cx, Slice pattern, bool json, Slice phone, Slice text, Slice *ret_filled);
