#include "permission/permission.h"

#include <assert.h>

#include "base/text.h"

#define PERSON         ROLE_BIT(ROLE_PERSON)
#define ORG_ADMIN      ROLE_BIT(ROLE_ORG_ADMIN)
#define ISSUER         ROLE_BIT(ROLE_ISSUER)
#define REVIEWER       ROLE_BIT(ROLE_REVIEWER)
#define ACCOUNTANT     ROLE_BIT(ROLE_ACCOUNTANT)
#define READER         ROLE_BIT(ROLE_READER)
#define SYSTEM         ROLE_BIT(ROLE_SYSTEM_ADMIN)
#define SECURITY       ROLE_BIT(ROLE_SECURITY_ADMIN)
#define AUDIT          ROLE_BIT(ROLE_AUDIT_ADMIN)
#define ALL            (ROLE_BIT(ROLE_COUNT) - 1)
#define BUSINESS       (ROLES_ORGANISATION | ROLES_OFFICERS)
#define ENTERPRISE     (ROLES_ORGANISATION & ~PERSON)
#define ROLES_TEXT_MAX 512 // all names together
#define HANDS          (PERSON | ORG_ADMIN | ISSUER | ACCOUNTANT)

typedef struct Row {
    const char *name;
    bool stranger, loopback;
    uint32_t roles;
} Row;

// The local administrator, who can read the key file, may everything.
static const Row table[PERMISSION_ACT_COUNT] = {
    [PERMISSION_VERIFY] = {"verify", true, true, ALL},
    [PERMISSION_VERIFY_UNCOUNTED] = {"verify_uncounted", false, false, BUSINESS},
    [PERMISSION_READ_INVOICES] = {"read_invoices", false, true, BUSINESS},
    [PERMISSION_READ_DOCUMENTS] = {"read_documents", false, true, BUSINESS},
    [PERMISSION_HAND_IN] = {"hand_in", false, true, HANDS},
    [PERMISSION_READ_LEDGER] = {"read_ledger", false, true, ALL},
    [PERMISSION_READ_SYNC] = {"read_sync", false, true, BUSINESS | SYSTEM | AUDIT},
    [PERMISSION_START_SYNC] = {"start_sync", false, true, HANDS | SYSTEM},
    [PERMISSION_MANAGE_NODES] = {"manage_nodes", false, false, SYSTEM},
    [PERMISSION_OWN_ACCOUNT] = {"own_account", false, false, ALL},
    [PERMISSION_READ_ORGANISATION] = {"read_organisation", false, false, BUSINESS},
    [PERMISSION_FOUND_ORGANISATION] = {"found_organisation", false, false, ROLES_ORGANISATION},
    [PERMISSION_MANAGE_ORGANISATION] = {"manage_organisation", false, false, ORG_ADMIN},
    [PERMISSION_CHOOSE_ORGANISATION] = {"choose_organisation", false, false, ROLES_OFFICERS},
    [PERMISSION_MANAGE_ACCOUNTS] = {"manage_accounts", false, false, SYSTEM},
    [PERMISSION_MANAGE_SECURITY] = {"manage_security", false, false, SECURITY},
    [PERMISSION_MANAGE_SETTINGS] = {"manage_settings", false, false, SYSTEM},
    [PERMISSION_READ_AUDIT] = {"read_audit", false, false, ORG_ADMIN | AUDIT},
    [PERMISSION_ASK_ERASURE] = {"ask_erasure", false, false, PERSON | ORG_ADMIN},
    [PERMISSION_READ_ERASURES] = {"read_erasures", false, false, PERSON | ORG_ADMIN | SECURITY},
    [PERMISSION_CONFIRM_ERASURE] = {"confirm_erasure", false, false, SECURITY},
    [PERMISSION_READ_FINDINGS] = {"read_findings", false, true, SYSTEM | AUDIT},
    [PERMISSION_READ_ACCOUNTS] = {"read_accounts", false, false, SYSTEM | SECURITY},
};

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_PERSON] = "person",
    [ROLE_ORG_ADMIN] = "org_admin",
    [ROLE_ISSUER] = "issuer",
    [ROLE_REVIEWER] = "reviewer",
    [ROLE_ACCOUNTANT] = "accountant",
    [ROLE_READER] = "reader",
    [ROLE_TAX_REVIEWER] = "tax_reviewer",
    [ROLE_TAX_AUDITOR] = "tax_auditor",
    [ROLE_SYSTEM_ADMIN] = "system_admin",
    [ROLE_SECURITY_ADMIN] = "security_admin",
    [ROLE_AUDIT_ADMIN] = "audit_admin",
};

PermissionActor permission_actor(PermissionKind kind)
{
    static const Slice names[PERMISSION_KIND_COUNT] = {
        [PERMISSION_STRANGER] = {"stranger", 8},
        [PERMISSION_LOOPBACK] = {"loopback", 8},
        [PERMISSION_LOCAL] = {"local", 5},
        [PERMISSION_ACCOUNT] = {"account", 7},
    };
    assert(kind < PERMISSION_KIND_COUNT);
    return (PermissionActor){.kind = kind, .tenant = SLICE("local"), .name = names[kind]};
}

static bool by_role(const PermissionActor *actor, PermissionAct act)
{
    return (table[act].roles & actor->roles) != 0 && (actor->acts & ACT_BIT(act)) != 0;
}

// What anyone signed in may do before the second factor.
static bool is_weak_act(PermissionAct act)
{
    return act == PERMISSION_OWN_ACCOUNT || act == PERMISSION_VERIFY;
}

bool permission_may(const PermissionActor *actor, PermissionAct act)
{
    // What is in no table is forbidden.
    if (actor->kind >= PERMISSION_KIND_COUNT || act >= PERMISSION_ACT_COUNT) return false;
    switch (actor->kind) {
    case PERMISSION_LOCAL:
        return true;
    case PERMISSION_STRANGER:
        return table[act].stranger;
    case PERMISSION_LOOPBACK:
        return table[act].loopback;
    case PERMISSION_ACCOUNT:
        return by_role(actor, act) && !permission_wants_factor(actor, act);
    case PERMISSION_KIND_COUNT:
        break;
    }
    return false;
}

bool permission_wants_factor(const PermissionActor *actor, PermissionAct act)
{
    return actor->kind == PERMISSION_ACCOUNT && act < PERMISSION_ACT_COUNT && by_role(actor, act) &&
           !actor->strong && !is_weak_act(act) && (actor->roles & permission_strong_roles()) != 0;
}

Err permission_check(Cx *cx, const PermissionActor *actor, PermissionAct act)
{
    if (permission_may(actor, act)) return ERR_OK;
    return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not %s%s", SLICE_ARG(actor->name),
                   permission_act_name(act),
                   permission_wants_factor(actor, act) ? " without a second factor" : "");
}

const char *permission_act_name(PermissionAct act)
{
    return act < PERMISSION_ACT_COUNT ? table[act].name : "unknown";
}

bool permission_act_of(Slice name, PermissionAct *ret_act)
{
    for (int i = 0; i < PERMISSION_ACT_COUNT; i++) {
        if (!slice_equal(name, slice_of(table[i].name))) continue;
        *ret_act = (PermissionAct)i;
        return true;
    }
    return false;
}

const char *permission_role_name(PermissionRole role)
{
    return role < ROLE_COUNT ? role_names[role] : "unknown";
}

Slice permission_roles_text(Cx *cx, uint32_t roles)
{
    Text text = text_open(cx, ROLES_TEXT_MAX);
    for (int i = 0; i < ROLE_COUNT; i++)
        if ((roles & ROLE_BIT(i)) != 0)
            text_printf(&text, "%s%s", text.size > 0 ? "," : "", role_names[i]);
    return text_so_far(&text);
}

bool permission_role_of(Slice name, PermissionRole *ret_role)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (!slice_equal(name, slice_of(role_names[i]))) continue;
        *ret_role = (PermissionRole)i;
        return true;
    }
    return false;
}

const char *permission_roles_conflict(uint32_t roles)
{
    uint32_t three = roles & (SYSTEM | SECURITY | AUDIT);
    if ((roles & ~ALL) != 0) return "there is no such role";
    if ((three & (three - 1)) != 0)
        return "the administrators of system, security and audit are different people";
    if (three != 0 && (roles & ROLES_OFFICERS) != 0)
        return "an administrator of the platform is no tax officer";
    if (three != 0 && (roles & ENTERPRISE) != 0)
        return "an administrator of the platform has no role in an enterprise";
    return NULL;
}

uint32_t permission_strong_roles(void)
{
    return ROLES_PLATFORM | ORG_ADMIN;
}
