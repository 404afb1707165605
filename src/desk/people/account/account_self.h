// One's own account: its profile, and its end.
#pragma once
#include "desk/people/account/account_admin.h"

typedef struct AccountProfile {
    const Slice *login, *name, *mail, *phone, *language; // NULL = as it is; "" = none
} AccountProfile;
// A mail address or phone that is new takes the old one's place once it is confirmed
// (account_register_confirm); the message is sent at once, whoever has the address, so that nobody
// learns who is registered. Its owner is told by the mail address that counts. Another user name,
// mail address or phone wants an actor that was confirmed just now (account_confirm.h).
// ERR_INPUT, ERR_CONFLICT "login: is taken"; ERR_STORE when there is nobody to send by.
Err account_self_change(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        const AccountProfile *profile);

// What was asked for and is not confirmed yet; "" = nothing.
typedef struct AccountWishes {
    Slice mail, phone;
} AccountWishes;
Err account_self_wishes(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        AccountWishes *ret_wishes);

// Deletion on request, freshly confirmed. What names the person goes at once: names, mail, phone,
// password, factors, sessions, tokens; its mail address once the message that says so is gone. What
// stays: the id that facts refer to, and the invoices, which belong to the organisation and are
// kept as long as the law asks. ERR_CONFLICT with the reason for the last of their kind
// (account_last.h).
Err account_self_delete(Cx *cx, Accounts *accounts, const PermissionActor *actor);
// By an administrator, for somebody who asked them.
Err account_self_delete_for(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                            Slice account);
