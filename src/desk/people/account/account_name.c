#include "desk/people/account/account_name.h"

#include "base/utf8.h"

#define LOGIN_MIN ((size_t)2)
#define LOCAL_MAX ((size_t)64) // before "@": RFC 5321 4.5.3.1.1
#define PHONE_MIN ((size_t)7)
#define PHONE_MAX ((size_t)15) // digits: ITU-T E.164
#define SHOWN_MAX ((size_t)128)
#define HERE_SIZE ((size_t)11) // of a Chinese mobile number
#define HERE      "+86"

const char *account_name_kind(AccountNameKind kind)
{
    static const char *const names[] = {"login", "mail", "phone"};
    return names[kind];
}

static Err wrong(Cx *cx, AccountNameKind kind, const char *what)
{
    return err_set(cx, ERR_INPUT, "%s: %s", account_name_kind(kind), what);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Err small_letters(Cx *cx, Slice typed, Slice *ret_name)
{
    char *bytes = arena_try_alloc(&cx->arena, typed.size + 1);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "a name of %zu bytes", typed.size);
    for (size_t i = 0; i < typed.size; i++) {
        char c = typed.data[i];
        bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    *ret_name = (Slice){bytes, typed.size};
    return ERR_OK;
}

// Characters that show nothing, or turn what follows round: with them one name looks like another
// (Unicode TR36 2.10; the marks of direction of UAX 9).
static bool has_hidden(Slice text)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {{0x80, 0xA0},     {0xAD, 0xAD},     {0x61C, 0x61C},    {0x115F, 0x1160},
                  {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F},
                  {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_head(text, &point);
        if (size == 0) return true;
        text = slice_sub(text, size, text.size);
        for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
            if (point >= hidden[i].first && point <= hidden[i].last) return true;
    }
    return false;
}

// Letters of any script, digits, and . _ - inside.
static Err parse_login(Cx *cx, Slice typed, Slice *ret_name)
{
    if (typed.size < LOGIN_MIN) return wrong(cx, ACCOUNT_NAME_LOGIN, "is too short");
    if (typed.size > ACCOUNT_NAME_LOGIN_MAX) return wrong(cx, ACCOUNT_NAME_LOGIN, "is too long");
    if (!utf8_is_clean(typed) || slice_digits(typed) || has_hidden(typed))
        return wrong(cx, ACCOUNT_NAME_LOGIN, "is no user name");
    for (size_t i = 0; i < typed.size; i++) {
        uint8_t c = (uint8_t)typed.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        bool inside = i > 0 && (c == '.' || c == '_' || c == '-');
        if (!letter && !inside && !is_digit((char)c))
            return wrong(cx, ACCOUNT_NAME_LOGIN, "is no user name");
    }
    return small_letters(cx, typed, ret_name);
}

static bool mail_byte(char c, bool domain)
{
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.';
    return plain || (!domain && strchr("!#$%&'*+/=?^_`{|}~", c) != NULL && c != '\0');
}

// local@domain in ASCII, without quotes and comments (RFC 5321 Dot-string): nothing that could end
// a header or name a second address.
static Err parse_mail(Cx *cx, Slice typed, Slice *ret_name)
{
    size_t at = slice_find(typed, SLICE("@"));
    if (typed.size > ACCOUNT_NAME_MAIL_MAX) return wrong(cx, ACCOUNT_NAME_MAIL, "is too long");
    bool good = at != SLICE_NONE && at >= 1 && at <= LOCAL_MAX && at + 1 < typed.size;
    for (size_t i = 0; good && i < typed.size; i++) {
        bool edge = i == 0 || i == at - 1 || i == at + 1 || i == typed.size - 1;
        char c = typed.data[i];
        if (i == at) continue;
        good = mail_byte(c, i > at) && !(edge && (c == '.' || (i > at && c == '-'))) &&
               !(c == '.' && typed.data[i - 1] == '.');
    }
    if (!good) return wrong(cx, ACCOUNT_NAME_MAIL, "is no mail address");
    return small_letters(cx, typed, ret_name);
}

static Err parse_phone(Cx *cx, Slice typed, Slice *ret_name)
{
    char digits[PHONE_MAX + 1];
    size_t count = 0;
    bool plus = slice_starts(typed, SLICE("+"));
    for (size_t i = plus ? 1 : 0; i < typed.size; i++) {
        char c = typed.data[i];
        if (c == ' ' || c == '-') continue;
        if (!is_digit(c) || count == PHONE_MAX)
            return wrong(cx, ACCOUNT_NAME_PHONE, "is no phone number");
        digits[count++] = c;
    }
    bool here = !plus && count == HERE_SIZE && digits[0] == '1';
    if (count < PHONE_MIN || (!plus && !here) || digits[0] == '0')
        return wrong(cx, ACCOUNT_NAME_PHONE, "is no phone number");
    *ret_name = cx_printf(cx, "%s%.*s", here ? HERE : "+", (int)count, digits);
    return ERR_OK;
}

Err account_name_of(Cx *cx, AccountNameKind kind, Slice typed, Slice *ret_name)
{
    typed = slice_trim(typed);
    switch (kind) {
    case ACCOUNT_NAME_LOGIN:
        return parse_login(cx, typed, ret_name);
    case ACCOUNT_NAME_MAIL:
        return parse_mail(cx, typed, ret_name);
    case ACCOUNT_NAME_PHONE:
        break;
    }
    return parse_phone(cx, typed, ret_name);
}

Err account_name_parse(Cx *cx, Slice typed, AccountNameKind *ret_kind, Slice *ret_name)
{
    typed = slice_trim(typed);
    AccountNameKind kind = slice_find(typed, SLICE("@")) != SLICE_NONE ? ACCOUNT_NAME_MAIL
                           : slice_starts(typed, SLICE("+")) || slice_digits(typed)
                               ? ACCOUNT_NAME_PHONE
                               : ACCOUNT_NAME_LOGIN;
    TRY(account_name_of(cx, kind, typed, ret_name));
    *ret_kind = kind;
    return ERR_OK;
}

Slice account_name_counted(Cx *cx, Slice typed)
{
    AccountNameKind kind;
    Slice name;
    if (account_name_parse(cx, typed, &kind, &name) == ERR_OK) return name;
    return slice_sub(slice_trim(typed), 0, ACCOUNT_NAME_MAIL_MAX);
}

Err account_name_shown(Cx *cx, Slice typed, Slice *ret_name)
{
    typed = slice_trim(typed);
    if (typed.size > SHOWN_MAX) return err_set(cx, ERR_INPUT, "name: is too long");
    if (!utf8_is_clean(typed) || slice_find(typed, SLICE("\n")) != SLICE_NONE ||
        slice_find(typed, SLICE("\t")) != SLICE_NONE || has_hidden(typed))
        return err_set(cx, ERR_INPUT, "name: has characters that no name has");
    *ret_name = typed;
    return ERR_OK;
}
