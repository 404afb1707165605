// Limits: how much a block of addresses, an account, an organisation may ask, by token buckets in
// memory. Asked before anything costs: before a row is read, long before a password is hashed.
//
// The command line and DIR/fapiao.sock are not counted.
#pragma once
#include "http/call.h"

typedef struct HttpLimits HttpLimits;

typedef enum HttpRate {
    HTTP_RATE_ASK,    // a look
    HTTP_RATE_VERIFY, // a verification
    HTTP_RATE_SIGN,   // a password, a code or a link that is tried
    HTTP_RATE_SEND,   // something that is sent to a person
    HTTP_RATE_COUNT
} HttpRate;

// What a route costs those who are not signed in; ASK when it is not in the table.
HttpRate http_limits_rate(const Route *route);

HttpLimits *http_limits_open(const World *world, bool off);
void http_limits_close(HttpLimits *limits); // takes NULL

// False when it is too much: the answer is 429 with Retry-After, and set.
bool http_limits_pass(Call *call);

typedef enum HttpGuess {
    HTTP_GUESS_TRY,   // go on: the password may be hashed
    HTTP_GUESS_WORK,  // 429, set: the caller may show work (http/challenges.h) and try again
    HTTP_GUESS_ALERT, // the same, for the first time this hour: somebody should hear of it
} HttpGuess;
// A token or cookie that nobody has: looked up 60 times at once for each block, and 600 an hour.
// False when it is not even looked up any more.
bool http_limits_lookup(Call *call);
void http_limits_unknown(Call *call); // it was none

#define HTTP_LIMITS_GUESSES 20 // at once
// A password is about to be tried for `name`. However many addresses guess at a name together,
// they get so many tries at once, and 60 an hour; `known`: a browser that has signed in by this
// name before, or work that was shown, is not among them, so the owner is not kept out.
HttpGuess http_limits_guess(Call *call, Slice name, bool known);
