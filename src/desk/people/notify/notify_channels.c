#include "desk/people/notify/notify_channels.h"

#include "desk/people/notify/notify_address.h"
#include "desk/people/notify/notify_mail.h"
#include "desk/people/notify/notify_robot.h"
#include "desk/people/notify/notify_sms.h"

static const NotifyChannel table[] = {
    {"mail",
     notify_address_mail,
     notify_mail_send,
     {NOTIFY_MAIL_URL, NOTIFY_MAIL_FROM},
     "没有配置邮件服务器",
     "no mail server configured"},
    {"sms",
     notify_address_phone,
     notify_sms_send,
     {NOTIFY_SMS_URL, NOTIFY_SMS_URL},
     "没有配置短信网关",
     "no SMS gateway configured"},
    {"wecom",
     notify_address_label,
     notify_robot_wecom,
     {NOTIFY_WECOM_URL, NOTIFY_WECOM_URL},
     "没有配置企业微信机器人",
     "no WeCom robot configured"},
    {"dingtalk",
     notify_address_label,
     notify_robot_dingtalk,
     {NOTIFY_DINGTALK_URL, NOTIFY_DINGTALK_URL},
     "没有配置钉钉机器人",
     "no DingTalk robot configured"},
    {"feishu",
     notify_address_label,
     notify_robot_feishu,
     {NOTIFY_FEISHU_URL, NOTIFY_FEISHU_URL},
     "没有配置飞书机器人",
     "no Feishu robot configured"},
};

const NotifyChannel *notify_channels_all(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof table[0];
    return table;
}

const NotifyChannel *notify_channels_find(Slice name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (slice_equal(name, slice_of(table[i].name))) return &table[i];
    return NULL;
}

bool notify_channels_ready(const NotifyChannel *channel, const NotifySettings *settings)
{
    for (size_t i = 0; i < NOTIFY_CHANNEL_NEEDS; i++)
        if (settings->values[channel->needs[i]].size == 0) return false;
    return true;
}
