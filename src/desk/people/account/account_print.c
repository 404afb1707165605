#include "desk/people/account/account_print.h"

void account_print_roles(JsonOut *out, const char *key, uint32_t roles)
{
    json_out_key(out, slice_of(key));
    json_out_array(out);
    for (int i = 0; i < ROLE_COUNT; i++)
        if ((roles & ROLE_BIT(i)) != 0)
            json_out_string(out, slice_of(permission_role_name((PermissionRole)i)));
    json_out_end_array(out);
}

void account_print_organisations(JsonOut *out, const AccountView *view)
{
    json_out_key(out, SLICE("organisations"));
    json_out_array(out);
    for (size_t i = 0; i < view->member_count; i++) {
        json_out_object(out);
        json_out_pair(out, "id", view->members[i].tenant);
        account_print_roles(out, "roles", view->members[i].roles);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}
