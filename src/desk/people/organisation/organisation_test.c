#include "desk/people/organisation/organisation.h"

#include "desk/people/organisation/organisation_fixture.h"

#define ADMIN  ROLE_BIT(ROLE_ORG_ADMIN)
#define TAX_ID "91110105MA00000012"

static Slice found(Cx *cx, const FixturePeople *people, const char *name, const char *tax_id)
{
    const PermissionActor local = fixture_local(SLICE("local"));
    Slice tenant = SLICE("");
    EXPECT_OK(organisation_found(cx, &people->desk, &local,
                                 &(OrganisationName){slice_of(name), slice_of(tax_id)}, &tenant));
    return tenant;
}

TEST("organisation: who founds one administers it, and its name lies sealed")
{
    FixturePeople people = fixture_people(cx);
    PermissionActor li = fixture_person(cx, &people, "li");
    fixture_join(cx, &people, &li, SLICE("local"), ROLE_BIT(ROLE_READER));
    Slice tenant;
    const OrganisationName name = {SLICE(" 东方有限公司 "), SLICE(TAX_ID)};
    EXPECT_OK(organisation_found(cx, &people.desk, &li, &name, &tenant));
    EXPECT(tenant.size == 16);
    li.tenant = tenant;
    li.roles = ADMIN;
    Organisation shown;
    EXPECT_OK(organisation_show(cx, &people.desk, &li, &shown));
    EXPECT(slice_equal(shown.name, SLICE("东方有限公司")) && shown.roles == ADMIN);
    EXPECT(slice_equal(shown.tax_id, SLICE(TAX_ID)));
    EXPECT(slice_equal(shown.kind, SLICE("enterprise")));
    const OrganisationName other = {SLICE("西方有限公司"), SLICE("")};
    EXPECT_OK(organisation_change(cx, &people.desk, &li, &other));
    EXPECT_OK(organisation_show(cx, &people.desk, &li, &shown));
    EXPECT(slice_equal(shown.name, other.name) && slice_empty(shown.tax_id));
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, people.desk.store, &db));
    EXPECT_OK(db_query(cx, db, "SELECT name FROM organisation WHERE tenant = $1",
                       DB_VALUES(db_text(tenant)), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row && slice_find(db_col_blob(rows, 0), SLICE("西方")) == SLICE_NONE);
    db_rows_close(rows);
    // Two writes of hers stand in the organisation's own audit log.
    EXPECT_OK(db_query(cx, db, "SELECT COUNT(*) FROM event WHERE tenant = $1 AND actor = $2",
                       DB_VALUES(db_text(tenant), db_text(li.name)), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(db_col_int(rows, 0) == 2);
    db_rows_close(rows);
    store_give(people.desk.store, db);
    flow_close(people.flow);
}

TEST("organisation: what is no name or no tax id is refused, with the field")
{
    static const struct {
        const char *name, *tax_id, *field;
    } cases[] = {{"", "", "name: "},
                 {"  ", "", "name: "},
                 {"a\x01z", "", "name: "},
                 {"\xff", "", "name: "},
                 {"甲", "12", "tax_id: "}};
    FixturePeople people = fixture_people(cx);
    const PermissionActor local = fixture_local(SLICE("local"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice tenant;
        const OrganisationName name = {slice_of(cases[i].name), slice_of(cases[i].tax_id)};
        EXPECT(organisation_found(cx, &people.desk, &local, &name, &tenant) == ERR_INPUT);
        EXPECT(slice_starts(err_text(cx), slice_of(cases[i].field)));
    }
    flow_close(people.flow);
}

TEST("organisation: a member sees those that they are in, an officer all, by tax id too")
{
    FixturePeople people = fixture_people(cx);
    Slice east = found(cx, &people, "东", TAX_ID), west = found(cx, &people, "西", "");
    PermissionActor li = fixture_person(cx, &people, "li");
    PermissionActor officer = fixture_person(cx, &people, "officer");
    fixture_join(cx, &people, &li, east, ROLE_BIT(ROLE_READER));
    officer.roles = ROLE_BIT(ROLE_TAX_AUDITOR);
    Organisation *rows = NULL;
    size_t count = 0;
    OrganisationList list = {.after = SLICE(""), .tax_id = SLICE("")};
    EXPECT_OK(organisation_list(cx, &people.desk, &li, &list, &rows, &count));
    EXPECT(count == 1 && slice_equal(rows[0].tenant, east));
    EXPECT(rows[0].roles == ROLE_BIT(ROLE_READER));
    EXPECT_OK(organisation_list(cx, &people.desk, &officer, &list, &rows, &count));
    EXPECT(count == 3 && rows[0].roles == 0);
    list.after = rows[1].tenant;
    EXPECT_OK(organisation_list(cx, &people.desk, &officer, &list, &rows, &count));
    EXPECT(count == 1);
    list = (OrganisationList){.after = SLICE(""), .tax_id = SLICE(TAX_ID)};
    EXPECT_OK(organisation_list(cx, &people.desk, &officer, &list, &rows, &count));
    EXPECT(count == 1 && slice_equal(rows[0].tenant, east));
    // For a member that is no way to ask who else there is.
    li.tenant = west;
    EXPECT_OK(organisation_list(cx, &people.desk, &li, &list, &rows, &count));
    EXPECT(count == 1);
    flow_close(people.flow);
}

TEST("organisation: each act is for its roles alone")
{
    FixturePeople people = fixture_people(cx);
    Slice east = found(cx, &people, "东", "");
    for (int role = 0; role < ROLE_COUNT; role++) {
        PermissionActor actor = fixture_person(cx, &people, cx_printf(cx, "u%d", role).data);
        actor.tenant = east;
        actor.roles = ROLE_BIT(role);
        Organisation shown;
        Slice tenant;
        const OrganisationName name = {SLICE("甲"), SLICE("")};
        bool business = (ROLE_BIT(role) & (ROLES_ORGANISATION | ROLES_OFFICERS)) != 0;
        EXPECT(organisation_show(cx, &people.desk, &actor, &shown) ==
               (business ? ERR_OK : ERR_DENIED));
        EXPECT(organisation_change(cx, &people.desk, &actor, &name) ==
               (role == ROLE_ORG_ADMIN ? ERR_OK : ERR_DENIED));
        bool founds = (ROLE_BIT(role) & ROLES_ORGANISATION) != 0;
        EXPECT(organisation_found(cx, &people.desk, &actor, &name, &tenant) ==
               (founds ? ERR_OK : ERR_DENIED));
    }
    flow_close(people.flow);
}

TEST("organisation: roles by name, and back")
{
    uint32_t bits = 0;
    EXPECT_OK(organisation_roles_of(cx, SLICE("reader, org_admin"), &bits));
    EXPECT(bits == (ADMIN | ROLE_BIT(ROLE_READER)));
    EXPECT(slice_equal(permission_roles_text(cx, bits), SLICE("org_admin,reader")));
    static const char *const bad[] = {"", ",", "person", "system_admin", "tax_auditor", "king"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(organisation_roles_of(cx, slice_of(bad[i]), &bits) == ERR_INPUT);
}
