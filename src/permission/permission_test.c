#include "permission/permission.h"

#include "base/test.h"

static PermissionActor account(uint32_t roles, bool strong)
{
    PermissionActor actor = permission_actor(PERMISSION_ACCOUNT);
    actor.roles = roles;
    actor.acts = ACTS_ALL;
    actor.strong = strong;
    return actor;
}

TEST("permission: a stranger may verify and nothing else")
{
    PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    for (int act = 0; act < PERMISSION_ACT_COUNT; act++)
        EXPECT(permission_may(&stranger, (PermissionAct)act) == (act == PERMISSION_VERIFY));
    EXPECT(permission_check(cx, &stranger, PERMISSION_READ_INVOICES) == ERR_DENIED);
    EXPECT(slice_find(err_text(cx), SLICE("read_invoices")) != SLICE_NONE);
    EXPECT_OK(permission_check(cx, &stranger, PERMISSION_VERIFY));
}

TEST("permission: over TCP tries are counted, on the folder's socket they are not")
{
    PermissionActor loopback = permission_actor(PERMISSION_LOOPBACK);
    PermissionActor local = permission_actor(PERMISSION_LOCAL);
    EXPECT(!permission_may(&loopback, PERMISSION_VERIFY_UNCOUNTED));
    EXPECT(permission_may(&loopback, PERMISSION_HAND_IN));
    EXPECT(slice_equal(local.name, SLICE("local")) && slice_equal(local.tenant, SLICE("local")));
    for (int act = 0; act < PERMISSION_ACT_COUNT; act++)
        EXPECT(permission_may(&local, (PermissionAct)act));
}

TEST("permission: what is in no table is forbidden")
{
    PermissionActor odd = {.kind = PERMISSION_KIND_COUNT};
    PermissionActor local = permission_actor(PERMISSION_LOCAL);
    PermissionActor nobody = account(0, true);
    EXPECT(!permission_may(&odd, PERMISSION_VERIFY));
    EXPECT(!permission_may(&local, PERMISSION_ACT_COUNT));
    EXPECT(!permission_may(&nobody, PERMISSION_OWN_ACCOUNT));
}

TEST("permission: the three administrators and the officers are kept apart")
{
    const uint32_t system = ROLE_BIT(ROLE_SYSTEM_ADMIN), security = ROLE_BIT(ROLE_SECURITY_ADMIN),
                   audit = ROLE_BIT(ROLE_AUDIT_ADMIN);
    EXPECT(permission_roles_conflict(system | security) != NULL);
    EXPECT(permission_roles_conflict(security | audit) != NULL);
    EXPECT(permission_roles_conflict(system | audit) != NULL);
    EXPECT(permission_roles_conflict(system | ROLE_BIT(ROLE_TAX_AUDITOR)) != NULL);
    const uint32_t enterprise[] = {ROLE_BIT(ROLE_ORG_ADMIN), ROLE_BIT(ROLE_ISSUER),
                                   ROLE_BIT(ROLE_REVIEWER), ROLE_BIT(ROLE_ACCOUNTANT),
                                   ROLE_BIT(ROLE_READER)};
    for (size_t i = 0; i < sizeof enterprise / sizeof enterprise[0]; i++) {
        EXPECT(permission_roles_conflict(system | enterprise[i]) != NULL);
        EXPECT(permission_roles_conflict(security | enterprise[i]) != NULL);
        EXPECT(permission_roles_conflict(audit | enterprise[i]) != NULL);
        EXPECT(permission_roles_conflict(ROLES_OFFICERS | enterprise[i]) == NULL);
    }
    EXPECT(permission_roles_conflict(system | ROLE_BIT(ROLE_PERSON)) == NULL);
    EXPECT(permission_roles_conflict(ROLE_BIT(ROLE_COUNT)) != NULL);
    EXPECT(permission_roles_conflict(ROLE_BIT(ROLE_ISSUER) | ROLE_BIT(ROLE_REVIEWER)) == NULL);
    EXPECT(permission_roles_conflict(ROLES_OFFICERS) == NULL);
    EXPECT(permission_roles_conflict(0) == NULL);
    // None of the three sees an invoice; nobody but them and the keeper of a log changes security.
    const PermissionAct business[] = {PERMISSION_READ_INVOICES, PERMISSION_READ_DOCUMENTS,
                                      PERMISSION_HAND_IN, PERMISSION_CHOOSE_ORGANISATION};
    PermissionActor three[] = {account(system, true), account(security, true),
                               account(audit, true)};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < sizeof business / sizeof business[0]; k++)
            EXPECT(!permission_may(&three[i], business[k]));
    EXPECT(!permission_may(&three[0], PERMISSION_MANAGE_SECURITY));
    EXPECT(!permission_may(&three[0], PERMISSION_READ_AUDIT));
    EXPECT(!permission_may(&three[1], PERMISSION_READ_AUDIT));
    EXPECT(!permission_may(&three[2], PERMISSION_MANAGE_ACCOUNTS));
}

TEST("permission: a role that needs two factors may see to its own account with one")
{
    PermissionActor weak = account(ROLE_BIT(ROLE_SYSTEM_ADMIN), false);
    EXPECT(permission_may(&weak, PERMISSION_OWN_ACCOUNT));
    EXPECT(!permission_may(&weak, PERMISSION_MANAGE_ACCOUNTS));
    EXPECT(permission_wants_factor(&weak, PERMISSION_MANAGE_ACCOUNTS));
    EXPECT(!permission_wants_factor(&weak, PERMISSION_MANAGE_SECURITY));
    EXPECT(permission_check(cx, &weak, PERMISSION_MANAGE_ACCOUNTS) == ERR_DENIED);
    EXPECT(slice_find(err_text(cx), SLICE("second factor")) != SLICE_NONE);
    weak.strong = true;
    EXPECT(permission_may(&weak, PERMISSION_MANAGE_ACCOUNTS));
    PermissionActor reader = account(ROLE_BIT(ROLE_READER), false);
    EXPECT(permission_may(&reader, PERMISSION_READ_INVOICES));
}

TEST("permission: a token may no more than it was given, and no more than its owner")
{
    PermissionActor token = account(ROLE_BIT(ROLE_READER), true);
    token.acts = ACT_BIT(PERMISSION_READ_INVOICES) | ACT_BIT(PERMISSION_HAND_IN);
    EXPECT(permission_may(&token, PERMISSION_READ_INVOICES));
    EXPECT(!permission_may(&token, PERMISSION_READ_DOCUMENTS));
    EXPECT(!permission_may(&token, PERMISSION_HAND_IN));
}

TEST("permission: names and acts, names and roles lead to each other")
{
    for (int i = 0; i < PERMISSION_ACT_COUNT; i++) {
        PermissionAct act = PERMISSION_ACT_COUNT;
        EXPECT(permission_act_of(slice_of(permission_act_name((PermissionAct)i)), &act));
        EXPECT((int)act == i);
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        PermissionRole role = ROLE_COUNT;
        EXPECT(permission_role_of(slice_of(permission_role_name((PermissionRole)i)), &role));
        EXPECT((int)role == i);
    }
    PermissionAct act;
    PermissionRole role;
    EXPECT(!permission_act_of(SLICE("unknown"), &act) && !permission_role_of(SLICE(""), &role));
}

TEST("permission: roles are told by their names, none as an empty text")
{
    EXPECT(slice_equal(permission_roles_text(cx, ROLE_BIT(ROLE_READER) | ROLE_BIT(ROLE_ORG_ADMIN)),
                       SLICE("org_admin,reader")));
    Slice none = permission_roles_text(cx, 0);
    EXPECT(none.size == 0 && none.data != NULL); // a NULL would be one in the database, too
    Slice all = permission_roles_text(cx, ROLE_BIT(ROLE_COUNT) - 1);
    EXPECT(slice_ends(all, slice_of(permission_role_name(ROLE_COUNT - 1))));
}
