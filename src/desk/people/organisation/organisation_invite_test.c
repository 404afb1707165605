#include "desk/people/organisation/organisation_invite.h"

#include "desk/people/organisation/organisation_fixture.h"

#define ADMIN  ROLE_BIT(ROLE_ORG_ADMIN)
#define READER ROLE_BIT(ROLE_READER)
#define ISSUER ROLE_BIT(ROLE_ISSUER)

static Slice invited(Cx *cx, const FixturePeople *people, const PermissionActor *boss,
                     uint32_t roles)
{
    Slice token = SLICE("");
    const OrganisationInvite invite = {.mail = SLICE("Li@Example.com"),
                                       .roles = roles,
                                       .language = SLICE("zh"),
                                       .site = SLICE("https://fapiao.example"),
                                       .inviter = SLICE("")};
    EXPECT_OK(organisation_invite(cx, &people->desk, boss, &invite, &token));
    return token;
}

static int64_t count_of(Cx *cx, const FixturePeople *people, const char *sql)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, people->desk.store, &db));
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t count = db_col_int(rows, 0);
    db_rows_close(rows);
    store_give(people->desk.store, db);
    return count;
}

TEST("organisation_invite: goes out by mail, lets one person in once, with the roles it names")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    li = fixture_person(cx, &people, "li");
    PermissionActor wang = fixture_person(cx, &people, "wang");
    fixture_join(cx, &people, &boss, SLICE("local"), ADMIN);
    Slice token = invited(cx, &people, &boss, READER | ISSUER), tenant = SLICE("");
    EXPECT(count_of(cx, &people, "SELECT COUNT(*) FROM notify_outbox WHERE tenant = 'local'") == 1);
    OrganisationInvitation *open = NULL;
    size_t count = 0;
    EXPECT_OK(organisation_invite_list(cx, &people.desk, &boss, &open, &count));
    EXPECT(count == 1 && slice_equal(open[0].mail, SLICE("li@example.com")));
    EXPECT(open[0].roles == (READER | ISSUER));
    EXPECT(open[0].expires_ms - open[0].created_ms == UINT64_C(604'800'000));
    EXPECT_OK(organisation_invite_accept(cx, &people.desk, &li, token, &tenant));
    EXPECT(slice_equal(tenant, SLICE("local")));
    EXPECT(organisation_invite_accept(cx, &people.desk, &wang, token, &tenant) == ERR_MISSING);
    EXPECT(organisation_invite_accept(cx, &people.desk, &li, token, &tenant) == ERR_MISSING);
    EXPECT_OK(organisation_invite_list(cx, &people.desk, &boss, &open, &count));
    EXPECT(count == 0);
    EXPECT(count_of(cx, &people,
                    "SELECT roles FROM member ORDER BY since_ms DESC, roles DESC "
                    "LIMIT 1") == (int64_t)(READER | ISSUER));
    // Who is a member already gets the roles besides.
    EXPECT_OK(organisation_invite_accept(cx, &people.desk, &li, invited(cx, &people, &boss, ADMIN),
                                         &tenant));
    EXPECT(count_of(cx, &people, "SELECT COUNT(*) FROM member WHERE roles & 2 <> 0") == 2);
    flow_close(people.flow);
}

TEST(
    "organisation_invite: withdrawn, too old, made up or of another organisation it lets nobody in")
{
    WorldFake fake;
    world_fake_init(&fake, 4, UINT64_C(1'767'232'800'000));
    Cx own;
    cx_init(&own, &fake.world, cx->arena.limit);
    FixturePeople people = fixture_people(&own);
    PermissionActor boss = fixture_person(&own, &people, "boss");
    PermissionActor li = fixture_person(&own, &people, "li");
    fixture_join(&own, &people, &boss, SLICE("local"), ADMIN);
    Slice token = invited(&own, &people, &boss, READER), tenant;
    OrganisationInvitation *open = NULL;
    size_t count = 0;
    EXPECT_OK(organisation_invite_list(&own, &people.desk, &boss, &open, &count));
    PermissionActor other = boss;
    other.tenant = SLICE("east");
    EXPECT(organisation_invite_withdraw(&own, &people.desk, &other, open[0].id) == ERR_MISSING);
    EXPECT_OK(organisation_invite_withdraw(&own, &people.desk, &boss, open[0].id));
    EXPECT(organisation_invite_accept(&own, &people.desk, &li, token, &tenant) == ERR_MISSING);
    token = invited(&own, &people, &boss, READER);
    Slice moved = cx_printf(&own, "east" SLICE_FMT, SLICE_ARG(slice_sub(token, 5, token.size)));
    const Slice bad[] = {SLICE(""), SLICE("local."), SLICE("local"), moved,
                         slice_sub(token, 0, token.size - 1)};
    int64_t events = count_of(&own, &people, "SELECT COUNT(*) FROM event");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(organisation_invite_accept(&own, &people.desk, &li, bad[i], &tenant) == ERR_MISSING);
    EXPECT(count_of(&own, &people, "SELECT COUNT(*) FROM event") == events);
    fake.ms += UINT64_C(604'800'000);
    EXPECT(organisation_invite_accept(&own, &people.desk, &li, token, &tenant) == ERR_MISSING);
    flow_close(people.flow);
    cx_done(&own);
}

TEST("organisation_invite: for its administrator alone, with roles of an organisation")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    li = fixture_person(cx, &people, "li");
    fixture_join(cx, &people, &boss, SLICE("local"), ADMIN);
    fixture_join(cx, &people, &li, SLICE("local"), READER);
    OrganisationInvite invite = {.mail = SLICE("a@example.com"),
                                 .roles = READER,
                                 .language = SLICE("en"),
                                 .site = SLICE(""),
                                 .inviter = SLICE("Li")};
    OrganisationInvitation *open = NULL;
    size_t count = 0;
    EXPECT(organisation_invite(cx, &people.desk, &li, &invite, NULL) == ERR_DENIED);
    EXPECT(organisation_invite_list(cx, &people.desk, &li, &open, &count) == ERR_DENIED);
    EXPECT_OK(organisation_invite(cx, &people.desk, &boss, &invite, NULL));
    invite.roles = ROLE_BIT(ROLE_SECURITY_ADMIN);
    EXPECT(organisation_invite(cx, &people.desk, &boss, &invite, NULL) == ERR_INPUT);
    invite.roles = READER;
    invite.mail = SLICE("nobody");
    EXPECT(organisation_invite(cx, &people.desk, &boss, &invite, NULL) == ERR_INPUT);
    EXPECT(slice_starts(err_text(cx), SLICE("mail: ")));
    flow_close(people.flow);
}

static Err make_administrator(Cx *cx, Db *db, void *self)
{
    const PermissionActor *actor = self;
    return db_run(cx, db,
                  "INSERT INTO member (tenant, account, roles, since_ms) VALUES ('', $1, $2, 1)",
                  DB_VALUES(db_blob((Slice){(const char *)actor->account, PERMISSION_ID_SIZE}),
                            db_int(ROLE_BIT(ROLE_SYSTEM_ADMIN))),
                  NULL);
}

TEST("organisation_invite: an administrator of the platform joins no enterprise by it")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor boss = fixture_person(cx, &people, "boss"),
                    sys = fixture_person(cx, &people, "sys");
    Slice tenant = SLICE("");
    fixture_join(cx, &people, &boss, SLICE("local"), ADMIN);
    EXPECT_OK(commit_wait_work(cx, people.desk.committer, make_administrator, &sys));
    Slice token = invited(cx, &people, &boss, READER);
    EXPECT(organisation_invite_accept(cx, &people.desk, &sys, token, &tenant) == ERR_CONFLICT);
    EXPECT(slice_starts(err_text(cx), SLICE("roles: an administrator of the platform")));
    flow_close(people.flow);
}
