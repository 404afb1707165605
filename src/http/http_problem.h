// Problem documents (RFC 9457) in two languages: every answer that is not a success.
//
//   {"type":"/problems/<code>","title":zh,"title_en","status","code","detail":zh,"detail_en",
//    "errors":[{"field","zh","en"}]}
#pragma once
#include "model/reason.h"

#include "base/cx.h"

// P(enumerator, "code", status, title zh, title en, detail zh, detail en)
#define HTTP_PROBLEMS(P)                                                                           \
    P(BAD_REQUEST, "bad_request", 400, "请求不合规范", "Bad request", "请求的内容或格式不对。",    \
      "The request is malformed.")                                                                 \
    P(INVALID, "invalid", 400, "填写有误", "Invalid fields", "有几项填得不对，请改正后再试。",     \
      "Some fields are missing or malformed; correct them and try again.")                         \
    P(SIGN_IN, "sign_in", 401, "请先登录", "Sign in first",                                        \
      "看这些内容要先登录；程序请带上访问令牌。",                                                  \
      "This wants somebody who has signed in, or a program with a token.")                         \
    P(WRONG_LOGIN, "wrong_login", 401, "登录不成功", "Not signed in",                              \
      "用户名或密码不对，或者验证码不对、已经用过、已经过期。",                                    \
      "User name or password is wrong, or the code is wrong, was used, or is too old.")            \
    P(FACTOR_WANTED, "factor_wanted", 403, "需要第二验证方式", "Second factor wanted",             \
      "您的角色要求两步验证：请先在账号设置中启用，再重新登录。",                                  \
      "Your role wants a second factor: set one up in your account, then sign in again.")          \
    P(CONFIRM, "confirmation_wanted", 403, "请再确认一次是您本人", "Confirm that it is you",       \
      "这件事要再输入一次密码（和验证码）；确认后五分钟内不再问。",                                \
      "This wants your password (and code) once more; it then counts for five minutes.")           \
    P(NOT_CONFIRMED, "not_confirmed", 403, "邮箱或手机还没有确认", "Not confirmed yet",            \
      "请先按收到的消息确认邮箱或手机。",                                                          \
      "Please confirm your mail address or phone by the message that you were sent.")              \
    P(DISABLED, "account_disabled", 403, "账号已停用", "Account disabled",                         \
      "账号已被管理员停用，请联系管理员。", "An administrator has disabled this account.")         \
    P(FORBIDDEN, "forbidden", 403, "没有权限", "Forbidden", "您没有权限做这件事。",                \
      "You may not do this.")                                                                      \
    P(KEPT_OUT, "kept_out", 403, "这个地址不让进", "Kept out", "管理员没有放行您所在的网络地址。", \
      "An administrator keeps the address that you come from out.")                                \
    P(WRONG_HOST, "wrong_host", 403, "地址不对", "Wrong host",                                     \
      "这个服务不叫这个名字；请用 localhost 打开，或请管理员用 --host 登记这个名字。",             \
      "This server goes by another name; open it as localhost, or have the name added by --host.") \
    P(CROSS_ORIGIN, "cross_origin", 403, "请求来自别的网站", "Cross-origin request",               \
      "别的网站不能替您提交。", "Another site may not submit on your behalf.")                     \
    P(NOT_FOUND, "not_found", 404, "没有找到", "Not found", "没有这个地址或这条记录。",            \
      "There is no such address or record.")                                                       \
    P(METHOD, "method_not_allowed", 405, "不支持这种操作", "Method not allowed",                   \
      "这个地址不支持这种操作。", "This address does not know that method.")                       \
    P(SLOW, "request_timeout", 408, "请求没有发完", "Request timeout",                             \
      "请求迟迟没有发完，连接已关闭。", "The request did not arrive in time.")                     \
    P(CONFLICT, "conflict", 409, "与现有记录冲突", "Conflict", "与现有的记录冲突，没有改动。",     \
      "This conflicts with what is there; nothing was changed.")                                   \
    P(KEY_REUSED, "idempotency_key_reused", 409, "幂等键已用于别的文件",                           \
      "Idempotency key used for other bytes", "同一个幂等键已经用于另一份内容，请换一个。",        \
      "This idempotency key was used for other bytes; use a new one.")                             \
    P(OFFSET, "upload_offset", 409, "上传位置不对", "Wrong upload offset",                         \
      "上传位置与服务器上的不一致；请用 HEAD 查询后从那里继续。",                                  \
      "The offset is not where the upload stands; ask with HEAD and go on from there.")            \
    P(TUS_VERSION, "tus_version", 412, "上传协议版本不支持", "Unsupported tus version",            \
      "只支持 tus 1.0.0。", "Only tus 1.0.0 is supported.")                                        \
    P(TOO_LARGE, "too_large", 413, "内容过大", "Content too large",                                \
      "一次请求最多 8 MiB，一份文件最多 64 MiB；大文件请分块续传，每块最多 4 MiB。",               \
      "A request is at most 8 MiB, a document at most 64 MiB; send larger ones in chunks of at "   \
      "most 4 MiB.")                                                                               \
    P(MEDIA_TYPE, "unsupported_media_type", 415, "内容类型不对", "Unsupported media type",         \
      "请求的内容类型不对。", "The request's content type is not what this address takes.")        \
    P(EXPECTATION, "expectation_failed", 417, "无法满足 Expect", "Expectation failed",             \
      "只支持 Expect: 100-continue。", "Only Expect: 100-continue is supported.")                  \
    P(EMPTY, "empty", 422, "空文件", "Empty file", "文件是空的，没有保存。",                       \
      "The file is empty; nothing was kept.")                                                      \
    P(TOO_MANY_TRIES, "too_many_tries", 429, "查验次数已满", "Too many tries",                     \
      "同一张发票每天最多查验五次，请明天再来。",                                                  \
      "An invoice may be verified five times a day; please come back tomorrow.")                   \
    P(RATE, "too_many_requests", 429, "请求太多", "Too many requests",                             \
      "来自您这里的请求太多，请稍候再试。",                                                        \
      "Too many requests come from where you are; try again in a while.")                          \
    P(WORK, "challenge_wanted", 429, "有人在猜这个账号的密码",                                     \
      "Somebody is guessing at this account",                                                      \
      "这个账号现在有很多次登录失败。请完成一次计算验证后再登录，或稍候再试。",                    \
      "Many sign-ins for this account have failed. Show a solved challenge, or wait a while.")     \
    P(ROBOT, "challenge_wanted", 429, "请先完成计算验证", "A solved challenge is wanted",          \
      "注册前请完成一次计算验证（网页会自动完成）。",                                              \
      "Registering wants a solved challenge (the page solves it by itself).")                      \
    P(INTERNAL, "internal", 500, "内部错误", "Internal error",                                     \
      "服务器自己的数据没有通过检查，已记入日志。",                                                \
      "The server's own data failed a check; it was logged.")                                      \
    P(UNKNOWN_METHOD, "not_implemented", 501, "未知的请求方法", "Unknown method",                  \
      "服务器不认识这种请求方法。", "The server does not know that method.")                       \
    P(BUSY, "busy", 503, "服务器忙", "Busy", "现在请求太多，请稍候再试。",                         \
      "Too much is going on; try again in a moment.")                                              \
    P(HALTED, "halted", 503, "暂时只读", "Read-only", "账本的核对没有通过，暂时只读。",            \
      "The log has failed a check: it can be read, and nothing is written.")                       \
    P(STORE, "store_failed", 503, "暂时无法保存或读取", "Storage failed",                          \
      "磁盘或数据库暂时出错，结果未知；请用同一个幂等键再试。",                                    \
      "Disk or database failed and the outcome is unknown; retry with the same key.")              \
    P(UNWRITABLE, "disk_unwritable", 503, "磁盘不能写入", "Disk can't be written",                 \
      "磁盘只读、没挂载或不让写：现在不能保存，已收下的都在；请管理员恢复后重试。",                \
      "The data folder's disk is read-only, not mounted or closed to the server: nothing can be "  \
      "kept now, and what was kept is still there. Have it mended, then try again.")               \
    P(NOT_SEALED, "not_sealed", 503, "检查点还没有盖到这一条", "No checkpoint covers it yet",      \
      "账本约每秒签一个检查点；请稍候再取，或带上 wait=proof 等它。",                              \
      "The ledger signs a checkpoint about once a second; ask again, or wait with wait=proof.")    \
    P(NO_ROOM, "no_room", 507, "磁盘已满", "No room", "磁盘没有空间了，文件没有保存。",            \
      "The disk is full; the file was not kept.")

#define HTTP_PROBLEM_ENUM(name, ...) HTTP_PROBLEM_##name,
typedef enum HttpProblem { HTTP_PROBLEMS(HTTP_PROBLEM_ENUM) HTTP_PROBLEM_COUNT } HttpProblem;

typedef struct HttpProblemRow {
    const char *code;
    int status;
    const char *zh, *en, *detail_zh, *detail_en;
} HttpProblemRow;

const HttpProblemRow *http_problem_row(HttpProblem problem);
// What a kind of Err becomes: one HTTP status each.
HttpProblem http_problem_of(Err err);
// `why`: English, ours, never with secrets; "field: what is wrong" fills `errors`. May be "".
Slice http_problem_print(Cx *cx, HttpProblem problem, Slice why);
// The same in Chinese; "" for what nobody has said in Chinese yet.
Slice http_problem_chinese(Slice why);
// The row of that status, for answers that the server gives by itself.
Slice http_problem_of_status(Cx *cx, int status);
