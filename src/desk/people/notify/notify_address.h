// Addresses: whom a message goes to, and where a gateway is. Strict: what is not plainly an address
// is none, so nothing of it can become a header, a command or a second recipient.
#pragma once
#include "base/cx.h"

typedef struct NotifyAddress {
    Slice name; // "" or as it was written, without quotes; UTF-8, no control characters
    Slice mail; // local@domain, ASCII (RFC 5321 4.1.2, dot-strings alone)
} NotifyAddress;

// "a@b.example" or "发票平台 <a@b.example>". ERR_INPUT with why.
Err notify_address_parse(Cx *cx, Slice text, NotifyAddress *ret_address);
// The address alone, without a name.
Err notify_address_mail(Cx *cx, Slice text);
// Digits, 5 to 15 of them (E.164), a plus before them or not.
Err notify_address_phone(Cx *cx, Slice text);
// What a robot is told of whom it is for: one line, 64 bytes at most, or nothing.
Err notify_address_label(Cx *cx, Slice text);
// https, or http on this machine; a query may be in it, a user or fragment may not. Braces are
// taken as what they will stand for.
Err notify_address_web(Cx *cx, Slice url);
