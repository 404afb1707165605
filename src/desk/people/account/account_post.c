#include "desk/people/account/account_post.h"

#include "desk/people/account/account_parts.h"

// clang-format off: a row each.
static const struct {
    const char *kind; // of its ticket
    AccountChannel channel;
    bool code;
    uint64_t lives_ms;
} occasions[ACCOUNT_OCCASION_COUNT] = {
    [ACCOUNT_CONFIRM_MAIL] = {"mail", ACCOUNT_MAIL, false, ACCOUNT_TICKET_CONFIRM_MS},
    [ACCOUNT_CONFIRM_PHONE] = {"phone", ACCOUNT_SMS, true, ACCOUNT_TICKET_CODE_MS},
    [ACCOUNT_KNOWN_MAIL] = {NULL, ACCOUNT_MAIL, false, 0},
    [ACCOUNT_RESET_LINK] = {"reset", ACCOUNT_MAIL, false, ACCOUNT_TICKET_RESET_MS},
    [ACCOUNT_RESET_CODE] = {"reset_code", ACCOUNT_SMS, true, ACCOUNT_TICKET_CODE_MS},
};
// clang-format on

static Err make_ticket(Cx *cx, Accounts *accounts, AccountOccasion occasion, AccountPost *post)
{
    AccountTicket *ticket = &post->ticket;
    ticket->created_ms = cx_now_ms(cx);
    ticket->expires_ms = ticket->created_ms + occasions[occasion].lives_ms;
    if (occasions[occasion].code) {
        TokenCode code = token_code_new(cx);
        post->message.secret = cx_printf(cx, "%s", code.text);
        ticket->hash = account_ticket_code(accounts->store, ticket->kind, ticket->account,
                                           post->message.secret);
    } else {
        Token token = token_new(cx);
        post->message.secret = cx_printf(cx, "%s", token.text);
        ticket->hash = token.digest;
    }
    return account_ticket_seal(cx, accounts->store, ticket, &post->sealed);
}

Err account_post_make(Cx *cx, Accounts *accounts, const AccountRow *row, AccountOccasion occasion,
                      AccountPost *ret_post)
{
    if (accounts->options.send == NULL)
        return err_set(cx, ERR_STORE, "there is nobody to send messages by");
    AccountPolicy policy = account_policy_now(cx, accounts);
    AccountPost post = {.accounts = accounts};
    Slice to = occasions[occasion].channel == ACCOUNT_MAIL ? row->mail : row->phone, id;
    TRY(cx_copy(cx, account_row_id(row), &id));
    post.message = (AccountMessage){.channel = occasions[occasion].channel,
                                    .occasion = occasion,
                                    .to = to,
                                    .name = row->name.size > 0    ? row->name
                                            : row->login.size > 0 ? row->login
                                                                  : row->mail,
                                    .language = row->language,
                                    .secret = SLICE(""),
                                    .site = cx_printf(cx, "%s", policy.site_url)};
    post.ticket = (AccountTicket){.kind = occasions[occasion].kind, .account = id, .content = to};
    if (post.ticket.kind != NULL) TRY(make_ticket(cx, accounts, occasion, &post));
    *ret_post = post;
    return ERR_OK;
}

Err account_post_put(Cx *cx, Db *db, const AccountPost *post)
{
    const AccountsOptions *options = &post->accounts->options;
    if (post->ticket.kind != NULL) TRY(account_ticket_put(cx, db, &post->ticket, post->sealed));
    return options->send(cx, db, options->send_self, &post->message);
}

Err account_post_by_token(Cx *cx, Accounts *accounts, AccountOccasion occasion, Slice token,
                          AccountTicket *ret_ticket, AccountRow *ret_row)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    TRY(account_ticket_find(cx, accounts->store, reader.db, occasions[occasion].kind, token,
                            cx_now_ms(cx), ret_ticket));
    return account_row_get(cx, accounts->store, reader.db, ret_ticket->account, ret_row);
}

static Err take_try(Cx *cx, Db *db, void *self)
{
    return account_ticket_try(cx, db, self);
}

Err account_post_by_code(Cx *cx, Accounts *accounts, AccountOccasion occasion, Slice login,
                         Slice code, AccountTicket *ret_ticket, AccountRow *ret_row)
{
    const char *kind = occasions[occasion].kind;
    AccountNameKind name_kind;
    Slice name;
    AccountTicket ticket = {};
    TRY(account_name_parse(cx, login, &name_kind, &name));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        Err err = account_row_find(cx, accounts->store, reader.db, name_kind, name, ret_row);
        if (err == ERR_OK)
            err = account_ticket_of(cx, accounts->store, reader.db, kind, account_row_id(ret_row),
                                    cx_now_ms(cx), &ticket);
        if (err == ERR_MISSING) return err_set(cx, err, "it was used, or its time is over");
        TRY(err);
    }
    TRY(commit_wait_work(cx, accounts->options.committer, take_try, &ticket));
    Digest hash = account_ticket_code(accounts->store, kind, account_row_id(ret_row), code);
    if (code.size > LIMIT_CODE_BYTES || !digest_equal(&hash, &ticket.hash))
        return err_set(cx, ERR_MISSING, "it was used, or its time is over");
    *ret_ticket = ticket;
    return ERR_OK;
}
