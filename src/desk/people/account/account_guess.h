// Guess: somebody is trying passwords for one name, from wherever. Said once, when it is noticed,
// to the owner and to who sees to security; and written into the audit log.
#pragma once
#include "desk/people/account/account.h"

// `login`: as it was tried; it need not be anybody's. `actor`: who tried last. `tries`: how many
// there were before it was noticed. Where nobody can be written to, the entry alone is written.
Err account_guess_alert(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice login,
                        int tries);
