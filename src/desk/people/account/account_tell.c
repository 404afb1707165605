#include "desk/people/account/account_tell.h"

#include "base/date.h"
#include "desk/people/account/account_parts.h"

// What each is called in notify_template.c, and which of its values it has.
static const struct {
    const char *template;
    bool address;
    const char *detail;    // the name of that value; NULL = none
    const char *change[2]; // what `detail` says: Chinese, English; NULL = what the caller says
} table[ACCOUNT_NEWS_COUNT] = {
    [ACCOUNT_NEWS_SIGN_IN] = {"new_sign_in", true, "device", {}},
    [ACCOUNT_NEWS_PASSWORD] = {"password_changed", true, NULL, {}},
    [ACCOUNT_NEWS_FACTOR_ON] = {"second_factor_changed", true, "change", {"已启用", "turned on"}},
    [ACCOUNT_NEWS_FACTOR_OFF] = {"second_factor_changed", true, "change", {"已停用", "turned off"}},
    [ACCOUNT_NEWS_FACTOR_RESET] = {"second_factor_changed",
                                   true,
                                   "change",
                                   {"已由管理员清除", "taken away by an administrator"}},
    [ACCOUNT_NEWS_FACTOR_CODES] = {"second_factor_changed",
                                   true,
                                   "change",
                                   {"换了新的恢复码，旧的作废",
                                    "new recovery codes, the old ones work no more"}},
    [ACCOUNT_NEWS_LOGIN] = {"contact_changed",
                            true,
                            "change",
                            {"用户名已更改", "another user name"}},
    [ACCOUNT_NEWS_MAIL_ASKED] = {"contact_changed",
                                 true,
                                 "change",
                                 {"申请换成另一个邮箱，在新邮箱里确认后生效",
                                  "another mail address, once it is confirmed there"}},
    [ACCOUNT_NEWS_MAIL] = {"contact_changed",
                           true,
                           "change",
                           {"邮箱已更改，以后的邮件不再发到这里",
                            "another mail address: no more mail will come to this one"}},
    [ACCOUNT_NEWS_PHONE] = {"contact_changed",
                            true,
                            "change",
                            {"手机号已更改", "another phone number"}},
    [ACCOUNT_NEWS_ROLES] = {"roles_changed", false, "change", {}},
    [ACCOUNT_NEWS_DELETED] = {"account_deleted", false, NULL, {}},
};

// A stranger is whoever shows what only the owner was sent.
static bool is_own(const PermissionActor *actor, const AccountRow *row)
{
    return actor->kind == PERMISSION_STRANGER ||
           (actor->kind == PERMISSION_ACCOUNT &&
            memcmp(actor->account, row->id, ACCOUNT_ID_SIZE) == 0);
}

AccountTell account_tell_make(Cx *cx, const Accounts *accounts, const AccountRow *row,
                              const PermissionActor *actor, AccountNews news, Slice detail)
{
    AccountTell tell = {.message = {.tenant = SLICE(""),
                                    .channel = "mail",
                                    .to = row->mail,
                                    .template = table[news].template,
                                    .language = row->language}};
    NotifyValue *next = tell.message.values;
    if (accounts->options.send == NULL || row->mail.size == 0 || row->mail_ms == 0) return tell;
    tell.store = accounts->store;
    Slice name = row->name.size > 0 ? row->name : row->login.size > 0 ? row->login : row->mail;
    if (table[news].change[0] != NULL)
        detail = slice_of(table[news].change[slice_equal(row->language, SLICE("en"))]);
    *next++ = (NotifyValue){"time", date_rfc3339(cx, cx_now_ms(cx))};
    // account_deleted greets nobody: there is no such account any more.
    if (news != ACCOUNT_NEWS_DELETED) *next++ = (NotifyValue){"name", name};
    if (table[news].detail != NULL && detail.size > 0)
        *next++ = (NotifyValue){table[news].detail, detail};
    if (table[news].address && is_own(actor, row) && actor->address.size > 0)
        *next++ = (NotifyValue){"address", actor->address};
    return tell;
}

Err account_tell_put(Cx *cx, Db *db, const AccountTell *tell)
{
    if (tell->store == NULL) return ERR_OK;
    // Refused before anything is written.
    Err err = notify_put(cx, tell->store, db, &tell->message, NULL);
    return err == ERR_INPUT || err == ERR_LIMIT ? ERR_OK : err;
}
