// Routes of witnesses: who is asked to cosign the log, and what they last said.
#pragma once
#include "http/call.h"

Err http_witnesses_list(Call *call);
// {"vkey", "url"}: for the local administrator.
Err http_witnesses_add(Call *call);
Err http_witnesses_remove(Call *call);
