#include "desk/people/account/account_oidc_fixture.h"

#include "base/limits.h"
#include "desk/people/account/account_oidc_setting.h"

static Slice answer(void *self, Slice request)
{
    AccountOidcFixture *p = self;
    Cx *cx = &p->cx;
    if (atomic_load(&p->down)) return fetch_fixture_reply(cx, 500, "", SLICE("down"));
    if (slice_starts(request, SLICE("GET /.well-known/openid-configuration ")))
        return fetch_fixture_reply(
            cx, 200, "",
            cx_printf(cx,
                      "{\"issuer\":\"" SLICE_FMT "\",\"authorization_endpoint\":\"" SLICE_FMT
                      "/auth?a=b\",\"token_endpoint\":\"" SLICE_FMT
                      "/token\",\"jwks_uri\":\"" SLICE_FMT "/keys\"%s%s%s}",
                      SLICE_ARG(p->issuer), SLICE_ARG(p->issuer), SLICE_ARG(p->issuer),
                      SLICE_ARG(p->issuer),
                      p->secret_of[0] == '\0' ? ""
                                              : ",\"token_endpoint_auth_methods_supported\":[\"",
                      p->secret_of, p->secret_of[0] == '\0' ? "" : "\"]"));
    if (slice_starts(request, SLICE("GET /keys ")))
        return fetch_fixture_reply(cx, 200, "",
                                   cx_printf(cx, "{\"keys\":[" SLICE_FMT "]}",
                                             SLICE_ARG(jws_fixture_jwk(cx, p->key, "k"))));
    if (!slice_starts(request, SLICE("POST /token "))) return SLICE("");
    Slice token = jws_fixture_token(cx, p->key, SLICE("{\"alg\":\"ES256\",\"kid\":\"k\"}"),
                                    slice_of(p->claims));
    return fetch_fixture_reply(cx, 200, "",
                               cx_printf(cx, "{\"id_token\":\"" SLICE_FMT "\"}", SLICE_ARG(token)));
}

void account_oidc_fixture_open(AccountOidcFixture *provider)
{
    *provider = (AccountOidcFixture){};
    cx_init(&provider->cx, world_real(), 8 * LIMIT_MIB);
    provider->key = jws_fixture_open(JWS_ES256);
    provider->server = fetch_fixture_open(answer, provider, NULL);
    provider->issuer = fetch_fixture_url(&provider->cx, provider->server, "");
}

void account_oidc_fixture_close(AccountOidcFixture *provider)
{
    fetch_fixture_close(provider->server);
    jws_fixture_close(provider->key);
    cx_done(&provider->cx);
}

void account_oidc_fixture_set(Cx *cx, AccountFixture *f, const AccountOidcFixture *provider)
{
    const AccountSetting settings[] = {{SLICE("issuer"), provider->issuer},
                                       {SLICE("client_id"), SLICE("fapiao")},
                                       {SLICE("client_secret"), SLICE("a b/%")}};
    const AccountSetting site = {SLICE("site.url"), SLICE("https://fapiao.example")};
    EXPECT_OK(account_oidc_setting_set(cx, f->accounts, &f->local, settings, 3));
    EXPECT_OK(account_policy_set(cx, f->accounts, &f->local, &site, 1));
}
