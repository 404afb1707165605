#include "desk/people/account/account_name.h"

#include "base/test.h"

TEST("account name: a user name, a mail address and a phone are told apart by their form")
{
    static const struct {
        Slice typed;
        Err err;
        AccountNameKind kind;
        Slice name;
    } cases[] = {
        {SLICE(" Wang.Xiao-Ming_2 "), ERR_OK, ACCOUNT_NAME_LOGIN, SLICE("wang.xiao-ming_2")},
        {SLICE("王小明"), ERR_OK, ACCOUNT_NAME_LOGIN, SLICE("王小明")},
        {SLICE("Li@Example.COM"), ERR_OK, ACCOUNT_NAME_MAIL, SLICE("li@example.com")},
        {SLICE("a+b@localhost"), ERR_OK, ACCOUNT_NAME_MAIL, SLICE("a+b@localhost")},
        {SLICE("139 1234 5678"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("13912345678"), ERR_OK, ACCOUNT_NAME_PHONE, SLICE("+8613912345678")},
        {SLICE("+86 139-1234-5678"), ERR_OK, ACCOUNT_NAME_PHONE, SLICE("+8613912345678")},
        {SLICE("+4930123456"), ERR_OK, ACCOUNT_NAME_PHONE, SLICE("+4930123456")},
        {SLICE("12345678"), ERR_INPUT, ACCOUNT_NAME_PHONE, SLICE("")},
        {SLICE("+0123456789"), ERR_INPUT, ACCOUNT_NAME_PHONE, SLICE("")},
        {SLICE("a"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE(""), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE(".ab"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("a b"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("a\nb"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("wa\u200Bng"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("wang\u202E"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("\xFF\xFE\xFD"), ERR_INPUT, ACCOUNT_NAME_LOGIN, SLICE("")},
        {SLICE("a@b@c"), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
        {SLICE("a..b@c"), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
        {SLICE("a@-c"), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
        {SLICE("a@c."), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
        {SLICE("@c"), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
        {SLICE("a\r\nBcc: x@c"), ERR_INPUT, ACCOUNT_NAME_MAIL, SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AccountNameKind kind = ACCOUNT_NAME_LOGIN;
        Slice name = SLICE("");
        EXPECT(account_name_parse(cx, cases[i].typed, &kind, &name) == cases[i].err);
        if (cases[i].err != ERR_OK) continue;
        EXPECT(kind == cases[i].kind && slice_equal(name, cases[i].name));
    }
}

TEST("account name: one that is shown is one line of at most 128 bytes")
{
    Slice name;
    EXPECT_OK(account_name_shown(cx, SLICE(" 王 小明 "), &name));
    EXPECT(slice_equal(name, SLICE("王 小明")));
    EXPECT(account_name_shown(cx, SLICE("a\nb"), &name) == ERR_INPUT);
    EXPECT(account_name_shown(cx, SLICE("a\u202Eb"), &name) == ERR_INPUT);
    EXPECT_OK(account_name_shown(cx, SLICE("\u845B\U000E0100"), &name)); // a variant of a character
    char long_name[129];
    memset(long_name, 'x', sizeof long_name);
    EXPECT(account_name_shown(cx, (Slice){long_name, 129}, &name) == ERR_INPUT);
    EXPECT_OK(account_name_shown(cx, (Slice){long_name, 128}, &name));
}

TEST("account name: however one is typed, its tries are counted together")
{
    EXPECT(slice_equal(account_name_counted(cx, SLICE(" WANG ")), SLICE("wang")));
    EXPECT(slice_equal(account_name_counted(cx, SLICE("139-1234-5678")), SLICE("139-1234-5678")));
    EXPECT(slice_equal(account_name_counted(cx, SLICE("13912345678")), SLICE("+8613912345678")));
    EXPECT(slice_equal(account_name_counted(cx, SLICE(" \x01\x02")), SLICE("\x01\x02")));
}
