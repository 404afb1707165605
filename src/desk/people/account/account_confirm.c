#include "desk/people/account/account_confirm.h"

#include "desk/people/account/account_code.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_password.h"

typedef struct Confirming {
    AccountSwap swap;
    const AccountCode *code; // NULL: there is no second factor
} Confirming;

static Err confirm(Cx *cx, Db *db, void *self)
{
    const Confirming *confirming = self;
    if (confirming->code != NULL) TRY(account_code_use(cx, db, confirming->code));
    return account_session_swap(cx, db, &confirming->swap);
}

static Err own_row(Cx *cx, Accounts *accounts, const PermissionActor *actor, AccountRow *ret_row)
{
    Slice id;
    AUTO_DB AccountDb reader = {};
    TRY(account_self_id(cx, actor, &id));
    TRY(account_db(cx, accounts, &reader));
    return account_row_get(cx, accounts->store, reader.db, id, ret_row);
}

Err account_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                    Slice password, Slice code, Token *ret_token)
{
    AccountRow row = {};
    AccountCode used = {};
    Confirming confirming = {};
    TRY(own_row(cx, accounts, actor, &row));
    if (row.password.size == 0 && row.seed_ms == 0)
        return err_set(cx, ERR_CONFLICT, "password: there is none; sign in again instead");
    if (!token_digest(token, &confirming.swap.old))
        return err_set(cx, ERR_DENIED, "only who is signed in confirms it");
    if (row.password.size > 0) TRY(account_password_ask(cx, accounts, actor, password, &row));
    if (row.seed_ms > 0) {
        if (account_code_delay(&row, cx_now_ms(cx)) > 0)
            return err_set(cx, ERR_LIMIT, "too many tries; wait a little");
        TRY(account_code_check(cx, accounts, &row, NULL, code, &used));
        confirming.code = &used;
    }
    Token new = token_new(cx);
    confirming.swap.new = new.digest;
    confirming.swap.account = account_row_id(&row);
    confirming.swap.confirmed_ms = cx_now_ms(cx);
    const AccountNote note = {.actor = actor, .act = "session.confirm"};
    TRY(account_write(cx, accounts, confirm, &confirming, &note));
    *ret_token = new;
    return ERR_OK;
}
