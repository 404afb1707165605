// Permission: who may do what. One table (rows: acts, columns: roles), one function, asked by every
// door and desk at the time of the query (invariant I6), never remembered.
//
// A role is held in one organisation (the actor's tenant), but for the platform's own, which are
// held in the organisation ''. What an actor may is what any of the roles may, and no more than
// the token or session it came with was given.
#pragma once
#include "base/cx.h"

typedef enum PermissionKind {
    PERMISSION_STRANGER, // anyone: may verify what they hold in their hand
    PERMISSION_LOOPBACK, // someone at this machine, over TCP, for as long as there are no accounts
    PERMISSION_LOCAL,    // the local administrator: the command line, DIR/fapiao.sock
    PERMISSION_ACCOUNT,  // a person who has signed in, or a program with a token of theirs
    PERMISSION_KIND_COUNT
} PermissionKind;

typedef enum PermissionRole {
    // In an organisation.
    ROLE_PERSON,     // 个人: their own invoices, in an organisation of one
    ROLE_ORG_ADMIN,  // 企业管理员
    ROLE_ISSUER,     // 开票员
    ROLE_REVIEWER,   // 审核员
    ROLE_ACCOUNTANT, // 会计
    ROLE_READER,     // 只读
    // On the platform (organisation '').
    ROLE_TAX_REVIEWER,   // 税务管理人员（审核）
    ROLE_TAX_AUDITOR,    // 税务管理人员（稽查）
    ROLE_SYSTEM_ADMIN,   // 系统管理员
    ROLE_SECURITY_ADMIN, // 安全管理员
    ROLE_AUDIT_ADMIN,    // 审计管理员
    ROLE_COUNT
} PermissionRole;
#define ROLE_BIT(role)     (UINT32_C(1) << (role))
#define ROLES_ORGANISATION (ROLE_BIT(ROLE_TAX_REVIEWER) - 1)
#define ROLES_PLATFORM     ((ROLE_BIT(ROLE_COUNT) - 1) & ~ROLES_ORGANISATION)
#define ROLES_OFFICERS     (ROLE_BIT(ROLE_TAX_REVIEWER) | ROLE_BIT(ROLE_TAX_AUDITOR))

typedef enum PermissionAct {
    PERMISSION_VERIFY,           // ask whether an invoice stands in the record
    PERMISSION_VERIFY_UNCOUNTED, // … more than five times a number a day
    PERMISSION_READ_INVOICES,
    PERMISSION_READ_DOCUMENTS, // their states, and the original bytes
    PERMISSION_HAND_IN,        // documents, and retries of what lies in quarantine
    PERMISSION_READ_LEDGER,    // its head, its entries: when how much was done, never what
    PERMISSION_READ_SYNC,      // how far sources and nodes are, days that are signed
    PERMISSION_START_SYNC,
    PERMISSION_MANAGE_NODES,        // who follows or watches the log
    PERMISSION_OWN_ACCOUNT,         // one's own profile, password, factors, sessions, tokens
    PERMISSION_READ_ORGANISATION,   // who is in it
    PERMISSION_FOUND_ORGANISATION,  // make a new one and be its administrator
    PERMISSION_MANAGE_ORGANISATION, // its name, its members, their roles
    PERMISSION_CHOOSE_ORGANISATION, // look into one that one is no member of (officers; recorded)
    PERMISSION_MANAGE_ACCOUNTS,     // of everybody: list, make, disable
    PERMISSION_MANAGE_SECURITY,     // platform roles, policy, addresses, other people's factors
    PERMISSION_MANAGE_SETTINGS,     // mail, SMS, robots
    PERMISSION_READ_AUDIT,          // the audit log: of the organisation; of all on the platform
    PERMISSION_ASK_ERASURE,         // the first of two persons
    PERMISSION_CONFIRM_ERASURE,     // the second
    PERMISSION_READ_ERASURES,       // what was asked for, and by whom
    PERMISSION_READ_FINDINGS,       // what a look at the whole folder found, whosever it is
    PERMISSION_READ_ACCOUNTS,       // who there is, and whose name a pseudonym is
    PERMISSION_ACT_COUNT
} PermissionAct;
#define ACT_BIT(act) (UINT64_C(1) << (act))
#define ACTS_ALL     (ACT_BIT(PERMISSION_ACT_COUNT) - 1)

#define PERMISSION_ID_SIZE 16

typedef struct PermissionActor {
    PermissionKind kind;
    Slice tenant;  // the organisation whose records are asked for; "local" is the first one
    Slice name;    // as facts record it: "local", or "u-" and the account's id: no name of a person
    Slice address; // where the request came from; "" on the command line
    uint32_t roles; // of an account: ROLE_BIT, in the tenant and on the platform
    uint64_t acts;  // of an account: what its token was given; ACTS_ALL for a session
    bool strong;    // two factors were shown
    bool fresh;     // what they sign in by was shown in the last minutes (account_confirm.h)
    uint8_t account[PERMISSION_ID_SIZE];
} PermissionActor;

PermissionActor permission_actor(PermissionKind kind);
bool permission_may(const PermissionActor *actor, PermissionAct act);
// ERR_DENIED, with who wanted what in the text.
Err permission_check(Cx *cx, const PermissionActor *actor, PermissionAct act);
// May it if two factors had been shown: what to tell who is refused.
bool permission_wants_factor(const PermissionActor *actor, PermissionAct act);
const char *permission_act_name(PermissionAct act); // "read_invoices"
bool permission_act_of(Slice name, PermissionAct *ret_act);

const char *permission_role_name(PermissionRole role); // "org_admin"
bool permission_role_of(Slice name, PermissionRole *ret_role);
Slice permission_roles_text(Cx *cx, uint32_t roles); // "org_admin,reader"; "" for none
// NULL when one person may hold all of them; else why not. The administrators of system, security
// and audit are three people, and none of them handles invoices of an enterprise or is a tax
// officer (GB/T 22239-2019 8.1.4.2: least privilege and separation of administrators' permissions).
// What a person keeps to themselves in an organisation of one is their own.
const char *permission_roles_conflict(uint32_t roles);
// Whoever holds one of these needs two factors before anything but their own account.
uint32_t permission_strong_roles(void);
