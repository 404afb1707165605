#include "desk/people/notify/notify_robot.h"

#include <inttypes.h>

#include "base/base64.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "desk/people/notify/notify_web.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define TEXT_BYTES 2'048 // WeCom takes no more in one message; the others take more

Slice notify_robot_sign_dingtalk(Cx *cx, uint64_t ms, Slice secret)
{
    Slice text = cx_printf(cx, "%" PRIu64 "\n" SLICE_FMT, ms, SLICE_ARG(secret));
    Digest digest = digest_hmac_sha256(secret, text);
    return base64_encode(cx, digest_slice(&digest));
}

Slice notify_robot_sign_feishu(Cx *cx, uint64_t seconds, Slice secret)
{
    Slice key = cx_printf(cx, "%" PRIu64 "\n" SLICE_FMT, seconds, SLICE_ARG(secret));
    Digest digest = digest_hmac_sha256(key, SLICE(""));
    return base64_encode(cx, digest_slice(&digest));
}

// Subject and text as one, cut between characters where it must be.
static Slice content_of(Cx *cx, const NotifyDue *message)
{
    Slice whole = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(message->subject),
                            SLICE_ARG(message->text));
    if (whole.size <= TEXT_BYTES) return whole;
    whole.size = TEXT_BYTES - 3;
    while (whole.size > 0 && ((uint8_t)whole.data[whole.size] & 0xC0) == 0x80)
        whole.size--;
    return cx_printf(cx, SLICE_FMT "…", SLICE_ARG(whole));
}

// "msgtype" and "text", or "msg_type" and "content", as each of them calls it.
static void add_text(JsonOut *out, const char *kind, const char *object, const char *member,
                     Slice content)
{
    json_out_pair(out, kind, SLICE("text"));
    json_out_key(out, slice_of(object));
    json_out_object(out);
    json_out_pair(out, member, content);
    json_out_end_object(out);
}

// All three answer 200 to nearly everything and say in the body whether they took it.
static Err ask(Cx *cx, const NotifySend *send, Slice url, Slice body, const char *code_name,
               const char *text_name)
{
    static const char *const headers[] = {"Content-Type: application/json; charset=utf-8", NULL};
    const FetchRequest request = {
        .method = "POST", .url = url, .headers = headers, .body = body, .stop = send->stop};
    Slice answer;
    int64_t code = -1;
    JsonIn *in = NULL;
    TRY(notify_web_ask(cx, &request, &answer));
    if (json_in_open(cx, answer, &in) != ERR_OK)
        return err_set(cx, ERR_STORE, "the robot's answer is no JSON");
    bool said = json_in_int(json_in_get(json_in_root(in), code_name), &code);
    Slice text = json_in_string(json_in_get(json_in_root(in), text_name));
    json_in_close(in);
    if (said && code == 0) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "the robot refuses it: %" PRId64 " " SLICE_FMT, code,
                   SLICE_ARG(slice_sub(text, 0, 200)));
}

Err notify_robot_wecom(Cx *cx, const NotifySend *send)
{
    JsonOut out = json_out_open(cx, LIMIT_NOTIFY_BODY * 8);
    Slice body;
    json_out_object(&out);
    add_text(&out, "msgtype", "text", "content", content_of(cx, send->message));
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    return ask(cx, send, send->settings->values[NOTIFY_WECOM_URL], body, "errcode", "errmsg");
}

Err notify_robot_dingtalk(Cx *cx, const NotifySend *send)
{
    Slice url = send->settings->values[NOTIFY_DINGTALK_URL], body;
    Slice secret = send->settings->values[NOTIFY_DINGTALK_SECRET];
    if (secret.size > 0) {
        uint64_t ms = cx_now_ms(cx);
        Text signed_url = text_open(cx, LIMIT_NOTIFY_SETTING + 256);
        text_add(&signed_url, url);
        text_printf(&signed_url, "%ctimestamp=%" PRIu64 "&sign=",
                    slice_find(url, SLICE("?")) == SLICE_NONE ? '?' : '&', ms);
        notify_web_percent(&signed_url, notify_robot_sign_dingtalk(cx, ms, secret));
        TRY(text_done(cx, &signed_url, &url));
    }
    JsonOut out = json_out_open(cx, LIMIT_NOTIFY_BODY * 8);
    json_out_object(&out);
    add_text(&out, "msgtype", "text", "content", content_of(cx, send->message));
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    return ask(cx, send, url, body, "errcode", "errmsg");
}

Err notify_robot_feishu(Cx *cx, const NotifySend *send)
{
    Slice secret = send->settings->values[NOTIFY_FEISHU_SECRET], body;
    JsonOut out = json_out_open(cx, LIMIT_NOTIFY_BODY * 8);
    json_out_object(&out);
    if (secret.size > 0) {
        uint64_t seconds = cx_now_ms(cx) / 1000;
        json_out_pair(&out, "timestamp", cx_printf(cx, "%" PRIu64, seconds));
        json_out_pair(&out, "sign", notify_robot_sign_feishu(cx, seconds, secret));
    }
    add_text(&out, "msg_type", "content", "text", content_of(cx, send->message));
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    return ask(cx, send, send->settings->values[NOTIFY_FEISHU_URL], body, "code", "msg");
}
