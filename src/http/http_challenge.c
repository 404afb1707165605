#include "http/http_challenge.h"

#include "format/json/json_out.h"
#include "http/http_parts.h"

Err http_challenge_get(Call *call)
{
    Challenges *challenges = call->http->challenges;
    call_json(call, 200,
              cx_printf(call->cx, "{\"text\":\"" SLICE_FMT "\",\"bits\":%d}",
                        SLICE_ARG(challenges_new(call->cx, challenges)),
                        challenges_bits(challenges)));
    return ERR_OK;
}

bool http_challenge_shown(Call *call)
{
    Slice answer = exchange_get(call->exchange, "Fapiao-Challenge");
    return answer.size > 0 && challenges_take(call->cx, call->http->challenges, answer);
}
