#include "desk/people/account/account_login.h"

#include "crypto/password.h"
#include "desk/people/account/account_code.h"
#include "desk/people/account/account_delay.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_tell.h"
#include "desk/people/account/account_ticket.h"

#define TICKET  "login"
#define STRANGE "strange "
#define KNOWN   "known "

#define AGENT_TOLD ((size_t)200) // bytes of what a browser calls itself

// ---- what is written ----

typedef struct Entering {
    AccountSessionNew session;
    const AccountCode *code;     // NULL: no second factor was asked for
    const AccountTicket *ticket; // of the first step, or NULL
    Slice rehashed;              // "" = it stays
    bool strong;                 // by two factors already
    AccountTell tell;
} Entering;

static Err enter(Cx *cx, Db *db, void *self)
{
    const Entering *entering = self;
    DbValue id = db_blob((Slice){(const char *)entering->session.account, ACCOUNT_ID_SIZE});
    if (entering->ticket != NULL)
        TRY(account_ticket_use(cx, db, entering->ticket, entering->session.now_ms));
    if (entering->code != NULL) TRY(account_code_use(cx, db, entering->code));
    if (entering->rehashed.size > 0)
        TRY(db_run(cx, db, "UPDATE account SET password = $3 WHERE tenant = $1 AND id = $2",
                   DB_VALUES(OURS, id, db_text(entering->rehashed)), NULL));
    TRY(account_tell_put(cx, db, &entering->tell));
    return account_session_put(cx, db, &entering->session);
}

typedef struct Ticketing {
    AccountTicket ticket;
    Slice sealed;
} Ticketing;

static Err put_ticket(Cx *cx, Db *db, void *self)
{
    const Ticketing *ticketing = self;
    return account_ticket_put(cx, db, &ticketing->ticket, ticketing->sealed);
}

// The second step is told what the first one saw: by which name, and whether the browser was new.
static Err ask_factor(Cx *cx, Accounts *accounts, const AccountRow *row, Slice login,
                      const AccountOrigin *origin, AccountLoginAnswer *answer)
{
    uint64_t now_ms = cx_now_ms(cx);
    Token token = token_new(cx);
    Ticketing ticketing = {
        .ticket = {.kind = TICKET,
                   .account = account_row_id(row),
                   .content = cx_printf(cx, "%s" SLICE_FMT, origin->strange ? STRANGE : KNOWN,
                                        SLICE_ARG(login)),
                   .created_ms = now_ms,
                   .expires_ms = now_ms + ACCOUNT_TICKET_LOGIN_MS,
                   .hash = token.digest}};
    TRY(account_ticket_seal(cx, accounts->store, &ticketing.ticket, &ticketing.sealed));
    TRY(commit_wait_work(cx, accounts->options.committer, put_ticket, &ticketing));
    answer->result = ACCOUNT_LOGIN_FACTOR;
    answer->token = token;
    return ERR_OK;
}

static Err let_in(Cx *cx, Accounts *accounts, const AccountRow *row, Slice login,
                  const AccountOrigin *origin, Entering *entering, AccountLoginAnswer *answer)
{
    int factors = entering->code == NULL && !entering->strong ? 1 : 2;
    TRY(account_session_make(cx, accounts, account_row_id(row), factors, origin,
                             &entering->session));
    PermissionActor actor = permission_actor(PERMISSION_ACCOUNT);
    actor.name = account_row_actor_name(cx, account_row_id(row));
    actor.address = origin->address;
    memcpy(actor.account, row->id, ACCOUNT_ID_SIZE);
    if (origin->strange)
        entering->tell = account_tell_make(cx, accounts, row, &actor, ACCOUNT_NEWS_SIGN_IN,
                                           slice_sub(origin->agent, 0, AGENT_TOLD));
    const AccountNote note = {.actor = &actor, .act = "session.begin", .halted = true};
    TRY(account_write(cx, accounts, enter, entering, &note));
    answer->result = ACCOUNT_LOGIN_DONE;
    answer->token = entering->session.token;
    answer->login = login;
    memcpy(answer->account, row->id, ACCOUNT_ID_SIZE);
    return ERR_OK;
}

// ---- the first step ----

// An account that may be nobody: then ERR_OK, and it has no password that fits.
static Err find(Cx *cx, Accounts *accounts, Slice login, AccountRow *row, bool *ret_found)
{
    AccountNameKind kind;
    Slice name;
    *ret_found = false;
    row->password = SLICE("");
    Err err = account_name_parse(cx, login, &kind, &name);
    if (err != ERR_OK) return err == ERR_INPUT ? ERR_OK : err;
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    err = account_row_find(cx, accounts->store, reader.db, kind, name, row);
    if (err == ERR_MISSING) return ERR_OK;
    *ret_found = err == ERR_OK;
    return err;
}

static Err go_in(Cx *cx, Accounts *accounts, const AccountRow *row, Slice login, Slice password,
                 const AccountOrigin *origin, AccountLoginAnswer *answer)
{
    if (row->state != ACCOUNT_ACTIVE) {
        answer->result =
            row->state == ACCOUNT_PENDING ? ACCOUNT_LOGIN_PENDING : ACCOUNT_LOGIN_DISABLED;
        return ERR_OK;
    }
    if (row->seed_ms > 0) return ask_factor(cx, accounts, row, login, origin, answer);
    Entering entering = {.rehashed = SLICE("")};
    if (password_needs_rehash(row->password)) TRY(password_hash(cx, password, &entering.rehashed));
    return let_in(cx, accounts, row, login, origin, &entering, answer);
}

Err account_login(Cx *cx, Accounts *accounts, Slice login, Slice password,
                  const AccountOrigin *origin, AccountLoginAnswer *ret_answer)
{
    AccountLoginAnswer answer = {.result = ACCOUNT_LOGIN_REFUSED};
    Slice typed = account_name_counted(cx, login);
    AccountRow row = {};
    bool found = false, fits = false;
    answer.wait_ms = account_delay_left(cx, accounts, typed, origin->address);
    if (answer.wait_ms > 0) {
        answer.result = ACCOUNT_LOGIN_LATER;
        *ret_answer = answer;
        return ERR_OK;
    }
    TRY(find(cx, accounts, typed, &row, &found));
    TRY(password_verify(cx, password, found ? row.password : SLICE(""), &fits));
    account_delay_note(cx, accounts, typed, origin->address, fits);
    if (fits) TRY(go_in(cx, accounts, &row, typed, password, origin, &answer));
    *ret_answer = answer;
    return ERR_OK;
}

Err account_login_vouched(Cx *cx, Accounts *accounts, Slice account, bool strong,
                          const AccountOrigin *origin, AccountLoginAnswer *ret_answer)
{
    AccountLoginAnswer answer = {.result = ACCOUNT_LOGIN_REFUSED};
    AccountRow row = {};
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, account, &row));
    }
    Slice login = row.login.size > 0 ? row.login : row.mail;
    Entering entering = {.rehashed = SLICE(""), .strong = strong};
    if (row.state != ACCOUNT_ACTIVE)
        answer.result =
            row.state == ACCOUNT_PENDING ? ACCOUNT_LOGIN_PENDING : ACCOUNT_LOGIN_DISABLED;
    else if (row.seed_ms > 0 && !strong)
        TRY(ask_factor(cx, accounts, &row, login, origin, &answer));
    else
        TRY(let_in(cx, accounts, &row, login, origin, &entering, &answer));
    *ret_answer = answer;
    return ERR_OK;
}

// ---- the second step ----

Err account_login_factor(Cx *cx, Accounts *accounts, Slice ticket, Slice code,
                         const AccountOrigin *origin, AccountLoginAnswer *ret_answer)
{
    AccountLoginAnswer answer = {.result = ACCOUNT_LOGIN_REFUSED};
    AccountTicket found = {};
    AccountRow row = {};
    AccountCode used = {};
    Err err = ERR_OK;
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        err = account_ticket_find(cx, accounts->store, reader.db, TICKET, ticket, cx_now_ms(cx),
                                  &found);
        if (err == ERR_OK)
            err = account_row_get(cx, accounts->store, reader.db, found.account, &row);
    }
    if (err == ERR_OK && row.state == ACCOUNT_ACTIVE) {
        answer.wait_ms = account_code_delay(&row, cx_now_ms(cx));
        if (answer.wait_ms > 0) {
            answer.result = ACCOUNT_LOGIN_LATER;
            *ret_answer = answer;
            return ERR_OK;
        }
        err = account_code_check(cx, accounts, &row, &found, code, &used);
        if (err == ERR_OK) {
            Entering entering = {.code = &used, .ticket = &found, .rehashed = SLICE("")};
            AccountOrigin from = *origin;
            from.strange = slice_starts(found.content, SLICE(STRANGE));
            Slice login = slice_sub(found.content, strlen(from.strange ? STRANGE : KNOWN),
                                    found.content.size);
            err = let_in(cx, accounts, &row, login, &from, &entering, &answer);
        }
    }
    // Gone, used, wrong: all the same to whoever asks.
    if (err != ERR_OK && err != ERR_MISSING && err != ERR_INPUT) return err;
    *ret_answer = answer;
    return ERR_OK;
}
