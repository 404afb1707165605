#include "desk/people/account/account_oidc.h"

#include "desk/people/account/account_link.h"
#include "desk/people/account/account_oidc_fixture.h"
#include "desk/people/account/account_oidc_setting.h"
#include "desk/people/account/account_ticket.h"

typedef struct Scene {
    AccountFixture f;
    AccountOidcFixture p;
} Scene;

static void open_scene(Cx *cx, Scene *s)
{
    account_fixture_open(cx, &s->f);
    account_oidc_fixture_open(&s->p);
    account_oidc_fixture_set(cx, &s->f, &s->p);
}

static void close_scene(Cx *cx, Scene *s)
{
    account_oidc_fixture_close(&s->p);
    account_fixture_close(cx, &s->f);
}

static void set(Cx *cx, Scene *s, const char *name, const char *value)
{
    const AccountSetting setting = {slice_of(name), slice_of(value)};
    EXPECT_OK(account_oidc_setting_set(cx, s->f.accounts, &s->f.local, &setting, 1));
}

// What an address says for `name`, up to the next "&".
static Slice part(Slice url, const char *name)
{
    size_t at = slice_find(url, slice_of(name));
    EXPECT(at != SLICE_NONE);
    Slice rest = slice_sub(url, at + strlen(name), url.size), value;
    bool done = false;
    (void)slice_cut(&rest, '&', &done, &value);
    return value;
}

// Begins; the provider will say `more` of subject `sub`.
static AccountOidcBack begin(Cx *cx, Scene *s, const PermissionActor *actor, const char *sub,
                             const char *more)
{
    AccountOidcBegun begun;
    bool link = actor->kind == PERMISSION_ACCOUNT;
    EXPECT_OK(account_oidc_begin(cx, s->f.accounts, actor, SLICE("/a?b=c"), link, &begun));
    EXPECT(begun.result == ACCOUNT_OIDC_DONE);
    EXPECT(slice_equal(part(begun.url, "redirect_uri="),
                       SLICE("https%3A%2F%2Ffapiao.example%2Fapi%2Fv1%2Foidc%2Freturn")));
    EXPECT(slice_equal(part(begun.url, "code_challenge_method="), SLICE("S256")));
    EXPECT(part(begun.url, "code_challenge=").size == 43);
    Slice nonce = part(begun.url, "nonce=");
    (void)snprintf(s->p.claims, sizeof s->p.claims,
                   "{\"iss\":\"" SLICE_FMT
                   "\",\"aud\":\"fapiao\",\"sub\":\"%s\",\"nonce\":\"" SLICE_FMT
                   "\",\"exp\":%llu,\"iat\":%llu%s}",
                   SLICE_ARG(s->p.issuer), sub, SLICE_ARG(nonce),
                   (unsigned long long)s->f.world.ms / 1000 + 100,
                   (unsigned long long)s->f.world.ms / 1000, more);
    return (AccountOidcBack){.state = part(begun.url, "&state="),
                             .code = SLICE("code"),
                             .browser = cx_printf(cx, "%s", begun.browser.text)};
}

static AccountOidcEnded end(Cx *cx, Scene *s, const AccountOidcBack *back)
{
    AccountOidcEnded ended = {};
    EXPECT_OK(account_oidc_end(cx, s->f.accounts, back, &s->f.origin, &ended));
    return ended;
}

static AccountOidcResult sign_in(Cx *cx, Scene *s, const char *sub, const char *more,
                                 PermissionActor *ret_actor)
{
    AccountOidcBack back = begin(cx, s, &s->f.stranger, sub, more);
    AccountOidcEnded ended = end(cx, s, &back);
    if (ended.result == ACCOUNT_OIDC_DONE)
        EXPECT_OK(account_session_actor(cx, s->f.accounts, slice_of(ended.token.text),
                                        SLICE("192.0.2.7"), ret_actor));
    return ended.result;
}

TEST("account oidc: pages of this site, and nothing that leads elsewhere")
{
    static const char *const bad[] = {"",     "a",       "//evil", "/\\evil",     "/api/v1/session",
                                      "/a b", "/a\r\nb", "/a#b",   "https://evil"};
    EXPECT(account_oidc_is_page(SLICE("/")) && account_oidc_is_page(SLICE("/a/b?c=d&e=%20")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(!account_oidc_is_page(slice_of(bad[i])));
}

TEST("account oidc: a state works once, in its browser, for ten minutes")
{
    Scene s;
    open_scene(cx, &s);
    set(cx, &s, "register", "1");
    AccountOidcBack back = begin(cx, &s, &s.f.stranger, "7", ""), other = back;
    other.browser = SLICE("");
    EXPECT(end(cx, &s, &other).result == ACCOUNT_OIDC_STATE);
    other.browser = other.state;
    EXPECT(end(cx, &s, &other).result == ACCOUNT_OIDC_STATE);
    AccountOidcEnded ended = end(cx, &s, &back);
    EXPECT(ended.result == ACCOUNT_OIDC_DONE && slice_equal(ended.to, SLICE("/a?b=c")));
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_STATE);
    back = begin(cx, &s, &s.f.stranger, "7", "");
    s.f.world.ms += ACCOUNT_TICKET_OIDC_MS;
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_STATE);
    // What failed has used it up, too; and two that were begun at once both work.
    back = begin(cx, &s, &s.f.stranger, "7", "");
    back.issuer = SLICE("https://another.example");
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_TOKEN);
    back.issuer = SLICE("");
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_STATE);
    AccountOidcBack one = begin(cx, &s, &s.f.stranger, "7", "");
    (void)begin(cx, &s, &s.f.stranger, "8", "");
    one.error = SLICE("access_denied");
    EXPECT(end(cx, &s, &one).result == ACCOUNT_OIDC_REFUSED);
    close_scene(cx, &s);
}

TEST("account oidc: whom nobody knows is refused, or registers; the same subject is one account")
{
    Scene s;
    PermissionActor one = {}, two = {}, three = {};
    open_scene(cx, &s);
    EXPECT(sign_in(cx, &s, "7", "", &one) == ACCOUNT_OIDC_UNKNOWN);
    set(cx, &s, "register", "1");
    EXPECT(sign_in(cx, &s, "7", "", &one) == ACCOUNT_OIDC_DONE);
    EXPECT(sign_in(cx, &s, "7", "", &two) == ACCOUNT_OIDC_DONE);
    EXPECT(sign_in(cx, &s, "8", "", &three) == ACCOUNT_OIDC_DONE);
    EXPECT(memcmp(one.account, two.account, ACCOUNT_ID_SIZE) == 0);
    EXPECT(memcmp(one.account, three.account, ACCOUNT_ID_SIZE) != 0);
    EXPECT(one.roles == ROLE_BIT(ROLE_PERSON) && !one.strong);
    account_fixture_run(cx, &s.f, "UPDATE account SET state = 'disabled'");
    EXPECT(sign_in(cx, &s, "7", "", &two) == ACCOUNT_OIDC_DISABLED);
    close_scene(cx, &s);
}

#define MAIL     ",\"email\":\"Wang@Example.org\""
#define VERIFIED MAIL ",\"email_verified\":true"

TEST("account oidc: by mail only when the policy says so, both sides have confirmed it")
{
    Scene s;
    PermissionActor actor = {};
    open_scene(cx, &s);
    AccountRow wang = account_fixture_add(cx, &s.f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    account_fixture_run(cx, &s.f, "UPDATE account SET mail_ms = 1");
    EXPECT(sign_in(cx, &s, "7", VERIFIED, &actor) == ACCOUNT_OIDC_UNKNOWN);
    set(cx, &s, "register", "1");
    EXPECT(sign_in(cx, &s, "7", VERIFIED, &actor) == ACCOUNT_OIDC_MAIL);
    set(cx, &s, "link_mail", "1");
    account_fixture_run(cx, &s.f, "UPDATE account SET mail_ms = 0");
    EXPECT(sign_in(cx, &s, "7", VERIFIED, &actor) == ACCOUNT_OIDC_MAIL);
    account_fixture_run(cx, &s.f, "UPDATE account SET mail_ms = 1");
    EXPECT(sign_in(cx, &s, "8", MAIL, &actor) == ACCOUNT_OIDC_DONE); // said, not verified: another
    EXPECT(memcmp(actor.account, wang.id, ACCOUNT_ID_SIZE) != 0);
    EXPECT(sign_in(cx, &s, "7", VERIFIED, &actor) == ACCOUNT_OIDC_DONE);
    EXPECT(memcmp(actor.account, wang.id, ACCOUNT_ID_SIZE) == 0);
    close_scene(cx, &s);
}

TEST("account oidc: linked from one's own account, to one account alone, and taken away again")
{
    Scene s;
    PermissionActor wang = {}, li = {}, actor = {};
    bool linked = true;
    open_scene(cx, &s);
    (void)account_fixture_add(cx, &s.f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &s.f, "li", "local", ROLE_BIT(ROLE_READER), 0);
    (void)account_fixture_login(cx, &s.f, "wang", &wang);
    (void)account_fixture_login(cx, &s.f, "li", &li);
    EXPECT_OK(account_link_mine(cx, s.f.accounts, &wang, &linked));
    EXPECT(!linked);
    AccountOidcBack back = begin(cx, &s, &wang, "7", "");
    AccountOidcEnded ended = end(cx, &s, &back);
    EXPECT(ended.result == ACCOUNT_OIDC_LINKED && ended.linking);
    EXPECT_OK(account_link_mine(cx, s.f.accounts, &wang, &linked));
    EXPECT(linked);
    back = begin(cx, &s, &li, "7", "");
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_TAKEN);
    EXPECT(sign_in(cx, &s, "7", "", &actor) == ACCOUNT_OIDC_DONE);
    EXPECT(memcmp(actor.account, wang.account, ACCOUNT_ID_SIZE) == 0);
    EXPECT_OK(account_link_drop(cx, s.f.accounts, &wang));
    EXPECT(sign_in(cx, &s, "7", "", &actor) == ACCOUNT_OIDC_UNKNOWN);
    // Who has no password keeps the link.
    set(cx, &s, "register", "1");
    EXPECT(sign_in(cx, &s, "9", "", &actor) == ACCOUNT_OIDC_DONE);
    EXPECT(account_link_drop(cx, s.f.accounts, &actor) == ERR_CONFLICT);
    AccountOidcBegun begun;
    EXPECT(account_oidc_begin(cx, s.f.accounts, &s.f.stranger, SLICE("/"), true, &begun) ==
           ERR_DENIED);
    close_scene(cx, &s);
}

TEST("account oidc: our second factor is asked for, unless theirs is trusted")
{
    Scene s;
    PermissionActor wang = {}, actor = {};
    uint8_t seed[20];
    open_scene(cx, &s);
    (void)account_fixture_add(cx, &s.f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_strong(cx, &s.f, "wang", &wang, seed);
    AccountOidcBack back = begin(cx, &s, &wang, "7", "");
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_LINKED);
    back = begin(cx, &s, &s.f.stranger, "7", ",\"amr\":[\"mfa\"]");
    AccountOidcEnded ended = end(cx, &s, &back);
    EXPECT(ended.result == ACCOUNT_OIDC_FACTOR);
    s.f.world.ms += 30'000; // a step of TOTP works once
    AccountLoginAnswer answer = {};
    EXPECT_OK(account_login_factor(cx, s.f.accounts, slice_of(ended.token.text),
                                   account_fixture_code(cx, seed), &s.f.origin, &answer));
    EXPECT(answer.result == ACCOUNT_LOGIN_DONE);
    set(cx, &s, "trust_mfa", "1");
    EXPECT(sign_in(cx, &s, "7", ",\"amr\":[\"pwd\"]", &actor) == ACCOUNT_OIDC_FACTOR);
    EXPECT(sign_in(cx, &s, "7", ",\"amr\":[\"mfa\"]", &actor) == ACCOUNT_OIDC_DONE);
    EXPECT(actor.strong);
    close_scene(cx, &s);
}

TEST("account oidc: a provider that is off or down is told apart")
{
    Scene s;
    AccountOidcBegun begun;
    open_scene(cx, &s);
    AccountOidcBack back = begin(cx, &s, &s.f.stranger, "7", "");
    atomic_store(&s.p.down, true);
    EXPECT(end(cx, &s, &back).result == ACCOUNT_OIDC_PROVIDER);
    set(cx, &s, "issuer", "");
    EXPECT_OK(account_oidc_begin(cx, s.f.accounts, &s.f.stranger, SLICE("/"), false, &begun));
    EXPECT(begun.result == ACCOUNT_OIDC_OFF);
    EXPECT(strcmp(account_oidc_code(begun.result), "oidc_off") == 0);
    EXPECT(account_oidc_code(ACCOUNT_OIDC_DONE) == NULL);
    close_scene(cx, &s);
}
