// What is printed of an account alike wherever it is shown.
#pragma once
#include "desk/people/account/account_admin.h"
#include "format/json/json_out.h"

// "key":["org_admin","reader"]
void account_print_roles(JsonOut *out, const char *key, uint32_t roles);
// "organisations":[{"id":"…","roles":[…]}]: those that it is a member of.
void account_print_organisations(JsonOut *out, const AccountView *view);
