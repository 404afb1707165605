#include "cli/cli_verify.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/invoice/verify/verify.h"
#include "http/http_verifications.h"

#define USAGE                                                                                      \
    "fapiao verify --data DIR --number N [--code C] --date D "                                     \
    "[--amount A|--total T|--check-code X] [--kind K] [--key-file FILE] [--json]"

static Err ask(Cx *cx, const FlowOptions *options, const VerifyQuery *query, VerifyAnswer *answer)
{
    // For reading: no lock is needed, so a running server does not stand in the way.
    Flow *flow = NULL;
    TRY(flow_open(cx, options, &flow));
    Err err = verify_ask(cx, flow_store(flow), NULL, query, answer);
    flow_close(flow);
    return err;
}

static Err print(Cx *cx, const VerifyAnswer *answer, bool json)
{
    if (!json) {
        (void)printf("%s\n%s\n", answer->zh, answer->en);
        return ERR_OK;
    }
    Slice line;
    TRY(http_verifications_print(cx, answer, &line));
    (void)printf(SLICE_FMT "\n", SLICE_ARG(line));
    return ERR_OK;
}

int cli_verify(int argc, char **argv)
{
    static const int exits[] = {[VERIFY_MATCH] = 0, [VERIFY_MISMATCH] = 3, [VERIFY_NOT_FOUND] = 4};
    const char *data = NULL, *key_file = NULL, *number = NULL, *code = NULL, *date = NULL;
    const char *amount = NULL, *total = NULL, *check_code = NULL, *kind = NULL;
    bool json = false;
    const CliFlag flags[] = {{"--data", &data, NULL},     {"--key-file", &key_file, NULL},
                             {"--number", &number, NULL}, {"--code", &code, NULL},
                             {"--date", &date, NULL},     {"--amount", &amount, NULL},
                             {"--total", &total, NULL},   {"--check-code", &check_code, NULL},
                             {"--kind", &kind, NULL},     {"--json", NULL, &json}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        number == NULL || date == NULL || argc != 1)
        return cli_flags_usage(USAGE);
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file}};
    const VerifyQuery query = {.kind = slice_of(kind),
                               .code = slice_of(code),
                               .number = slice_of(number),
                               .issue_date = slice_of(date),
                               .amount = slice_of(amount),
                               .total = slice_of(total),
                               .check_code = slice_of(check_code)};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    VerifyAnswer answer;
    Err err = ask(&cx, &options, &query, &answer);
    if (err == ERR_OK) err = print(&cx, &answer, json);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    if (err == ERR_INPUT) return CLI_EXIT_USAGE;
    return err == ERR_OK ? exits[answer.result] : CLI_EXIT_FAIL;
}
