// Policy: what an administrator of security chose of passwords, sessions and registration; and what
// it says of a password.
//
// The standard profile follows OWASP ASVS 5.0 6.2: length and a list of breached passwords, no
// composition, no rotation. The other one, 等保 (GB/T 22239-2019 8.1.4.1 a), wants both.
#pragma once
#include "desk/people/account/account.h"

#define ACCOUNT_PASSWORD_ADVISED 15 // characters
#define ACCOUNT_POLICY_TEXT      256

typedef struct AccountPolicy {
    bool registration;        // strangers may make accounts
    uint64_t password_length; // characters, at least 8
    bool composition;         // capitals, small letters, digits, others: three of the four
    uint64_t rotation_days;   // 0 = never
    uint64_t idle_minutes;    // of a session
    uint64_t absolute_hours;
    uint32_t factor_roles; // that need two factors besides permission_strong_roles()
    char breached_file[ACCOUNT_POLICY_TEXT]; // "" = none
    char site_url[ACCOUNT_POLICY_TEXT];      // what links in messages begin with
    uint64_t erasure_days;                   // that a request to erase waits for its second person
    bool field_sm; // new values of single fields are sealed by SM4 and SM3, not AES
} AccountPolicy;

// A row a setting, in a fixed order: as it is asked and told at the doors.
typedef struct AccountSetting {
    Slice name, value;
} AccountSetting;
#define ACCOUNT_SETTINGS 11

AccountPolicy account_policy_now(Cx *cx, Accounts *accounts);
void account_policy_settings(Cx *cx, const AccountPolicy *policy,
                             AccountSetting ret_settings[static ACCOUNT_SETTINGS]);
// Some of them; "password.profile" = "standard" or "dengbao" sets several. ERR_INPUT "<name>: …".
Err account_policy_set(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountSetting *settings, size_t count);

// ERR_INPUT "password: …" when it is none that we take. `names`: what it may not be.
Err account_policy_password(Cx *cx, Accounts *accounts, Slice password, const Slice *names,
                            size_t name_count);
