// For tests: accounts over a fresh folder, a clock that stands still, and messages that are kept.
#pragma once
#include "base/test.h"
#include "desk/people/account/account_login.h"
#include "desk/people/account/account_register.h"

#define ACCOUNT_FIXTURE_PASSWORD "correct horse battery"
#define ACCOUNT_FIXTURE_MS       UINT64_C(1'790'000'000'000)

typedef struct AccountFixture {
    Store *store;
    Committer *committer;
    Accounts *accounts;
    WorldFake world;
    PermissionActor stranger, local;
    AccountOrigin origin;
    // The newest message, and how many there were.
    AccountOccasion occasion;
    AccountChannel channel;
    char to[256], secret[64];
    size_t sent;
} AccountFixture;

// `cx` has the fixture's clock until account_fixture_close.
void account_fixture_open(Cx *cx, AccountFixture *fixture);
void account_fixture_close(Cx *cx, AccountFixture *fixture);
// An account that is active, with ACCOUNT_FIXTURE_PASSWORD; roles in `tenant` ("" = an organisation
// of its own), and of the platform. Mail and phone are <login>@example.org and, with `phone`, one.
AccountRow account_fixture_add(Cx *cx, AccountFixture *fixture, const char *login,
                               const char *tenant, uint32_t roles, uint32_t platform);
// Signed in with the password alone: the session's token and who it is.
Token account_fixture_login(Cx *cx, AccountFixture *fixture, const char *login,
                            PermissionActor *ret_actor);
// With a second factor made for it, whose seed is written to ret_seed (20 bytes).
Token account_fixture_strong(Cx *cx, AccountFixture *fixture, const char *login,
                             PermissionActor *ret_actor, uint8_t *ret_seed);
// The code of now.
Slice account_fixture_code(Cx *cx, const uint8_t *seed);
// The first column of the first row; -1 when there is none.
int64_t account_fixture_number(Cx *cx, AccountFixture *fixture, const char *sql);
void account_fixture_run(Cx *cx, AccountFixture *fixture, const char *sql);
