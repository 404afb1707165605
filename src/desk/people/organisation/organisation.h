// Organisations (企业): whose records are whose. A tenant is an organisation: 'local' is the first
// one, '' the platform; a person who is in none has one of kind `person` of their own.
//
//   organisation         founding, showing, changing, finding
//   organisation_member  who is in it, with which roles; leaving, removing
//   organisation_invite  invitations by mail, each accepted once within seven days
//
// Every function asks permission_check with the actor it is handed, and works in the actor's
// organisation. What names somebody lies sealed (desk/people/account/account_seal.h). Every write
// has its entry in the audit log, in the same transaction. Any thread; each may wait for a disk.
#pragma once
#include "commit/commit.h"
#include "permission/permission.h"

typedef struct OrganisationDesk {
    Store *store;
    Committer *committer; // NULL: for reading alone
} OrganisationDesk;

#define ORGANISATION_PAGE 50

typedef struct Organisation {
    Slice tenant, kind, state; // kind: "platform" "enterprise" "person"
    Slice name, tax_id;        // opened; "" = none
    uint64_t created_ms;
    uint32_t roles; // that the actor holds in it; 0 for an officer who looks in
} Organisation;

typedef struct OrganisationName {
    Slice name, tax_id; // as typed; the name at least
} OrganisationName;

// A new one of kind enterprise. An account becomes its administrator; the local administrator
// becomes nobody there. ERR_INPUT "name: …", "tax_id: …"; ERR_CONFLICT when the account is in
// LIMIT_MEMBERSHIPS, or its other roles do not allow it. Two may have one tax id: whoever founds
// one proves nothing by it.
Err organisation_found(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                       const OrganisationName *name, Slice *ret_tenant);
// The one that the actor works in.
Err organisation_show(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                      Organisation *ret_organisation);
Err organisation_change(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                        const OrganisationName *name);
// Of an officer and the local administrator: all but the platform, by tenant, those after `after`;
// with a tax id those that have it. Of anybody else those that they are in. At most
// ORGANISATION_PAGE.
typedef struct OrganisationList {
    Slice after, tax_id; // "" = from the first; any
} OrganisationList;
Err organisation_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                      const OrganisationList *list, Organisation **ret_rows, size_t *ret_count);

// The roles of "org_admin,reader"; ERR_INPUT "roles: …" for a name that is none, or one of the
// platform.
Err organisation_roles_of(Cx *cx, Slice names, uint32_t *ret_bits);
