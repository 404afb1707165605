#include "desk/people/account/account_self.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_password.h"
#include "desk/people/account/account_session.h"
#include "desk/people/account/account_token.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

TEST("account self: a new mail address takes the old one's place once it is confirmed")
{
    AccountFixture f;
    PermissionActor actor;
    AccountView view = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice mail = SLICE("new@example.org"), name = SLICE("王大明"), english = SLICE("en");
    const AccountProfile profile = {.mail = &mail, .name = &name, .language = &english};
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &profile));
    EXPECT(f.sent == 1 && strcmp(f.to, "new@example.org") == 0);
    EXPECT_OK(account_admin_self(cx, f.accounts, &actor, &view));
    EXPECT(slice_equal(view.row.mail, SLICE("wang@example.org")) && view.row.mail_ms > 0);
    EXPECT(slice_equal(view.row.name, name));
    AccountWishes wishes = {};
    EXPECT_OK(account_self_wishes(cx, f.accounts, &actor, &wishes));
    EXPECT(slice_equal(wishes.mail, mail) && wishes.phone.size == 0);
    EXPECT(slice_equal(view.row.login, SLICE("wang")) && slice_equal(view.row.language, english));
    char first[64];
    memcpy(first, f.secret, sizeof first);
    mail = SLICE("newer@example.org");
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &profile));
    Slice none = SLICE("");
    EXPECT(account_register_confirm(cx, f.accounts, &f.stranger, slice_of(first), none, none) ==
           ERR_MISSING);
    EXPECT_OK(
        account_register_confirm(cx, f.accounts, &f.stranger, slice_of(f.secret), none, none));
    EXPECT_OK(account_admin_self(cx, f.accounts, &actor, &view));
    EXPECT(view.row.mail_ms == f.world.ms && slice_equal(view.row.mail, mail));
    EXPECT_OK(account_self_wishes(cx, f.accounts, &actor, &wishes));
    EXPECT(wishes.mail.size == 0);
    account_fixture_close(cx, &f);
}

TEST("account self: a wish for another address is withdrawn by typing the one that counts")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice mail = SLICE("new@example.org"), old = SLICE("wang@example.org"), none = SLICE("");
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &(AccountProfile){.mail = &mail}));
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &(AccountProfile){.mail = &old}));
    EXPECT(account_register_confirm(cx, f.accounts, &f.stranger, slice_of(f.secret), none, none) ==
           ERR_MISSING);
    account_fixture_close(cx, &f);
}

TEST("account self: another's address can be asked for like any, and is refused to who confirms it")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice mail = SLICE("li@example.org"), none = SLICE("");
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &(AccountProfile){.mail = &mail}));
    EXPECT(f.sent == 1 && strcmp(f.to, "li@example.org") == 0);
    EXPECT(account_register_confirm(cx, f.accounts, &f.stranger, slice_of(f.secret), none, none) ==
           ERR_CONFLICT);
    account_fixture_close(cx, &f);
}

TEST("account self: another user name, mail or phone wants a fresh confirmation, a shown name none")
{
    AccountFixture f;
    PermissionActor actor;
    AccountView view = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    actor.fresh = false;
    Slice login = SLICE("wang2"), mail = SLICE("new@example.org"), phone = SLICE("13800138000"),
          name = SLICE("王"), none = SLICE("");
    const AccountProfile refused[] = {
        {.login = &login}, {.mail = &mail}, {.phone = &phone}, {.mail = &none}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        EXPECT(account_self_change(cx, f.accounts, &actor, &refused[i]) == ERR_DENIED);
        EXPECT(strcmp(cx->err_text, ACCOUNT_STALE) == 0);
    }
    EXPECT(f.sent == 0);
    Slice same = SLICE("wang");
    EXPECT_OK(account_self_change(cx, f.accounts, &actor,
                                  &(AccountProfile){.login = &same, .name = &name}));
    actor.fresh = true;
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &refused[0]));
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &refused[2]));
    EXPECT(f.channel == ACCOUNT_SMS && strcmp(f.to, "+8613800138000") == 0);
    EXPECT_OK(account_admin_self(cx, f.accounts, &actor, &view));
    EXPECT(slice_equal(view.row.login, login) && view.row.phone.size == 0);
    EXPECT_OK(
        account_register_confirm(cx, f.accounts, &f.stranger, none, login, slice_of(f.secret)));
    EXPECT_OK(account_admin_self(cx, f.accounts, &actor, &view));
    EXPECT(slice_equal(view.row.phone, SLICE("+8613800138000")) && view.row.phone_ms > 0);
    account_fixture_close(cx, &f);
}

TEST("account self: names are nobody else's, and one must be left")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice login = SLICE("li"), none = SLICE("");
    EXPECT(account_self_change(cx, f.accounts, &actor, &(AccountProfile){.login = &login}) ==
           ERR_CONFLICT);
    EXPECT(account_self_change(cx, f.accounts, &actor,
                               &(AccountProfile){.login = &none, .mail = &none}) == ERR_INPUT);
    EXPECT(account_self_change(cx, f.accounts, &f.local, &(AccountProfile){}) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account self: who is deleted is out at once, and nothing in the rows names them")
{
    AccountFixture f;
    PermissionActor actor;
    AccountTokenNew token = {};
    AccountState state;
    AccountLoginAnswer answer = {};
    account_fixture_open(cx, &f);
    const AccountRegistration wang = {
        .login = SLICE("wang"), .name = SLICE("王小明"), .password = GOOD};
    EXPECT_OK(account_register(cx, f.accounts, &f.stranger, &wang, &state));
    Token session = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT_OK(account_token_make(cx, f.accounts, &actor, SLICE("x"), SLICE("hand_in"), 9, &token));
    actor.fresh = false;
    EXPECT(account_self_delete(cx, f.accounts, &actor) == ERR_DENIED);
    actor.fresh = true;
    EXPECT_OK(account_self_delete(cx, f.accounts, &actor));
    EXPECT(account_session_actor(cx, f.accounts, slice_of(session.text), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT(account_token_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT_OK(account_login(cx, f.accounts, SLICE("wang"), GOOD, &f.origin, &answer));
    EXPECT(answer.result == ACCOUNT_LOGIN_REFUSED);
    EXPECT(account_fixture_number(
               cx, &f,
               "SELECT COUNT(*) FROM account WHERE state = 'deleted' AND login_tag = x'' AND "
               "profile = x'' AND password = '' AND seed = x''") == 1);
    EXPECT(account_fixture_number(cx, &f,
                                  "SELECT (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM "
                                  "api_token) + (SELECT COUNT(*) FROM member) + (SELECT COUNT(*) "
                                  "FROM ticket)") == 0);
    EXPECT(account_fixture_number(
               cx, &f, "SELECT length(name) FROM organisation WHERE kind = 'person'") == 0);
    EXPECT_OK(account_register(cx, f.accounts, &f.stranger, &wang, &state)); // the name is free
    account_fixture_close(cx, &f);
}

TEST("account self: the only administrator of an organisation with invoices stays, with the reason")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    account_fixture_run(cx, &f,
                        "INSERT INTO invoice VALUES ('local', x'01', '', '', '1', '', 0, 0, 0, "
                        "'', 0, 0, 0, '', 'normal', 0, 0, 1, 0, 1, '', '')");
    EXPECT(account_self_delete(cx, f.accounts, &actor) == ERR_CONFLICT);
    EXPECT(strncmp(cx->err_text, "organisation: has invoices", 26) == 0);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM session") > 0);
    // With another one beside, it goes; the invoice stays.
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    EXPECT_OK(account_self_delete(cx, f.accounts, &actor));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM invoice") == 1);
    account_fixture_close(cx, &f);
}

TEST("account self: an administrator deletes for somebody who asked them")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice id = account_row_id(&row);
    EXPECT(account_self_delete_for(cx, f.accounts, &actor, id) == ERR_DENIED);
    EXPECT_OK(account_self_delete_for(cx, f.accounts, &f.local, id));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM account WHERE state = 'deleted'") ==
           1);
    account_fixture_close(cx, &f);
}

TEST("account self: with another mail address the reset link that went to the old one is dead")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT_OK(account_password_forgot(cx, f.accounts, &f.stranger, SLICE("wang"), ACCOUNT_MAIL));
    Slice link = cx_printf(cx, "%s", f.secret), mail = SLICE("new@example.org");
    const AccountProfile profile = {.mail = &mail};
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &profile));
    EXPECT_OK(account_register_confirm(cx, f.accounts, &f.stranger, slice_of(f.secret), SLICE(""),
                                       SLICE("")));
    EXPECT(account_password_reset(cx, f.accounts, &f.stranger, link, SLICE(""), SLICE(""),
                                  SLICE("another good password")) == ERR_MISSING);
    account_fixture_close(cx, &f);
}
