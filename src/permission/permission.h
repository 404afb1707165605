// Permission: who may do what. One table, one function, asked by every desk at the time of the
// query (invariant I6), never remembered.
#pragma once
#include "base/cx.h"

typedef enum PermissionKind {
    PERMISSION_STRANGER, // anyone: may verify what they hold in their hand
    PERMISSION_LOOPBACK, // someone at this machine, over TCP, for as long as there are no accounts
    PERMISSION_LOCAL,    // the local administrator: the command line, DIR/fapiao.sock
    PERMISSION_KIND_COUNT
} PermissionKind;

typedef struct PermissionActor {
    PermissionKind kind;
    Slice tenant; // "local" until there are organisations
    Slice name;   // as facts record it
} PermissionActor;

typedef enum PermissionAct {
    PERMISSION_VERIFY,           // ask whether an invoice stands in the record
    PERMISSION_VERIFY_UNCOUNTED, // … more than five times a number a day
    PERMISSION_READ_INVOICES,
    PERMISSION_READ_DOCUMENTS, // their states, and the original bytes
    PERMISSION_HAND_IN,        // documents, and retries of what lies in quarantine
    PERMISSION_READ_LEDGER,    // its head, its entries: when how much was done, never what
    PERMISSION_MANAGE_NODES,   // who follows or watches the log
    PERMISSION_ACT_COUNT
} PermissionAct;

PermissionActor permission_actor(PermissionKind kind);
bool permission_may(const PermissionActor *actor, PermissionAct act);
// ERR_DENIED, with who wanted what in the text.
Err permission_check(Cx *cx, const PermissionActor *actor, PermissionAct act);
const char *permission_act_name(PermissionAct act);
