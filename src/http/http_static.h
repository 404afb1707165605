// The screen: files that webui/ embeds, with caching and a strict policy.
#pragma once
#include "http/call.h"

void http_static_get(Call *call);
// Whether http_static_get has something for the call's address.
bool http_static_has(Call *call);
