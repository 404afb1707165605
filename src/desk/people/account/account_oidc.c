#include "desk/people/account/account_oidc.h"

#include "base/base64.h"
#include "crypto/jws.h"
#include "desk/people/account/account_link.h"
#include "desk/people/account/account_oidc_provider.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_register.h"
#include "desk/people/account/account_ticket.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define TICKET "oidc"
#define BACK   "/api/v1/oidc/return"

static const char *const codes[ACCOUNT_OIDC_RESULT_COUNT] = {
    [ACCOUNT_OIDC_OFF] = "oidc_off",         [ACCOUNT_OIDC_STATE] = "oidc_state",
    [ACCOUNT_OIDC_REFUSED] = "oidc_refused", [ACCOUNT_OIDC_PROVIDER] = "oidc_provider",
    [ACCOUNT_OIDC_TOKEN] = "oidc_token",     [ACCOUNT_OIDC_UNKNOWN] = "oidc_unknown",
    [ACCOUNT_OIDC_MAIL] = "oidc_mail",       [ACCOUNT_OIDC_TAKEN] = "oidc_taken",
    [ACCOUNT_OIDC_PENDING] = "oidc_pending", [ACCOUNT_OIDC_DISABLED] = "oidc_disabled",
    [ACCOUNT_OIDC_STALE] = "oidc_stale"};

const char *account_oidc_code(AccountOidcResult result)
{
    return codes[result];
}

bool account_oidc_is_page(Slice to)
{
    if (to.size == 0 || to.size > ACCOUNT_OIDC_TO_MAX || to.data[0] != '/') return false;
    if (slice_starts(to, SLICE("//")) || slice_starts(to, SLICE("/api"))) return false;
    for (size_t i = 0; i < to.size; i++) {
        char c = to.data[i];
        if (c <= ' ' || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>' || c == '#')
            return false;
    }
    return true;
}

static Slice back_of(Cx *cx, Accounts *accounts)
{
    return cx_printf(cx, "%s" BACK, account_policy_now(cx, accounts).site_url);
}

// ---- the way there ----

typedef struct Beginning {
    AccountTicket ticket;
    Slice sealed;
} Beginning;

static Err put_ticket(Cx *cx, Db *db, void *self)
{
    const Beginning *beginning = self;
    return account_ticket_put_one_of(cx, db, &beginning->ticket, beginning->sealed,
                                     LIMIT_OIDC_TICKETS);
}

// What is remembered until the browser is back.
typedef struct Memory {
    Slice account; // that it is linked to, in hexadecimal; "" = signing in
    Slice browser; // digest of the cookie's secret, in hexadecimal
    Slice issuer, nonce, to, verifier;
} Memory;

static Err print_memory(Cx *cx, const Memory *memory, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "account", memory->account);
    json_out_pair(&out, "browser", memory->browser);
    json_out_pair(&out, "issuer", memory->issuer);
    json_out_pair(&out, "nonce", memory->nonce);
    json_out_pair(&out, "to", memory->to);
    json_out_pair(&out, "verifier", memory->verifier);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

static Err read_memory(Cx *cx, Slice json, Memory *memory)
{
    JsonIn *in = NULL;
    static const char *const names[] = {"account", "browser", "issuer", "nonce", "to", "verifier"};
    Slice *const places[] = {&memory->account, &memory->browser, &memory->issuer,
                             &memory->nonce,   &memory->to,      &memory->verifier};
    TRY(json_in_open(cx, json, &in));
    for (int i = 0; i < 6; i++)
        *places[i] = json_in_string(json_in_get(json_in_root(in), names[i]));
    json_in_close(in);
    return ERR_OK;
}

static Err print_url(Cx *cx, const AccountOidcProvider *provider,
                     const AccountOidcSettings *settings, const Memory *memory, Slice state,
                     Slice back, Slice *ret_url)
{
    Digest challenge = digest_of(DIGEST_SHA256, memory->verifier);
    Text text = text_open(cx, LIMIT_FIELD_BYTES * 4);
    text_add(&text, provider->authorize);
    text_byte(&text, slice_find(provider->authorize, SLICE("?")) == SLICE_NONE ? '?' : '&');
    account_oidc_provider_pair(&text, "response_type", SLICE("code"));
    account_oidc_provider_pair(&text, "client_id", settings->client);
    account_oidc_provider_pair(&text, "redirect_uri", back);
    account_oidc_provider_pair(&text, "scope", settings->scopes);
    account_oidc_provider_pair(&text, "state", state);
    account_oidc_provider_pair(&text, "nonce", memory->nonce);
    account_oidc_provider_pair(&text, "code_challenge", jws_encode(cx, digest_slice(&challenge)));
    account_oidc_provider_pair(&text, "code_challenge_method", SLICE("S256"));
    TRY(text_done(cx, &text, ret_url));
    ret_url->size--; // the last "&"
    return ERR_OK;
}

Err account_oidc_begin(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice to,
                       bool link, AccountOidcBegun *ret_begun)
{
    AccountOidcSettings settings;
    AccountOidcProvider provider;
    AccountOidcBegun begun = {.result = ACCOUNT_OIDC_OFF};
    Slice id = SLICE("");
    if (!account_oidc_is_page(to)) return err_set(cx, ERR_INPUT, "to: is no page of this site");
    if (link) TRY(account_self_id(cx, actor, &id));
    TRY(account_oidc_setting_read(cx, accounts, &settings));
    *ret_begun = begun;
    if (!account_oidc_setting_whole(cx, accounts, &settings)) return ERR_OK;
    ret_begun->result = ACCOUNT_OIDC_STALE;
    if (link && !actor->fresh) return ERR_OK;
    ret_begun->result = ACCOUNT_OIDC_PROVIDER;
    Err err = account_oidc_provider_find(cx, accounts, &settings, &provider);
    if (err == ERR_STORE || err == ERR_DENIED || err == ERR_LIMIT) return ERR_OK;
    TRY(err);
    Token state = token_new(cx), nonce = token_new(cx), verifier = token_new(cx);
    begun.browser = token_new(cx);
    const Memory memory = {.account = link ? account_row_hex(cx, id) : SLICE(""),
                           .browser = base64_hex(cx, digest_slice(&begun.browser.digest)),
                           .issuer = settings.issuer,
                           .nonce = slice_of(nonce.text),
                           .to = to,
                           .verifier = slice_of(verifier.text)};
    uint64_t now_ms = cx_now_ms(cx);
    Beginning beginning = {.ticket = {.kind = TICKET,
                                      .account = SLICE(""),
                                      .created_ms = now_ms,
                                      .expires_ms = now_ms + ACCOUNT_TICKET_OIDC_MS,
                                      .hash = state.digest}};
    TRY(print_memory(cx, &memory, &beginning.ticket.content));
    TRY(account_ticket_seal(cx, accounts->store, &beginning.ticket, &beginning.sealed));
    TRY(print_url(cx, &provider, &settings, &memory, slice_of(state.text), back_of(cx, accounts),
                  &begun.url));
    TRY(commit_wait_work(cx, accounts->options.committer, put_ticket, &beginning));
    begun.result = ACCOUNT_OIDC_DONE;
    *ret_begun = begun;
    return ERR_OK;
}

// ---- whom nobody knows ----

static Err by_mail(Cx *cx, Accounts *accounts, const AccountJwtClaims *claims, AccountRow *ret_row,
                   bool *ret_found)
{
    Slice mail;
    *ret_found = false;
    if (!claims->mail_verified || claims->mail.size == 0) return ERR_OK;
    if (account_name_of(cx, ACCOUNT_NAME_MAIL, claims->mail, &mail) != ERR_OK) return ERR_OK;
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    Err err = account_row_find(cx, accounts->store, reader.db, ACCOUNT_NAME_MAIL, mail, ret_row);
    *ret_found = err == ERR_OK;
    return err == ERR_MISSING ? ERR_OK : err;
}

// A name of its own, for what the provider calls somebody can be another's here.
static Err make_account(Cx *cx, Accounts *accounts, const AccountJwtClaims *claims,
                        AccountLink *link, const AccountOrigin *origin)
{
    AccountRow row = {.state = ACCOUNT_ACTIVE,
                      .language = SLICE("zh"),
                      .mail = SLICE(""),
                      .phone = SLICE(""),
                      .password = SLICE(""),
                      .seed = SLICE("")};
    AccountNewSealed sealed;
    uuid7_make(cx, row.id);
    row.created_ms = row.password_ms = link->now_ms;
    Slice hex = account_row_hex(cx, account_row_id(&row));
    row.login = cx_printf(cx, "oidc-" SLICE_FMT, SLICE_ARG(slice_sub(hex, hex.size - 12, 12)));
    if (account_name_shown(cx, claims->name, &row.name) != ERR_OK) row.name = SLICE("");
    if (claims->mail_verified && claims->mail.size > 0 &&
        account_name_of(cx, ACCOUNT_NAME_MAIL, claims->mail, &row.mail) == ERR_OK)
        row.mail_ms = link->now_ms;
    const AccountNew new = {.row = row, .tenant = SLICE(""), .roles = ROLE_BIT(ROLE_PERSON)};
    TRY(account_register_seal(cx, accounts, &new, &sealed));
    TRY(cx_copy(cx, account_row_id(&row), &link->account));
    link->new = &sealed;
    Err err = account_link_put(cx, accounts, link, origin, "account.register");
    link->new = NULL;
    return err;
}

static Err meet(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings,
                const AccountJwtClaims *claims, AccountLink *link, const AccountOrigin *origin,
                AccountOidcResult *ret_result)
{
    AccountRow row = {};
    bool found = false;
    TRY(by_mail(cx, accounts, claims, &row, &found));
    // One that is not confirmed here could be set by anybody, to get the owner's link.
    if (found && settings->by_mail && row.mail_ms > 0 && row.state == ACCOUNT_ACTIVE) {
        TRY(cx_copy(cx, account_row_id(&row), &link->account));
        return account_link_put(cx, accounts, link, origin, "account.link");
    }
    *ret_result = found && (settings->by_mail || settings->registration) ? ACCOUNT_OIDC_MAIL
                                                                         : ACCOUNT_OIDC_UNKNOWN;
    if (found || !settings->registration) return ERR_OK;
    *ret_result = ACCOUNT_OIDC_DONE;
    return make_account(cx, accounts, claims, link, origin);
}

// ---- the way back ----

typedef struct Using {
    AccountTicket ticket;
    uint64_t now_ms;
} Using;

static Err use_ticket(Cx *cx, Db *db, void *self)
{
    const Using *using = self;
    return account_ticket_use(cx, db, &using->ticket, using->now_ms);
}

// Uses the ticket up, whatever comes of it: a code is shown to the provider once.
static Err remember(Cx *cx, Accounts *accounts, const AccountOidcBack *back, Memory *ret_memory)
{
    Using using = {.now_ms = cx_now_ms(cx)};
    Digest browser, kept;
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_ticket_find(cx, accounts->store, reader.db, TICKET, back->state, using.now_ms,
                                &using.ticket));
    }
    Memory memory = {};
    TRY(read_memory(cx, using.ticket.content, &memory));
    // Another browser's: it stays for the right one.
    if (!token_digest(back->browser, &browser) ||
        base64_unhex(cx, memory.browser, kept.bytes, DIGEST_SIZE) != ERR_OK ||
        !digest_equal(&browser, &kept))
        return err_set(cx, ERR_MISSING, "it was begun in another browser");
    TRY(commit_wait_work(cx, accounts->options.committer, use_ticket, &using));
    *ret_memory = memory;
    return ERR_OK;
}

static Err ask_provider(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings,
                        const Memory *memory, Slice code, AccountJwtClaims *ret_claims)
{
    AccountOidcProvider provider;
    TRY(account_oidc_provider_find(cx, accounts, settings, &provider));
    const AccountOidcCode asked = {.code = code,
                                   .verifier = memory->verifier,
                                   .nonce = memory->nonce,
                                   .back = back_of(cx, accounts)};
    return account_oidc_provider_exchange(cx, &provider, settings, &asked, ret_claims);
}

static AccountOidcResult result_of(AccountLoginResult result)
{
    switch (result) {
    case ACCOUNT_LOGIN_DONE:
        return ACCOUNT_OIDC_DONE;
    case ACCOUNT_LOGIN_FACTOR:
        return ACCOUNT_OIDC_FACTOR;
    case ACCOUNT_LOGIN_PENDING:
        return ACCOUNT_OIDC_PENDING;
    case ACCOUNT_LOGIN_DISABLED:
    case ACCOUNT_LOGIN_REFUSED:
    case ACCOUNT_LOGIN_LATER:
        break;
    }
    return ACCOUNT_OIDC_DISABLED;
}

static Err link_to(Cx *cx, Accounts *accounts, Slice hex, AccountLink *link,
                   const AccountOrigin *origin, AccountOidcResult *ret_result)
{
    uint8_t id[ACCOUNT_ID_SIZE];
    AccountRow row = {};
    TRY(account_row_unhex(cx, hex, id));
    const Slice wanted = {(const char *)id, ACCOUNT_ID_SIZE};
    *ret_result = ACCOUNT_OIDC_LINKED;
    if (slice_equal(link->account, wanted)) return ERR_OK; // it is already
    *ret_result = ACCOUNT_OIDC_TAKEN;
    if (link->account.size > 0) return ERR_OK;
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, wanted, &row));
    }
    *ret_result = ACCOUNT_OIDC_DISABLED;
    if (row.state != ACCOUNT_ACTIVE) return ERR_OK;
    TRY(cx_copy(cx, wanted, &link->account));
    *ret_result = ACCOUNT_OIDC_LINKED;
    return account_link_put(cx, accounts, link, origin, "account.link");
}

static Err go_in(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings,
                 const Memory *memory, const AccountJwtClaims *claims, const AccountOrigin *origin,
                 AccountOidcEnded *ended)
{
    AccountLink link;
    AccountLoginAnswer answer = {};
    TRY(account_link_find(cx, accounts, memory->issuer, claims->subject, &link));
    if (memory->account.size > 0)
        return link_to(cx, accounts, memory->account, &link, origin, &ended->result);
    ended->result = ACCOUNT_OIDC_DONE;
    if (link.account.size == 0)
        TRY(meet(cx, accounts, settings, claims, &link, origin, &ended->result));
    if (ended->result != ACCOUNT_OIDC_DONE) return ERR_OK;
    TRY(account_login_vouched(cx, accounts, link.account, settings->trust_mfa && claims->mfa,
                              origin, &answer));
    ended->result = result_of(answer.result);
    ended->token = answer.token;
    return ERR_OK;
}

Err account_oidc_end(Cx *cx, Accounts *accounts, const AccountOidcBack *back,
                     const AccountOrigin *origin, AccountOidcEnded *ret_ended)
{
    AccountOidcSettings settings;
    AccountJwtClaims claims;
    Memory memory = {};
    AccountOidcEnded ended = {.result = ACCOUNT_OIDC_STATE, .to = SLICE(""), .why = SLICE("")};
    TRY(account_oidc_setting_read(cx, accounts, &settings));
    *ret_ended = ended;
    Err err = remember(cx, accounts, back, &memory);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    ended.to = memory.to;
    ended.linking = memory.account.size > 0;
    ended.result = ACCOUNT_OIDC_OFF;
    *ret_ended = ended;
    if (!account_oidc_setting_whole(cx, accounts, &settings) ||
        !slice_equal(settings.issuer, memory.issuer))
        return ERR_OK;
    // Another provider's answer, mixed in (RFC 9207).
    ret_ended->result = ACCOUNT_OIDC_TOKEN;
    if (back->issuer.size > 0 && !slice_equal(back->issuer, settings.issuer)) return ERR_OK;
    ret_ended->result = ACCOUNT_OIDC_REFUSED;
    if (back->error.size > 0 || back->code.size == 0) return ERR_OK;
    err = ask_provider(cx, accounts, &settings, &memory, back->code, &claims);
    if (err == ERR_STORE || err == ERR_DENIED || err == ERR_LIMIT) {
        ret_ended->result = err == ERR_STORE ? ACCOUNT_OIDC_PROVIDER : ACCOUNT_OIDC_TOKEN;
        ret_ended->why = cx_printf(cx, "%.200s", cx->err_text);
        return ERR_OK;
    }
    TRY(err);
    err = go_in(cx, accounts, &settings, &memory, &claims, origin, &ended);
    // Two came at once with the same subject, or with a mail address that was taken meanwhile.
    if (err == ERR_CONFLICT) ended.result = ACCOUNT_OIDC_TAKEN;
    *ret_ended = ended;
    return err == ERR_CONFLICT ? ERR_OK : err;
}
