#include "desk/people/notify/notify_template.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

// {name} stands for a value. A line with a value in it that was not given is left out; those that
// `needs` lists must be given. Plain text alone: nothing in it is ever markup.
typedef struct Template {
    const char *name;
    const char *needs;                // names with blanks between them
    const char *subject[2], *text[2]; // Chinese, English
} Template;

#define HELLO_ZH   "{name}，您好：\n"
#define HELLO_EN   "Hello {name},\n"
#define ADDRESS_ZH "来源地址：{address}\n"
#define ADDRESS_EN "From the address: {address}\n"
#define NOT_YOU_ZH "如果不是您本人所为，请立即修改密码，并联系管理员。\n"
#define NOT_YOU_EN                                                                                 \
    "If that was not you, change your password at once and tell your administrator.\n"
#define IGNORE_ZH "如果不是您本人操作，不用理会这封邮件，也不要把验证码告诉任何人。\n"
#define IGNORE_EN "If that was not you, ignore this message, and give the code to nobody.\n"

static const Template table[] = {
    {"confirm_mail",
     "code minutes",
     {"确认您的邮箱", "Confirm your mail address"},
     {HELLO_ZH "验证码：{code}\n{minutes} 分钟内有效。\n也可以打开：{link}\n\n" IGNORE_ZH, HELLO_EN
      "Your code: {code}\nIt is good for {minutes} minutes.\nOr open: {link}\n\n" IGNORE_EN}},
    {"confirm_phone",
     "code minutes",
     {"确认您的手机号", "Confirm your phone number"},
     {"发票平台验证码 {code}，{minutes} 分钟内有效，用于确认手机号。请勿告诉他人。",
      "Your fapiao code is {code}, good for {minutes} minutes, to confirm this number. Give it to "
      "nobody."}},
    {"reset_password",
     "code minutes",
     {"重设密码", "Set a new password"},
     {HELLO_ZH "有人要为您的账号重设密码。\n验证码：{code}\n{minutes} 分钟内有效。\n"
               "也可以打开：{link}\n" ADDRESS_ZH "\n" IGNORE_ZH,
      HELLO_EN "Somebody asks to set a new password for your account.\nYour code: {code}\n"
               "It is good for {minutes} minutes.\nOr open: {link}\n" ADDRESS_EN "\n" IGNORE_EN}},
    {"reset_password_sms",
     "code minutes",
     {"重设密码", "Set a new password"},
     {"发票平台验证码 {code}，{minutes} 分钟内有效，用于重设密码。请勿告诉他人。",
      "Your fapiao code is {code}, good for {minutes} minutes, to set a new password. Give it to "
      "nobody."}},
    {"invitation",
     "organisation link days",
     {"邀请您加入：{organisation}", "You are invited: {organisation}"},
     {HELLO_ZH "{inviter} 邀请您。\n单位：{organisation}\n打开这个地址接受邀请：\n{link}\n"
               "{days} 天内有效。不认识对方的话，不用理会。\n",
      HELLO_EN "{inviter} invites you.\nOrganisation: {organisation}\nTo accept, open:\n{link}\n"
               "It is good for {days} days. If you know nobody there, ignore this message.\n"}},
    {"new_sign_in",
     "time",
     {"您的账号在新的设备上登录", "Your account was used on a new device"},
     {HELLO_ZH "时间：{time}\n设备：{device}\n" ADDRESS_ZH "\n" NOT_YOU_ZH,
      HELLO_EN "When: {time}\nDevice: {device}\n" ADDRESS_EN "\n" NOT_YOU_EN}},
    {"second_factor_changed",
     "time",
     {"您的第二验证方式有变动", "Your second factor was changed"},
     {HELLO_ZH "时间：{time}\n变动：{change}\n" ADDRESS_ZH "\n" NOT_YOU_ZH,
      HELLO_EN "When: {time}\nWhat: {change}\n" ADDRESS_EN "\n" NOT_YOU_EN}},
    {"contact_changed",
     "time",
     {"您的登录名或联系方式有变动", "How you sign in or are reached was changed"},
     {HELLO_ZH "时间：{time}\n变动：{change}\n" ADDRESS_ZH "\n" NOT_YOU_ZH,
      HELLO_EN "When: {time}\nWhat: {change}\n" ADDRESS_EN "\n" NOT_YOU_EN}},
    {"roles_changed",
     "time",
     {"平台角色有变动", "Roles of the platform were changed"},
     {HELLO_ZH
      "时间：{time}\n变动：{change}\n\n如果您不知道这件事，请告诉其他管理员，并查看审计日志。\n",
      HELLO_EN "When: {time}\nWhat: {change}\n\nIf you know nothing of it, tell the other "
               "administrators, and see the audit log.\n"}},
    {"password_changed",
     "time",
     {"您的密码已修改", "Your password was changed"},
     {HELLO_ZH "时间：{time}\n" ADDRESS_ZH "\n" NOT_YOU_ZH,
      HELLO_EN "When: {time}\n" ADDRESS_EN "\n" NOT_YOU_EN}},
    {"guessing_alert",
     "time count",
     {"有人在试密码", "Somebody is guessing a password"},
     {"账号：{account}\n失败次数：{count}\n时间：{time}\n" ADDRESS_ZH
      "已按规则限制再试。请确认是不是本人忘记了密码。\n",
      "Account: {account}\nFailures: {count}\nWhen: {time}\n" ADDRESS_EN
      "Further tries are held back. Please find out whether its owner has forgotten it.\n"}},
    {"account_deleted",
     "time",
     {"您的账号已注销", "Your account was deleted"},
     {HELLO_ZH "时间：{time}\n账号和个人资料已按规定删除；依法须保存的发票记录仍由单位保存。\n",
      HELLO_EN "When: {time}\nThe account and what belonged to it are gone; records of invoices "
               "that the law wants kept stay with the organisation.\n"}},
    {"account_known",
     "name",
     {"您的邮箱已经注册过", "Your mail address has an account already"},
     {HELLO_ZH "有人用这个邮箱注册账号，而它已经注册过了。\n"
               "如果是您本人，请直接登录；忘了密码，可以在登录页重设。\n" IGNORE_ZH,
      HELLO_EN "Somebody wanted to register with this address; it has an account already.\n"
               "If that was you, sign in; a forgotten password can be set anew.\n" IGNORE_EN}},
    {"test",
     "time",
     {"测试消息", "A test message"},
     {"这是发票平台的测试消息，{time} 发出。收到即说明通知可以送达。",
      "This is a test message of fapiao, made at {time}. That it is here says that notifying "
      "works."}},
};
#define COUNT (sizeof table / sizeof table[0])

const char *notify_template_name(size_t index)
{
    return index < COUNT ? table[index].name : NULL;
}

const char *notify_template_needs(size_t index)
{
    return index < COUNT ? table[index].needs : NULL;
}

const char *notify_template_language(Slice wanted)
{
    return slice_equal(wanted, SLICE("en")) ? "en" : "zh";
}

static const NotifyValue *value_of(const NotifyMessage *message, Slice name)
{
    for (size_t i = 0; i < NOTIFY_VALUES_MAX && message->values[i].name != NULL; i++)
        if (slice_equal(name, slice_of(message->values[i].name))) return &message->values[i];
    return NULL;
}

// What stands between the first pair of braces in `text`; false when there is none. The two ends
// are what stands before and after it.
static bool brace(Slice text, Slice *ret_before, Slice *ret_name, Slice *ret_after)
{
    size_t open = slice_find(text, SLICE("{")), close = slice_find(text, SLICE("}"));
    if (open == SLICE_NONE || close == SLICE_NONE) return false;
    *ret_before = slice_sub(text, 0, open);
    *ret_name = slice_sub(text, open + 1, close - open - 1);
    *ret_after = slice_sub(text, close + 1, text.size);
    return true;
}

// A value is one line of text, whatever it was: what a person chose as a name ends up in it.
static void add_value(Text *out, Slice value)
{
    for (size_t i = 0; i < value.size;) {
        uint32_t point = 0;
        size_t size = utf8_head(slice_sub(value, i, value.size), &point);
        // U+2028 and U+2029 end lines, U+0080 to U+009F are controls.
        bool plain = size > 0 && point >= ' ' && !(point >= 0x7F && point <= 0x9F) &&
                     point != 0x2028 && point != 0x2029;
        if (plain)
            text_add(out, slice_sub(value, i, size));
        else
            text_byte(out, ' ');
        i += size > 0 ? size : 1;
    }
}

static bool line_is_whole(const NotifyMessage *message, Slice line)
{
    Slice before, name, after = line;
    while (brace(after, &before, &name, &after))
        if (value_of(message, name) == NULL) return false;
    return true;
}

static void add_line(Text *out, const NotifyMessage *message, Slice line)
{
    Slice before, name, after = line;
    while (brace(after, &before, &name, &after)) {
        text_add(out, before);
        add_value(out, value_of(message, name)->value);
    }
    text_add(out, after);
}

static Err print(Cx *cx, const NotifyMessage *message, const char *text, Slice *ret_text)
{
    Text out = text_open(cx, LIMIT_NOTIFY_BODY);
    Slice rest = slice_of(text), line;
    bool done = false, first = true;
    while (slice_cut(&rest, '\n', &done, &line)) {
        if (!line_is_whole(message, line)) continue;
        if (!first) text_byte(&out, '\n');
        first = false;
        add_line(&out, message, line);
    }
    return text_done(cx, &out, ret_text);
}

static bool knows(const Template *row, const char *name)
{
    char braced[64];
    (void)snprintf(braced, sizeof braced, "{%s}", name);
    for (int i = 0; i < 2; i++)
        if (strstr(row->subject[i], braced) != NULL || strstr(row->text[i], braced) != NULL)
            return true;
    return false;
}

static Err check_values(Cx *cx, const Template *row, const NotifyMessage *message)
{
    for (size_t i = 0; i < NOTIFY_VALUES_MAX && message->values[i].name != NULL; i++) {
        if (!knows(row, message->values[i].name))
            return err_set(cx, ERR_INPUT, "template %s knows no value '%s'", row->name,
                           message->values[i].name);
        if (message->values[i].value.size > LIMIT_NOTIFY_VALUE)
            return err_set(cx, ERR_LIMIT, "the value '%s' is over %zu bytes",
                           message->values[i].name, LIMIT_NOTIFY_VALUE);
    }
    Slice rest = slice_of(row->needs), name;
    bool done = false;
    while (slice_cut(&rest, ' ', &done, &name))
        if (value_of(message, name) == NULL)
            return err_set(cx, ERR_INPUT, "template %s needs the value '" SLICE_FMT "'", row->name,
                           SLICE_ARG(name));
    return ERR_OK;
}

Err notify_template_print(Cx *cx, const NotifyMessage *message, Slice *ret_subject, Slice *ret_text)
{
    const Template *row = NULL;
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(table[i].name, message->template) == 0) row = &table[i];
    if (row == NULL) return err_set(cx, ERR_INPUT, "there is no template '%s'", message->template);
    TRY(check_values(cx, row, message));
    int language = strcmp(notify_template_language(message->language), "en") == 0;
    TRY(print(cx, message, row->subject[language], ret_subject));
    return print(cx, message, row->text[language], ret_text);
}
