#include "desk/people/account/account_guess.h"

#include "base/date.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/notify/notify.h"

typedef struct Alert {
    const Accounts *accounts;
    const PermissionActor *actor;
    Slice login, tries, time;
    AccountRow people[LIMIT_GUESS_TOLD];
    size_t count;
} Alert;

static Err put(Cx *cx, Db *db, void *self)
{
    const Alert *alert = self;
    for (size_t i = 0; i < alert->count; i++) {
        const NotifyMessage message = {.tenant = SLICE(""),
                                       .channel = "mail",
                                       .to = alert->people[i].mail,
                                       .template = "guessing_alert",
                                       .language = alert->people[i].language,
                                       .values = {{"account", alert->login},
                                                  {"count", alert->tries},
                                                  {"time", alert->time},
                                                  {"address", alert->actor->address}}};
        TRY(notify_put(cx, alert->accounts->store, db, &message, NULL));
    }
    return ERR_OK;
}

static void add(Alert *alert, const AccountRow *row)
{
    if (row->state != ACCOUNT_ACTIVE || row->mail.size == 0 || row->mail_ms == 0) return;
    for (size_t i = 0; i < alert->count; i++)
        if (memcmp(alert->people[i].id, row->id, sizeof row->id) == 0) return;
    if (alert->count < LIMIT_GUESS_TOLD) alert->people[alert->count++] = *row;
}

static Err find_owner(Cx *cx, Accounts *accounts, Db *db, Alert *alert)
{
    AccountNameKind kind;
    AccountRow row = {};
    Slice name;
    Err err = account_name_parse(cx, alert->login, &kind, &name);
    if (err == ERR_OK) err = account_row_find(cx, accounts->store, db, kind, name, &row);
    if (err == ERR_OK) add(alert, &row);
    return err == ERR_INPUT || err == ERR_MISSING ? ERR_OK : err;
}

static Err find_keepers(Cx *cx, Accounts *accounts, Db *db, Alert *alert)
{
    Slice ids[LIMIT_GUESS_TOLD];
    size_t count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT account FROM member WHERE tenant = '' AND roles & $1 <> 0 "
                 "ORDER BY account",
                 DB_VALUES(db_int(ROLE_BIT(ROLE_SECURITY_ADMIN))), &rows));
    for (bool row = true; count < LIMIT_GUESS_TOLD; count++) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(cx_copy(cx, db_col_blob(rows, 0), &ids[count]));
    }
    for (size_t i = 0; i < count; i++) {
        AccountRow keeper = {};
        Err err = account_row_get(cx, accounts->store, db, ids[i], &keeper);
        if (err == ERR_OK) add(alert, &keeper);
        if (err != ERR_OK && err != ERR_MISSING) return err;
    }
    return ERR_OK;
}

Err account_guess_alert(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice login,
                        int tries)
{
    Alert *alert = arena_alloc(&cx->arena, sizeof *alert);
    *alert = (Alert){.accounts = accounts,
                     .actor = actor,
                     .login = slice_sub(login, 0, LIMIT_GUESS_NAME),
                     .tries = cx_printf(cx, "%d", tries),
                     .time = date_rfc3339(cx, cx_now_ms(cx))};
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    TRY(find_owner(cx, accounts, reader.db, alert));
    if (accounts->options.send != NULL) TRY(find_keepers(cx, accounts, reader.db, alert));
    if (accounts->options.send == NULL) alert->count = 0;
    // What was typed may be somebody's name, or a password in the wrong field: neither is kept.
    const AccountNote note = {
        .actor = actor,
        .act = "session.guessing",
        .kind = "account",
        .object = SLICE("unknown"),
        .after = cx_printf(cx, "{\"told\":\"%zu\",\"tries\":\"%d\"}", alert->count, tries)};
    return account_write(cx, accounts, put, alert, &note);
}
