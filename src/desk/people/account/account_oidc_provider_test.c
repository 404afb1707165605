#include "desk/people/account/account_oidc_provider.h"

#include "desk/people/account/account_oidc_fixture.h"

TEST("account oidc provider: names and values are percent-encoded")
{
    Text text = text_open(cx, 256);
    account_oidc_provider_pair(&text, "a", SLICE("b c&d=/é~"));
    EXPECT(slice_equal(text_so_far(&text), SLICE("a=b%20c%26d%3D%2F%C3%A9~&")));
}

static Err find(Cx *cx, AccountFixture *f, AccountOidcProvider *provider)
{
    AccountOidcSettings settings;
    EXPECT_OK(account_oidc_setting_read(cx, f->accounts, &settings));
    return account_oidc_provider_find(cx, f->accounts, &settings, provider);
}

TEST("account oidc provider: what it says of itself is asked once in ten minutes")
{
    AccountFixture f;
    AccountOidcFixture p;
    AccountOidcProvider found = {};
    account_fixture_open(cx, &f);
    account_oidc_fixture_open(&p);
    account_oidc_fixture_set(cx, &f, &p);
    EXPECT_OK(find(cx, &f, &found));
    EXPECT(slice_ends(found.token, SLICE("/token")) && !found.post);
    size_t heard = fetch_fixture_heard(cx, p.server).size;
    atomic_store(&p.down, true);
    EXPECT_OK(find(cx, &f, &found));
    EXPECT(fetch_fixture_heard(cx, p.server).size == heard);
    f.world.ms += 600'000;
    EXPECT(find(cx, &f, &found) == ERR_STORE);
    // One that does not answer is not asked again at once.
    heard = fetch_fixture_heard(cx, p.server).size;
    atomic_store(&p.down, false);
    EXPECT(find(cx, &f, &found) == ERR_STORE);
    EXPECT(fetch_fixture_heard(cx, p.server).size == heard);
    f.world.ms += 2'000;
    EXPECT_OK(find(cx, &f, &found));
    account_oidc_fixture_close(&p);
    account_fixture_close(cx, &f);
}

TEST("account oidc provider: one that calls itself by another name is not taken")
{
    AccountFixture f;
    AccountOidcFixture p;
    AccountOidcProvider found;
    account_fixture_open(cx, &f);
    account_oidc_fixture_open(&p);
    account_oidc_fixture_set(cx, &f, &p);
    p.issuer = SLICE("https://another.example");
    EXPECT(find(cx, &f, &found) == ERR_DENIED);
    account_oidc_fixture_close(&p);
    account_fixture_close(cx, &f);
}

static void exchange(Cx *cx, const char *way, const char *wanted)
{
    AccountFixture f;
    AccountOidcFixture p;
    AccountOidcProvider found;
    AccountOidcSettings settings;
    AccountJwtClaims claims;
    account_fixture_open(cx, &f);
    account_oidc_fixture_open(&p);
    (void)snprintf(p.secret_of, sizeof p.secret_of, "%s", way);
    account_oidc_fixture_set(cx, &f, &p);
    (void)snprintf(p.claims, sizeof p.claims,
                   "{\"iss\":\"" SLICE_FMT "\",\"aud\":\"fapiao\",\"sub\":\"7\",\"nonce\":\"n\","
                   "\"exp\":1790000100,\"iat\":1790000000}",
                   SLICE_ARG(p.issuer));
    EXPECT_OK(find(cx, &f, &found));
    EXPECT_OK(account_oidc_setting_read(cx, f.accounts, &settings));
    AccountOidcCode code = {SLICE("c&d"), SLICE("v"), SLICE("n"), SLICE("https://x/r")};
    EXPECT_OK(account_oidc_provider_exchange(cx, &found, &settings, &code, &claims));
    EXPECT(slice_equal(claims.subject, SLICE("7")));
    Slice heard = fetch_fixture_heard(cx, p.server);
    EXPECT(slice_find(heard, slice_of(wanted)) != SLICE_NONE);
    EXPECT(
        slice_find(heard, SLICE("code=c%26d&redirect_uri=https%3A%2F%2Fx%2Fr&code_verifier=v")) !=
        SLICE_NONE);
    code.nonce = SLICE("m");
    EXPECT(account_oidc_provider_exchange(cx, &found, &settings, &code, &claims) == ERR_DENIED);
    atomic_store(&p.down, true);
    EXPECT(account_oidc_provider_exchange(cx, &found, &settings, &code, &claims) == ERR_STORE);
    account_oidc_fixture_close(&p);
    account_fixture_close(cx, &f);
}

TEST("account oidc provider: the secret goes into the header, or into the form where it must")
{
    // fapiao:a%20b%2F%25
    exchange(cx, "", "Authorization: Basic ZmFwaWFvOmElMjBiJTJGJTI1\r\n");
    exchange(cx, "client_secret_post", "&client_id=fapiao&client_secret=a%20b%2F%25");
}
