// Who stands behind a pseudonym. Facts and the audit log name people "u-<id>", so that a name can
// be erased and they stand; whoever may read them is told the name as it is now.
//
// Told to those who see to accounts or audit the platform: everybody's; to all others: those of the
// members of the organisation that they work in.
#pragma once
#include "desk/people/account/account.h"

// Of each of `names`, "u-<id>" or the id alone, what the person is called: name, else login, else
// mail address. "" for what names nobody, whoever was deleted, and whom the reader may not know.
Err account_shown(Cx *cx, Accounts *accounts, const PermissionActor *reader, const Slice *names,
                  size_t count, Slice *ret_shown);
