// For tests: a folder with people in it, who need no password to act.
#pragma once
#include "base/test.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "desk/people/account/account_row.h"
#include "desk/people/organisation/organisation_member.h"
#include "flow/flow_fixture.h"

typedef struct FixturePeople {
    Flow *flow;
    OrganisationDesk desk;
} FixturePeople;

static inline Err fixture_rows_work(Cx *cx, Db *db, void *self)
{
    (void)self;
    const char *rows[] = {
        "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, created_ms) "
        "VALUES ('', 'platform', x'', x'', x'', 'active', 1) ON CONFLICT DO NOTHING",
        "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, created_ms) "
        "VALUES ('local', 'enterprise', x'', x'', x'', 'active', 1) ON CONFLICT DO NOTHING"};
    for (size_t i = 0; i < 2; i++)
        TRY(db_run(cx, db, rows[i], NULL, 0, NULL));
    return ERR_OK;
}

static inline FixturePeople fixture_people(Cx *cx)
{
    FixturePeople people = {.flow = flow_fixture_open(cx, NULL)};
    people.desk = (OrganisationDesk){flow_store(people.flow), flow_committer(people.flow)};
    EXPECT_OK(commit_wait_work(cx, people.desk.committer, fixture_rows_work, NULL));
    return people;
}

static inline Err fixture_account_work(Cx *cx, Db *db, void *self)
{
    return account_row_add(cx, db, self);
}

// Somebody who can sign in, and is nowhere yet.
static inline PermissionActor fixture_person(Cx *cx, const FixturePeople *people, const char *login)
{
    AccountRow row = {.login = slice_of(login),
                      .name = slice_of(login),
                      .mail = cx_printf(cx, "%s@example.com", login),
                      .phone = SLICE(""),
                      .language = SLICE("zh"),
                      .password = SLICE(""),
                      .seed = SLICE(""),
                      .state = ACCOUNT_ACTIVE,
                      .created_ms = 1};
    AccountSealed sealed;
    uuid7_make(cx, row.id);
    EXPECT_OK(account_row_seal(cx, people->desk.store, &row, &sealed));
    EXPECT_OK(commit_wait_work(cx, people->desk.committer, fixture_account_work, &sealed));
    PermissionActor actor = permission_actor(PERMISSION_ACCOUNT);
    memcpy(actor.account, row.id, sizeof actor.account);
    actor.name = account_row_actor_name(cx, account_row_id(&row));
    actor.tenant = SLICE("");
    actor.roles = ROLE_BIT(ROLE_PERSON); // in an organisation of their own
    actor.acts = ACTS_ALL;
    actor.strong = true;
    return actor;
}

static inline Slice fixture_id(Cx *cx, const PermissionActor *actor)
{
    return account_row_hex(cx, (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE});
}

static inline PermissionActor fixture_local(Slice tenant)
{
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    actor.tenant = tenant;
    return actor;
}

// As the door would: a member of `tenant` with these roles, working in it.
static inline void fixture_join(Cx *cx, const FixturePeople *people, PermissionActor *actor,
                                Slice tenant, uint32_t roles)
{
    PermissionActor local = fixture_local(tenant);
    EXPECT_OK(organisation_member_add(cx, &people->desk, &local, fixture_id(cx, actor), roles));
    actor->tenant = tenant;
    actor->roles = roles;
}
