// Verifications: the question of 查验, and which fields it needs.
#pragma once
#include "desk/invoice/verify/verify.h"
#include "http/routes.h"

RouteFn http_verifications_ask, http_verifications_needs;
// The request's JSON to a query whose slices live in the arena. ERR_INPUT names the field first.
Err http_verifications_parse(Cx *cx, Slice json, VerifyQuery *ret_query);
// {"result","state","basis","conflict","mismatch","message","signer","sequence"}
Err http_verifications_print(Cx *cx, const VerifyAnswer *answer, Slice *ret_json);
