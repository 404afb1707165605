#include "desk/people/organisation/organisation_member.h"

#include "desk/people/organisation/organisation_fixture.h"

#define ADMIN  ROLE_BIT(ROLE_ORG_ADMIN)
#define READER ROLE_BIT(ROLE_READER)
#define OURS   SLICE("local")

static size_t members(Cx *cx, const FixturePeople *people, const PermissionActor *actor)
{
    OrganisationMember *rows = NULL;
    size_t count = 0;
    EXPECT_OK(organisation_member_list(cx, &people->desk, actor, SLICE(""), &rows, &count));
    return count;
}

TEST("organisation_member: roles are changed, people go, and the last administrator stays")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    li = fixture_person(cx, &people, "li");
    fixture_join(cx, &people, &boss, OURS, ADMIN);
    fixture_join(cx, &people, &li, OURS, READER);
    Slice boss_id = fixture_id(cx, &boss), li_id = fixture_id(cx, &li);
    EXPECT(members(cx, &people, &boss) == 2);
    EXPECT(organisation_member_remove(cx, &people.desk, &boss, boss_id) == ERR_CONFLICT);
    EXPECT(organisation_member_roles(cx, &people.desk, &boss, boss_id, READER) == ERR_CONFLICT);
    EXPECT_OK(organisation_member_roles(cx, &people.desk, &boss, li_id, ADMIN | READER));
    EXPECT_OK(organisation_member_roles(cx, &people.desk, &boss, boss_id, READER));
    boss.roles = READER;
    li.roles = ADMIN | READER;
    EXPECT(organisation_member_remove(cx, &people.desk, &boss, li_id) == ERR_DENIED);
    EXPECT(organisation_member_roles(cx, &people.desk, &boss, boss_id, ADMIN) == ERR_DENIED);
    EXPECT_OK(organisation_member_remove(cx, &people.desk, &boss, boss_id)); // leaves
    EXPECT(members(cx, &people, &li) == 1);
    EXPECT(organisation_member_remove(cx, &people.desk, &li, boss_id) == ERR_MISSING);
    flow_close(people.flow);
}

static Err disable_work(Cx *cx, Db *db, void *self)
{
    const PermissionActor *actor = self;
    return db_run(cx, db, "UPDATE account SET state = 'disabled' WHERE tenant = '' AND id = $1",
                  DB_VALUES(db_blob((Slice){(const char *)actor->account, ACCOUNT_ID_SIZE})), NULL);
}

TEST("organisation_member: who can't sign in administers nothing")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    li = fixture_person(cx, &people, "li");
    fixture_join(cx, &people, &boss, OURS, ADMIN);
    fixture_join(cx, &people, &li, OURS, ADMIN);
    EXPECT_OK(commit_wait_work(cx, people.desk.committer, disable_work, &li));
    EXPECT(organisation_member_remove(cx, &people.desk, &boss, fixture_id(cx, &boss)) ==
           ERR_CONFLICT);
    flow_close(people.flow);
}

TEST("organisation_member: of another organisation nobody is seen, changed or put out")
{
    FixturePeople people = fixture_people(cx);
    const PermissionActor local = fixture_local(OURS);
    Slice east;
    const OrganisationName name = {SLICE("东"), SLICE("")};
    EXPECT_OK(organisation_found(cx, &people.desk, &local, &name, &east));
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    li = fixture_person(cx, &people, "li");
    fixture_join(cx, &people, &boss, OURS, ADMIN);
    fixture_join(cx, &people, &li, east, ADMIN);
    EXPECT(members(cx, &people, &boss) == 1 && members(cx, &people, &li) == 1);
    Slice boss_id = fixture_id(cx, &boss), li_id = fixture_id(cx, &li);
    EXPECT(organisation_member_roles(cx, &people.desk, &boss, li_id, READER) == ERR_MISSING);
    EXPECT(organisation_member_remove(cx, &people.desk, &boss, li_id) == ERR_MISSING);
    EXPECT(organisation_member_remove(cx, &people.desk, &li, boss_id) == ERR_MISSING);
    EXPECT(organisation_member_add(cx, &people.desk, &boss, li_id, READER) == ERR_DENIED);
    // Only who manages it reads addresses.
    OrganisationMember *rows = NULL;
    size_t count = 0;
    EXPECT_OK(organisation_member_list(cx, &people.desk, &boss, SLICE(""), &rows, &count));
    EXPECT(slice_equal(rows[0].mail, SLICE("boss@example.com")) && rows[0].self);
    boss.roles = READER;
    EXPECT_OK(organisation_member_list(cx, &people.desk, &boss, SLICE(""), &rows, &count));
    EXPECT(slice_empty(rows[0].mail) && slice_equal(rows[0].login, SLICE("boss")));
    flow_close(people.flow);
}

TEST("organisation_member: no roles of the platform here, and what can't go together does not")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss");
    fixture_join(cx, &people, &boss, OURS, ADMIN);
    const uint32_t bad[] = {0, ROLE_BIT(ROLE_PERSON), ROLE_BIT(ROLE_SYSTEM_ADMIN),
                            ADMIN | ROLE_BIT(ROLE_TAX_AUDITOR), UINT32_C(1) << 30};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(organisation_member_roles(cx, &people.desk, &boss, fixture_id(cx, &boss), bad[i]) ==
               ERR_INPUT);
    // The platform's members and those of an organisation of one are not changed here.
    PermissionActor li = fixture_person(cx, &people, "li"), platform = fixture_local(SLICE(""));
    EXPECT(organisation_member_add(cx, &people.desk, &platform, fixture_id(cx, &li), READER) ==
           ERR_CONFLICT);
    platform.tenant = SLICE("nowhere");
    EXPECT(organisation_member_add(cx, &people.desk, &platform, fixture_id(cx, &li), READER) ==
           ERR_MISSING);
    EXPECT(organisation_member_remove(cx, &people.desk, &boss, SLICE("zz")) == ERR_MISSING);
    flow_close(people.flow);
}
