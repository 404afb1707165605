// Demo, its people: one account a role, so that a visitor sees what each sees.
//
// Never in a folder that has an account already. All have the same password, DEMO_PASSWORD; those
// who need two factors get a seed each, which is said once.
#pragma once
#include "flow/flow.h"

#define DEMO_PEOPLE_MAX 16
#define DEMO_PASSWORD   "yanshi-fapiao-2026"

typedef struct DemoPerson {
    const char *login, *zh, *en;
    char secret[40]; // base32, for an authenticator; "" = needs none
} DemoPerson;

// *ret_count = how many were made; 0 when there were accounts.
Err demo_people_fill(Cx *cx, Flow *flow, DemoPerson ret_people[static DEMO_PEOPLE_MAX],
                     size_t *ret_count);
