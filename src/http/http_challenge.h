// A proof of work to be done (http/challenges.h).
#pragma once
#include "http/call.h"

Err http_challenge_get(Call *call);
// Whether the request shows one that is solved, in the header Fapiao-Challenge; it is used up.
bool http_challenge_shown(Call *call);
