#include "desk/running/demo/demo_people.h"

#include <stdio.h>

#include "crypto/totp.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_factor.h"
#include "desk/people/account/account_login.h"
#include "desk/people/account/account_setup.h"

static const struct {
    const char *login, *zh, *en;
    PermissionRole role;
} people[] = {
    {"geren", "个人", "person", ROLE_PERSON},
    {"guanli", "企业管理员", "organisation administrator", ROLE_ORG_ADMIN},
    {"kaipiao", "开票员", "issuer", ROLE_ISSUER},
    {"shenhe", "审核员", "reviewer", ROLE_REVIEWER},
    {"kuaiji", "会计", "accountant", ROLE_ACCOUNTANT},
    {"zhidu", "只读", "reader", ROLE_READER},
    {"shuiwu", "税务管理人员（审核）", "tax officer, review", ROLE_TAX_REVIEWER},
    {"jicha", "税务管理人员（稽查）", "tax officer, audit", ROLE_TAX_AUDITOR},
    {"xitong", "系统管理员", "system administrator", ROLE_SYSTEM_ADMIN},
    {"anquan", "安全管理员", "security administrator", ROLE_SECURITY_ADMIN},
    {"shenji", "审计管理员", "audit administrator", ROLE_AUDIT_ADMIN},
};
#define PEOPLE (sizeof people / sizeof people[0])
_Static_assert(PEOPLE == ROLE_COUNT && PEOPLE <= DEMO_PEOPLE_MAX, "one a role");

static Err add(Cx *cx, Accounts *accounts, size_t i)
{
    const uint32_t role = ROLE_BIT(people[i].role);
    const AccountRegistration who = {.login = slice_of(people[i].login),
                                     .name = cx_printf(cx, "演示·%s", people[i].zh),
                                     .password = SLICE(DEMO_PASSWORD)};
    AccountRow row = {};
    AccountState state;
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    // A person has an organisation of their own, which comes with registering.
    if (people[i].role == ROLE_PERSON) {
        const PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
        return account_register(cx, accounts, &stranger, &who, &state);
    }
    bool platform = (role & ROLES_PLATFORM) != 0;
    return account_admin_add(cx, accounts, &local, &who, platform ? SLICE("") : SLICE("local"),
                             platform ? 0 : role, platform ? role : 0, &row);
}

// As its owner would: sign in, begin, show a first code.
static Err add_factor(Cx *cx, Flow *flow, Accounts *accounts, size_t i, DemoPerson *person)
{
    const AccountOrigin origin = {SLICE(""), SLICE("demo"), false};
    AccountLoginAnswer answer = {};
    PermissionActor actor;
    AccountFactorBegun begun = {};
    AccountFactorDone done = {};
    AccountRow row = {};
    TotpSeed seed;
    char code[TOTP_DIGITS + 1];
    TRY(account_login(cx, accounts, slice_of(people[i].login), SLICE(DEMO_PASSWORD), &origin,
                      &answer));
    TRY(account_session_actor(cx, accounts, slice_of(answer.token.text), SLICE(""), &actor));
    TRY(account_factor_begin(cx, accounts, &actor, &begun));
    Db *db = NULL;
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = account_row_get(cx, flow_store(flow), db,
                              (Slice){(const char *)actor.account, ACCOUNT_ID_SIZE}, &row);
    store_give(flow_store(flow), db);
    if (err != ERR_OK) return err;
    if (row.seed.size != sizeof seed.bytes)
        return err_set(cx, ERR_CORRUPT, "a seed of %zu bytes", row.seed.size);
    memcpy(seed.bytes, row.seed.data, sizeof seed.bytes);
    // The step before this one: the visitor's first code is not used up.
    totp_code(&seed, cx_now_ms(cx) / 1000 / TOTP_STEP_S - 1, code);
    TRY(account_factor_confirm(cx, accounts, &actor, slice_of(answer.token.text), slice_of(code),
                               &done));
    (void)snprintf(person->secret, sizeof person->secret, SLICE_FMT, SLICE_ARG(begun.secret));
    return account_session_actor(cx, accounts, slice_of(done.token.text), SLICE(""), &actor);
}

static Err fill(Cx *cx, Flow *flow, Accounts *accounts, DemoPerson *ret_people, size_t *ret_count)
{
    bool wanted = false;
    TRY(account_setup_wanted(cx, accounts, &wanted));
    for (size_t i = 0; wanted && i < PEOPLE; i++) {
        DemoPerson *person = &ret_people[i];
        *person = (DemoPerson){people[i].login, people[i].zh, people[i].en, ""};
        TRY(add(cx, accounts, i));
        if ((ROLE_BIT(people[i].role) & permission_strong_roles()) != 0)
            TRY(add_factor(cx, flow, accounts, i, person));
        ++*ret_count;
    }
    return ERR_OK;
}

Err demo_people_fill(Cx *cx, Flow *flow, DemoPerson ret_people[static DEMO_PEOPLE_MAX],
                     size_t *ret_count)
{
    Accounts *accounts = NULL;
    const AccountsOptions options = {.store = flow_store(flow), .committer = flow_committer(flow)};
    *ret_count = 0;
    TRY(account_open(cx, &options, &accounts));
    Err err = fill(cx, flow, accounts, ret_people, ret_count);
    account_close(accounts);
    return err;
}
