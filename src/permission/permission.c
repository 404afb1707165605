#include "permission/permission.h"

#include <assert.h>

typedef struct Row {
    const char *name;
    bool may[PERMISSION_KIND_COUNT];
} Row;

// One row an act, one column a kind: stranger, loopback, local.
static const Row table[PERMISSION_ACT_COUNT] = {
    [PERMISSION_VERIFY] = {"verify", {true, true, true}},
    [PERMISSION_VERIFY_UNCOUNTED] = {"verify_uncounted", {false, false, true}},
    [PERMISSION_READ_INVOICES] = {"read_invoices", {false, true, true}},
    [PERMISSION_READ_DOCUMENTS] = {"read_documents", {false, true, true}},
    [PERMISSION_HAND_IN] = {"hand_in", {false, true, true}},
    [PERMISSION_READ_LEDGER] = {"read_ledger", {false, true, true}},
    [PERMISSION_MANAGE_NODES] = {"manage_nodes", {false, false, true}},
};

PermissionActor permission_actor(PermissionKind kind)
{
    static const Slice names[PERMISSION_KIND_COUNT] = {
        [PERMISSION_STRANGER] = {"stranger", 8},
        [PERMISSION_LOOPBACK] = {"loopback", 8},
        [PERMISSION_LOCAL] = {"local", 5},
    };
    assert(kind < PERMISSION_KIND_COUNT);
    return (PermissionActor){.kind = kind, .tenant = SLICE("local"), .name = names[kind]};
}

bool permission_may(const PermissionActor *actor, PermissionAct act)
{
    // What is in no table is forbidden.
    if (actor->kind >= PERMISSION_KIND_COUNT || act >= PERMISSION_ACT_COUNT) return false;
    return table[act].may[actor->kind];
}

Err permission_check(Cx *cx, const PermissionActor *actor, PermissionAct act)
{
    if (permission_may(actor, act)) return ERR_OK;
    return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not %s", SLICE_ARG(actor->name),
                   permission_act_name(act));
}

const char *permission_act_name(PermissionAct act)
{
    return act < PERMISSION_ACT_COUNT ? table[act].name : "unknown";
}
