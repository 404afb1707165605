// Robots of groups in 企业微信 (WeCom), 钉钉 (DingTalk) and 飞书 (Feishu): plain text to a webhook.
//
//   wecom     {"msgtype":"text","text":{"content":…}}            answer errcode 0; no signature
//   dingtalk  the same, its address signed: &timestamp=ms&sign=…  answer errcode 0
//             sign = base64(HMAC-SHA-256(key secret, "ms LF secret")), percent-encoded
//   feishu    {"timestamp":"s","sign":…,"msg_type":"text","content":{"text":…}}  answer code 0
//             sign = base64(HMAC-SHA-256(key "s LF secret", "")); beware: the text is the key
//
// Sources: developer.work.weixin.qq.com/document/path/91770; open.dingtalk.com,
// "自定义机器人安全设置"; open.feishu.cn, "自定义机器人使用指南". Both signatures are good for an
// hour.
#pragma once
#include "desk/people/notify/notify_channels.h"

NotifySender notify_robot_wecom;
NotifySender notify_robot_dingtalk;
NotifySender notify_robot_feishu;

// In base64.
Slice notify_robot_sign_dingtalk(Cx *cx, uint64_t ms, Slice secret);
Slice notify_robot_sign_feishu(Cx *cx, uint64_t seconds, Slice secret);
