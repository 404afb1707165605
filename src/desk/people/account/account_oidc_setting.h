// Settings of signing in by OpenID Connect: one provider. Rows "oidc.<name>" of `policy`:
//
//   issuer         https://…, exactly as the provider calls itself; "" = there is none
//   client_id      what this installation is called there
//   client_secret  sealed; "" = a public client, which has PKCE alone
//   scopes         "openid email profile"
//   label_zh, label_en  what it is called; on the button: 用…登录, Sign in with …
//   register       1 = whom nobody knows gets an account
//   link_mail      1 = whom nobody knows is taken for the account with the same mail address, when
//                  the provider says that it is verified and it is confirmed here, too
//   trust_mfa      1 = two factors there (`amr` has "mfa") are two here
//   ca_file        PEM; "" = the system's authorities
#pragma once
#include "desk/people/account/account_policy.h"

#define ACCOUNT_OIDC_SETTINGS 10

typedef struct AccountOidcSettings {
    Slice issuer, client, secret, scopes; // secret: opened
    Slice label_zh, label_en, ca_file;
    bool registration, by_mail, trust_mfa;
} AccountOidcSettings;

// As they are now. ERR_CORRUPT when the secret does not open.
Err account_oidc_setting_read(Cx *cx, Accounts *accounts, AccountOidcSettings *ret_settings);
// Whether people can sign in by it: an issuer, a client, and an address to be sent back to
// (`site.url` of the policy).
bool account_oidc_setting_whole(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings);
// All of them, by name; of the secret only whether there is one ("set" or "").
void account_oidc_setting_show(Cx *cx, const AccountOidcSettings *settings,
                               AccountSetting ret_settings[static ACCOUNT_OIDC_SETTINGS]);
// Some of them. ERR_INPUT "<name>: …".
Err account_oidc_setting_set(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                             const AccountSetting *settings, size_t count);
// https, or http to this machine itself.
bool account_oidc_setting_is_safe(Slice url);
