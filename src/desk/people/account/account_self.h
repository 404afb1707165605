// One's own account: its profile, and its end.
#pragma once
#include "desk/people/account/account_admin.h"

typedef struct AccountProfile {
    const Slice *login, *name, *mail, *phone, *language; // NULL = as it is; "" = none
} AccountProfile;
// A mail address or phone that is new counts once it is confirmed: the message is sent at once.
// ERR_INPUT, ERR_CONFLICT "login: is taken" …; ERR_STORE when there is nobody to send by.
Err account_self_change(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        const AccountProfile *profile);

// Deletion on request. What names the person goes at once: names, mail, phone, password, factors,
// sessions, tokens; its mail address once the message that says so is gone. What stays: the id that
// facts refer to, and the invoices, which belong to the organisation and are kept as long as the
// law asks. `code`: of the second factor, where there is one. ERR_CONFLICT with the reason for the
// only administrator of an organisation that has invoices.
Err account_self_delete(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice password,
                        Slice code);
// By an administrator, for somebody who asked them.
Err account_self_delete_for(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                            Slice account);
