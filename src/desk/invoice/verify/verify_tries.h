// Tries: strangers may ask five times a number a day, so that nobody finds an invoice by guessing.
//
// By the invoice (VerifyAnswer), not by who asks: a stranger may use up a number for other
// strangers until midnight, never for whoever is signed in. One that has two numbers is counted
// once.
//
// Counted in memory first: the answer never waits for a disk. Written behind, through the
// committer, once a second; read back when the server starts. A day is a day in China. Verifying
// asks over all organisations, so the rows are nobody's: tenant ''.
#pragma once
#include "flow/flow.h"

#define VERIFY_TRIES_A_DAY 5

typedef struct VerifyTries VerifyTries;

Err verify_tries_open(Cx *cx, Store *store, Committer *committer, VerifyTries **ret_tries);
// Waits until everything is written. Before the committer closes. Takes NULL.
void verify_tries_close(VerifyTries *tries);
// Counts one try, from any thread. ERR_LIMIT when it is one too many.
Err verify_tries_count(Cx *cx, VerifyTries *tries, Slice code, Slice number);
// Seconds until the count starts anew: Retry-After.
uint64_t verify_tries_seconds_left(Cx *cx);
