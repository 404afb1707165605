// Names by which an account is found: a user name, a mail address, a number of a phone. No text is
// two of them: a mail address has "@", a phone is digits alone, a user name is neither.
#pragma once
#include "base/cx.h"

#define ACCOUNT_NAME_LOGIN_MAX ((size_t)64)  // bytes
#define ACCOUNT_NAME_MAIL_MAX  ((size_t)254) // RFC 5321 4.5.3.1.3

typedef enum AccountNameKind {
    ACCOUNT_NAME_LOGIN,
    ACCOUNT_NAME_MAIL,
    ACCOUNT_NAME_PHONE
} AccountNameKind;
#define ACCOUNT_NAME_KINDS 3

// "login", "mail", "phone": the kind of its blind index.
const char *account_name_kind(AccountNameKind kind);
// What a text that was typed is meant to be, in the one spelling that is looked for: ASCII letters
// small, a phone with its country (+86 when it is a Chinese one without). ERR_INPUT "login: …".
Err account_name_parse(Cx *cx, Slice typed, AccountNameKind *ret_kind, Slice *ret_name);
// The spelling by which tries are counted: as account_name_parse has it, so that "Wang" and "wang"
// are one; of what is no name the first bytes as they are.
Slice account_name_counted(Cx *cx, Slice typed);
// One of that kind and no other; ERR_INPUT "<kind>: …".
Err account_name_of(Cx *cx, AccountNameKind kind, Slice typed, Slice *ret_name);
// A name that is shown: clean text, at most 128 bytes; may be empty. ERR_INPUT "name: …".
Err account_name_shown(Cx *cx, Slice typed, Slice *ret_name);
