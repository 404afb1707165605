// Device: a browser that has signed in by a name before. It says so by a cookie that only this
// folder can make, so that whoever guesses at the name from elsewhere does not keep its owner out
// (OWASP: device cookies). It proves nothing else: a password is wanted all the same.
#pragma once
#include "http/call.h"

#define HTTP_DEVICE_COOKIE "__Host-fapiao-device"

// The request's browser has signed in by this name.
bool http_device_known(Call *call, Slice login);
// It has now, with all that was asked for: a password alone may be somebody else's.
void http_device_remember(Call *call, Slice login);
