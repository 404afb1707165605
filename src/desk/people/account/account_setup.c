#include "desk/people/account/account_setup.h"

#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_ticket.h"

#define KIND     "setup"
#define LIVES_MS ((uint64_t)30 * 24 * 60 * 60 * 1000)

static Err any_account(Cx *cx, Db *db, bool *ret_any)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT 1 FROM account WHERE tenant = $1 LIMIT 1", DB_VALUES(OURS),
                 &rows));
    return db_next(cx, rows, ret_any);
}

Err account_setup_wanted(Cx *cx, Accounts *accounts, bool *ret_wanted)
{
    AUTO_DB AccountDb reader = {};
    bool any = false;
    TRY(account_db(cx, accounts, &reader));
    TRY(any_account(cx, reader.db, &any));
    *ret_wanted = !any;
    return ERR_OK;
}

typedef struct Setup {
    AccountTicket ticket;
    Slice sealed;
    AccountNewSealed accounts[ACCOUNT_SETUP_MAX];
    size_t count;
    uint64_t now_ms;
} Setup;

static Err nobody_yet(Cx *cx, Db *db)
{
    bool any = false;
    TRY(any_account(cx, db, &any));
    return any ? err_set(cx, ERR_CONFLICT, "there are accounts already") : ERR_OK;
}

static Err put_code(Cx *cx, Db *db, void *self)
{
    const Setup *setup = self;
    TRY(nobody_yet(cx, db));
    return account_ticket_put(cx, db, &setup->ticket, setup->sealed);
}

Err account_setup_code(Cx *cx, Accounts *accounts, const PermissionActor *actor, Token *ret_code)
{
    if (actor->kind != PERMISSION_LOCAL)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not see the setup code",
                       SLICE_ARG(actor->name));
    Token token = token_new(cx);
    Setup setup = {.now_ms = cx_now_ms(cx)};
    setup.ticket = (AccountTicket){.kind = KIND,
                                   .account = SLICE(""),
                                   .content = SLICE("{}"),
                                   .created_ms = setup.now_ms,
                                   .expires_ms = setup.now_ms + LIVES_MS,
                                   .hash = token.digest};
    TRY(account_ticket_seal(cx, accounts->store, &setup.ticket, &setup.sealed));
    // Not audited: it changes nobody, and each start of a server makes one.
    TRY(commit_wait_work(cx, accounts->options.committer, put_code, &setup));
    *ret_code = token;
    return ERR_OK;
}

static Err put_accounts(Cx *cx, Db *db, void *self)
{
    const Setup *setup = self;
    TRY(nobody_yet(cx, db));
    TRY(account_ticket_use(cx, db, &setup->ticket, setup->now_ms));
    for (size_t i = 0; i < setup->count; i++)
        TRY(account_register_put(cx, db, &setup->accounts[i]));
    return ERR_OK;
}

static Err check_roles(Cx *cx, const AccountSetup *setups, size_t count)
{
    const uint32_t known = ROLE_BIT(ROLE_SYSTEM_ADMIN) | ROLE_BIT(ROLE_SECURITY_ADMIN) |
                           ROLE_BIT(ROLE_AUDIT_ADMIN) | ROLE_BIT(ROLE_ORG_ADMIN);
    uint32_t seen = 0;
    if (count < 1 || count > ACCOUNT_SETUP_MAX)
        return err_set(cx, ERR_INPUT, "accounts: are not one to four");
    for (size_t i = 0; i < count; i++) {
        uint32_t bit = ROLE_BIT(setups[i].role);
        if ((bit & known) == 0 || (bit & seen) != 0)
            return err_set(cx, ERR_INPUT, "role: is none of the first, or there twice");
        seen |= bit;
    }
    if ((seen & ROLE_BIT(ROLE_SYSTEM_ADMIN)) == 0)
        return err_set(cx, ERR_INPUT, "role: the administrator of the system is missing");
    return ERR_OK;
}

static Err prepare(Cx *cx, Accounts *accounts, const AccountSetup *setup, AccountNewSealed *sealed)
{
    AccountNew new = {.tenant = SLICE("")};
    if (setup->role == ROLE_ORG_ADMIN) {
        new.tenant = FIRST;
        new.roles = ROLE_BIT(ROLE_ORG_ADMIN);
    } else {
        new.platform = ROLE_BIT(setup->role);
    }
    TRY(account_register_row(cx, accounts, &setup->account, &new.row));
    // Whoever holds the code vouches for what they typed.
    new.row.vouched = true;
    if (new.row.mail.size > 0) new.row.mail_ms = new.row.created_ms;
    if (new.row.phone.size > 0) new.row.phone_ms = new.row.created_ms;
    return account_register_seal(cx, accounts, &new, sealed);
}

Err account_setup_run(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice code,
                      const AccountSetup *setups, size_t count)
{
    Setup setup = {.now_ms = cx_now_ms(cx)};
    TRY(check_roles(cx, setups, count));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(nobody_yet(cx, reader.db));
        TRY(account_ticket_find(cx, accounts->store, reader.db, KIND, code, setup.now_ms,
                                &setup.ticket));
    }
    for (; setup.count < count; setup.count++)
        TRY(prepare(cx, accounts, &setups[setup.count], &setup.accounts[setup.count]));
    const AccountNote note = {
        .actor = actor,
        .act = "setup.run",
        .object = account_row_hex(cx, account_row_id(&setup.accounts[0].account.row))};
    return account_write(cx, accounts, put_accounts, &setup, &note);
}
