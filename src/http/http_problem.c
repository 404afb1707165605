#include "http/http_problem.h"

#include <assert.h>

#include "base/limits.h"
#include "format/json/json_out.h"

#define HTTP_PROBLEM_ROW(name, code, status, zh, en, detail_zh, detail_en)                         \
    [HTTP_PROBLEM_##name] = {code, status, zh, en, detail_zh, detail_en},
static const HttpProblemRow rows[HTTP_PROBLEM_COUNT] = {HTTP_PROBLEMS(HTTP_PROBLEM_ROW)};

// What desks say, of a field or of the whole, in Chinese. Of a field what is not here gets the last
// row's.
static const struct {
    const char *en, *zh;
} sentences[] = {
    {"is required for this kind of invoice", "这种发票必须填这一项"},
    {"is required", "缺少这一项"},
    {"is no date", "不是日期，请写成 2026-11-21"},
    {"is no amount", "不是金额，请写成 123.45"},
    {"is too long", "太长了"},
    {"is too short, it needs", "太短了"},
    {"is too short", "太短了"},
    {"is taken", "已经有人用了"},
    {"is wrong", "不对"},
    {"is the old one", "不能和原来的一样"},
    {"is a name of the account", "不能和用户名、邮箱、手机或姓名一样"},
    {"is in the list of breached passwords", "这个密码已经泄露过，请换一个"},
    {"needs three of capitals", "大写字母、小写字母、数字、符号中至少要有三种"},
    {"has characters that no keyboard types", "含有键盘打不出的字符"},
    {"has characters that no name has", "含有姓名中不会有的字符"},
    {"is no user name", "用户名只能用文字、数字和中间的 . _ -，不能全是数字"},
    {"is no mail address", "不是邮箱地址"},
    {"is no phone number", "不是手机号；国外号码请以 + 开头"},
    {"is no text", "应当是文字"},
    {"is no number", "应当是数字"},
    {"is one a request", "一次请求只能交一份文件，其余的请各发一次请求；没有保存任何一份"},
    {"is 'outcome' or 'proof'", "只能是 outcome 或 proof"},
    {"is 1 to 200", "应当在 1 到 200 之间"},
    {"is 'proof', 'public' or 'promise'", "只能是 proof、public 或 promise"},
    {"is not known here", "这里没有这一项"},
    {"there is a member that is not known here", "请求里有一项是这里没有的"},
    {"multipart/form-data is expected", "请用 multipart/form-data 上传文件"},
    {"the form is not well-formed", "上传的表单不完整或格式不对（multipart/form-data）"},
    {"not JSON", "请求内容不是 JSON"},
    {"it is no object", "请求内容应当是一个 JSON 对象"},
    {"the request is too long", "请求内容太长了"},
    {"has invoices or members and no other administrator",
     "单位还有发票或成员，而没有别的管理员；请先指定一位"},
    {"nobody else holds system_admin", "没有别的系统管理员；请先让另一人担任"},
    {"nobody else holds security_admin", "没有别的安全管理员；请先让另一人担任"},
    {"nobody else holds audit_admin", "没有别的审计管理员；请先让另一人担任"},
    {"the administrators of system, security and audit", "系统、安全、审计管理员由三个人分任"},
    {"an administrator of the platform is no tax officer", "平台管理员不能兼任税务管理人员"},
    {"an administrator of the platform has no role in an", "平台管理员不能在单位里任职"},
    {"nobody would be left to administer it", "没有别的企业管理员；请先指定一位"},
    {"the account registered itself", "账号是自行注册的；管理员的角色只能给系统管理员建的账号"},
    {"is not the one that was invited", "邀请发到的是另一个邮箱"},
    {"is added afterwards", "请登录后再填"},
    {"there is none; sign in again instead", "账号没有密码；请重新登录一次"},
    {"there is no such kind", "没有这个发票种类"},
    {"there is no such state", "没有这个状态"},
    {"there is no such order", "没有这种排序"},
    {"its last six characters are asked for", "请填校验码的后六位"},
    {"has characters that no invoice has", "含有发票上不会有的字符"},
    {"is none of ours", "不是本系统给出的翻页位置"},
    {"is no base64", "不是 Base64"},
    {"is not a date", "不是日期，请写成 2026-11-21"},
    {"is 'received', 'outcome' or", "只能是 received、outcome 或 outcome:1 到 outcome:256"},
    {"the file's name or the key is too long", "文件名或幂等键太长了"},
    {"bytes are sent with PATCH", "文件内容请用 PATCH 发送"},
    {"more than the", "发来的比事先说明的长度（Upload-Length）多"},
    {"application/offset+octet-stream is expected",
     "请求的内容类型应当是 application/offset+octet-stream"},
    {"can't be searched for", "不能用它来查找：太长，或含有不可见的字符"},
    {"can't be that", "不能填成这样"},
    {"your own address would be kept out", "这样会把您自己的地址挡在外面，没有改动"},
    {"there is a rule for", "这一段地址已经有规则了"},
    {"is no address and no block", "不是地址段，请写成 203.0.113.0/24"},
    {"does not begin with a slash", "要写服务器上的完整路径，以 / 开头"},
    {"is no parameter here", "这里没有这个参数"},
    {"is neither yes nor no", "只能是 yes 或 no"},
    {"that is no https address", "不是 https 地址"},
    {"an address that is not on this machine must be https", "不在本机的地址必须是 https"},
    {"is asked for already", "已经有人申请了，正在等决定"},
    {"was erased", "它的内容已经永久删除"},
    {"is still being read", "它还在识别，请稍后再申请"},
    {"it came more than", "收到已超过 30 天，不能再算误传"},
    {"an accepted invoice is kept until", "已入账的发票还在法定保管期内，不能按这个原因删除"},
    {"there is no document", "没有这个编号的文件"},
    {"who asked can't decide", "申请人不能自己同意，要由另一个人决定"},
    {"nobody has asked for that", "没有这份申请"},
    {"too many uploads are under way", "同时进行的分块上传太多，请稍后再试"},
    {"somebody else has decided it", "已经由别人决定了"},
    {"mail.insecure is for a mail server on this machine", "只有邮件服务器在本机时才能不用 TLS"},
    {"mail.password is set, mail.user is not", "填了密码，却没有填登录名"},
    {"", "填得不对"},
};

const HttpProblemRow *http_problem_row(HttpProblem problem)
{
    assert(problem < HTTP_PROBLEM_COUNT);
    return &rows[problem];
}

HttpProblem http_problem_of(Err err)
{
    switch (err) {
    case ERR_INPUT:
        return HTTP_PROBLEM_INVALID;
    case ERR_LIMIT:
        return HTTP_PROBLEM_TOO_LARGE;
    case ERR_MISSING:
        return HTTP_PROBLEM_NOT_FOUND;
    case ERR_CONFLICT:
        return HTTP_PROBLEM_CONFLICT;
    case ERR_DENIED:
        return HTTP_PROBLEM_FORBIDDEN;
    case ERR_STORE:
        return HTTP_PROBLEM_STORE;
    case ERR_OK:
    case ERR_CORRUPT:
        break;
    }
    return HTTP_PROBLEM_INTERNAL;
}

// "date_from: is no date" -> the field and what is wrong with it.
static bool field_of(Slice why, Slice *ret_field, Slice *ret_what)
{
    size_t colon = slice_find(why, SLICE(": "));
    if (colon == SLICE_NONE || colon == 0) return false;
    for (size_t i = 0; i < colon; i++) {
        char c = why.data[i];
        if (!(c >= 'a' && c <= 'z') && c != '_' && c != '.') return false;
    }
    *ret_field = slice_sub(why, 0, colon);
    *ret_what = slice_sub(why, colon + 2, why.size);
    return true;
}

// "" for what nobody has said in Chinese yet. A value that comes first is passed over: 'x' is
// taken.
static Slice sentence_of(Slice what)
{
    size_t end = slice_starts(what, SLICE("'")) ? slice_find(what, SLICE("' ")) : SLICE_NONE;
    if (end != SLICE_NONE) what = slice_sub(what, end + 2, what.size);
    for (size_t i = 0; sentences[i].en[0] != '\0'; i++)
        if (slice_starts(what, slice_of(sentences[i].en))) return slice_of(sentences[i].zh);
    return SLICE("");
}

static Slice in_chinese(Slice what)
{
    Slice sentence = sentence_of(what);
    return sentence.size > 0 ? sentence
                             : slice_of(sentences[sizeof sentences / sizeof sentences[0] - 1].zh);
}

Slice http_problem_chinese(Slice why)
{
    Slice field, what;
    return sentence_of(field_of(why, &field, &what) ? what : why);
}

Slice http_problem_print(Cx *cx, HttpProblem problem, Slice why)
{
    const HttpProblemRow *row = http_problem_row(problem);
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 4);
    json_out_object(&out);
    json_out_pair(&out, "type", cx_printf(cx, "/problems/%s", row->code));
    json_out_pair(&out, "title", slice_of(row->zh));
    json_out_pair(&out, "title_en", slice_of(row->en));
    json_out_key(&out, SLICE("status"));
    json_out_number(&out, row->status);
    json_out_pair(&out, "code", slice_of(row->code));
    // Why a log is halted is for people, in both languages at once.
    bool halted = problem == HTTP_PROBLEM_HALTED && why.size > 0;
    // A 5xx else never tells what it is made of.
    bool ours = row->status >= 500 || why.size == 0 || why.size > 512;
    Slice said = ours ? SLICE("") : sentence_of(why);
    json_out_pair(&out, "detail", halted ? why : said.size > 0 ? said : slice_of(row->detail_zh));
    json_out_pair(&out, "detail_en",
                  halted ? why
                  : ours ? slice_of(row->detail_en)
                         : cx_printf(cx, "%s (" SLICE_FMT ")", row->detail_en, SLICE_ARG(why)));
    json_out_key(&out, SLICE("errors"));
    json_out_array(&out);
    Slice field, what;
    if (!ours && field_of(why, &field, &what)) {
        json_out_object(&out);
        json_out_pair(&out, "field", field);
        json_out_pair(&out, "zh", in_chinese(what));
        json_out_pair(&out, "en", what);
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_end_object(&out);
    Slice json;
    if (json_out_done(cx, &out, &json) != ERR_OK) return SLICE("{}");
    return json;
}

Slice http_problem_of_status(Cx *cx, int status)
{
    for (int i = 0; i < HTTP_PROBLEM_COUNT; i++)
        if (rows[i].status == status) return http_problem_print(cx, (HttpProblem)i, SLICE(""));
    return http_problem_print(cx, status >= 500 ? HTTP_PROBLEM_INTERNAL : HTTP_PROBLEM_BAD_REQUEST,
                              SLICE(""));
}
