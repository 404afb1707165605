// The last of their kind stay: nobody is left who could give the role to another.
//
// In the writer's transaction, so that two who leave at once are not both let go. Whoever stands at
// the server (the local administrator) may give roles without them, and is not asked.
#pragma once
#include "desk/people/account/account.h"

// `lost`: what the account no longer holds. ERR_CONFLICT "role: nobody else …" when one of the
// administrators' roles (system, security, audit) would be nobody's who can sign in.
Err account_last_platform(Cx *cx, Db *db, Slice account, uint32_t lost);
// Before it can no longer sign in: both the platform's roles and every organisation that has
// invoices or other members. ERR_CONFLICT "organisation: …".
Err account_last_gone(Cx *cx, Db *db, Slice account);
// The second half alone.
Err account_last_organisation(Cx *cx, Db *db, Slice account);
