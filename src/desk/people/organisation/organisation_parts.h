// What the organisation_<noun>.c share. Nobody else includes it.
#pragma once
#include "base/base64.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_seal.h"
#include "desk/people/organisation/organisation.h"
#include "format/json/json_out.h"

// The entry of the audit log for what `actor` does. Before and after are JSON objects of strings.
AuditNote organisation_note(const PermissionActor *actor, const char *act, const char *kind,
                            Slice object);
// {"key":"value"} in the arena.
Err organisation_pair(Cx *cx, const char *key, Slice value, Slice *ret_json);

// A reading connection that is given back at the end of its scope.
typedef struct OrganisationDb {
    Store *store;
    Db *db;
} OrganisationDb;
Err organisation_db(Cx *cx, const OrganisationDesk *desk, OrganisationDb *ret_db);
void organisation_db_give(const OrganisationDb *db);
#define AUTO_ORGANISATION_DB __attribute__((cleanup(organisation_db_give)))

// ERR_CONFLICT unless it is an active one of kind enterprise: the platform's members are made by
// account_admin, and an organisation of one has no others.
Err organisation_check_members(Cx *cx, Db *db, Slice tenant);
// The roles of an account in one organisation, *ret_there false when it is no member; and in all
// others together, the platform too.
Err organisation_roles_in(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t *ret_roles,
                          bool *ret_there);
Err organisation_roles_elsewhere(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t *ret_roles,
                                 size_t *ret_count);
// In the writer's transaction: from now on it holds these there, ROLES_ORGANISATION alone. All that
// one person holds must go together (permission_roles_conflict). ERR_CONFLICT.
Err organisation_put_member(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t roles,
                            uint64_t now_ms);
// The account of an actor; ERR_DENIED for who has none.
Err organisation_self(Cx *cx, const PermissionActor *actor, PermissionAct act, Slice *ret_account);
