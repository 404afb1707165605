// Messages to people, and where they go (desk/people/notify). What they say, and to whom, is shown
// to nobody here: there are codes in them that open accounts.
#pragma once
#include "http/call.h"

Err http_notifications_list(Call *call);     // newest first, by state
Err http_notifications_test(Call *call);     // puts a test message
Err http_notifications_retry(Call *call);    // one of them, now
Err http_notifications_settings(Call *call); // what is set; no secrets
Err http_notifications_set(Call *call);
