// Settings: the mail server, the SMS gateway, the robots of groups. Of the whole folder, all of
// them sealed; a secret is never shown again. What each is for: docs/operate/notify.md.
#pragma once
#include "commit/commit.h"

typedef enum NotifySettingId {
    NOTIFY_MAIL_URL,
    NOTIFY_MAIL_FROM,
    NOTIFY_MAIL_USER,
    NOTIFY_MAIL_PASSWORD,
    NOTIFY_MAIL_CA,
    NOTIFY_MAIL_INSECURE,
    NOTIFY_SMS_URL,
    NOTIFY_SMS_METHOD,
    NOTIFY_SMS_HEADERS,
    NOTIFY_SMS_BODY,
    NOTIFY_SMS_EXPECT,
    NOTIFY_SMS_CA,
    NOTIFY_WECOM_URL,
    NOTIFY_DINGTALK_URL,
    NOTIFY_DINGTALK_SECRET,
    NOTIFY_FEISHU_URL,
    NOTIFY_FEISHU_SECRET,
    NOTIFY_SETTING_COUNT
} NotifySettingId;

typedef struct NotifySettings {
    Slice values[NOTIFY_SETTING_COUNT]; // "" = not set
} NotifySettings;

const char *notify_setting_name(NotifySettingId id); // "mail.url"
bool notify_setting_of(Slice name, NotifySettingId *ret_id);
// What it holds lets someone send in our name: it is set, and never shown.
bool notify_setting_secret(NotifySettingId id);

Err notify_setting_read(Cx *cx, const Store *store, Db *db, NotifySettings *ret_settings);

typedef struct NotifySet {
    Slice name, value; // value "" = no longer set
} NotifySet;
// All or none, durable when it returns; what has failed so far is tried again at once. ERR_INPUT
// for a name that is none, a value that can't be, or values that don't go together. `note`: its
// entry in the audit log, written in the same transaction.
Err notify_setting_set(Cx *cx, Store *store, Committer *committer, const NotifySet *sets,
                       size_t count, AuditNote *note);
