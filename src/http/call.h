// Call: one request on its way through a route: what was asked, by whom, and the answer in making.
#pragma once
#include "base/peer.h"
#include "flow/flow.h"
#include "format/json/json_out.h"
#include "http/exchange.h"
#include "http/http_problem.h"
#include "permission/permission.h"

typedef struct Http Http;
typedef struct Call Call;
typedef struct Route Route;

#define CALL_PARAMETERS_MAX 2

struct Call {
    Cx *cx;
    Exchange *exchange;
    Http *http;
    const Route *route;
    PermissionActor actor;
    Peer peer; // whose limits count; all zero through DIR/fapiao.sock
    Db *db;    // of the thread that runs the route now
    Slice parameters[CALL_PARAMETERS_MAX];
    // The answer.
    int status;
    Slice type, body;
    Slice policy, cache; // Content-Security-Policy, Cache-Control
    bool is_problem;
    // A route that answers later sets `later`; whoever goes on calls call_complete.
    bool later, completed;
    bool on_worker;           // a worker has it: its loop may not answer yet
    void (*then)(Call *call); // on the loop's thread, just before a late answer; may be NULL
    ExchangeFn *timed_out;    // when that answer takes too long
    Slice reference;          // of the document that was handed in
    void *user;
};

// A query parameter, percent-decoded; "" when it is not there.
Slice call_query(Call *call, const char *name);
// 0 when it is not there. ERR_INPUT when it is no number.
Err call_query_int(Call *call, const char *name, int *ret_number);
// ERR_INPUT when a list that only those who are signed in may see is asked for with a parameter
// that its route does not name: a filter that is misspelt would otherwise be none, and nobody would
// know.
Err call_query_known(Call *call);
Slice call_decode(Cx *cx, Slice coded, bool plus_is_space);

// Sets the answer; the last one counts.
void call_json(Call *call, int status, Slice json);
void call_empty(Call *call, int status);
// `why` as in http_problem_print.
void call_problem(Call *call, HttpProblem problem, Slice why);
// From an Err that a desk gave, with its text.
void call_fail(Call *call, Err err);
// What a kind of Err becomes; that of a store tells whether its disk can be written at all.
HttpProblem call_problem_of(Call *call, Err err);
// Whether it is ACCOUNT_STALE: no refusal, but a question.
bool call_is_stale(Call *call, Err err);
// Ends a call that answers later: on the loop's thread.
void call_complete(Call *call);
// With the headers that every answer carries.
void call_send(Call *call);
