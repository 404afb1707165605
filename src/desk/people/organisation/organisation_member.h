// Members: who is in an organisation, and with which roles. One person may be in several; what they
// hold in all of them together must go together (permission_roles_conflict). An organisation always
// has an administrator who can sign in.
#pragma once
#include "desk/people/organisation/organisation.h"

typedef struct OrganisationMember {
    Slice id;                 // hexadecimal
    Slice login, name, state; // of the account
    Slice mail;               // "" but for who manages the organisation
    uint32_t roles;
    uint64_t since_ms;
    bool self;
} OrganisationMember;

// By id, those after `after` (hexadecimal; "" = from the first), at most ORGANISATION_PAGE.
Err organisation_member_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                             Slice after, OrganisationMember **ret_rows, size_t *ret_count);
// ERR_MISSING when `id` is no member; ERR_CONFLICT when nobody would be left to administer it, or
// the person's other roles do not allow it. Counts from the answer on.
Err organisation_member_roles(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                              Slice id, uint32_t roles);
// Makes an account a member without an invitation: the local administrator's alone.
Err organisation_member_add(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                            Slice id, uint32_t roles);
// Out: by who manages it, or by oneself. Errors as above.
Err organisation_member_remove(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                               Slice id);
