// Address rules: who is let in or kept out (desk/people/gate).
#pragma once
#include "http/call.h"

Err http_gate_list(Call *call);
Err http_gate_add(Call *call);
Err http_gate_remove(Call *call);
