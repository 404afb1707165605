// Mirrors: adding one. What each does after that: http/nodes.h, and the sync page.
#pragma once
#include "http/call.h"

Err http_mirrors_add(Call *call); // the token in the answer is shown this once
