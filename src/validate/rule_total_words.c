// Source: docs/rules/total_words.md
#include "model/words.h"
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "total_words"

Err rule_total_words(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    Money total = {}, words = {};
    if (slice_empty(draft->total_words) || !rule_money(cx, draft->total, &total)) return ERR_OK;
    Slice field = SLICE("total_words");
    if (words_parse(cx, draft->total_words, &words) != ERR_OK)
        return draft_add_finding(cx, draft, RULE, SEVERITY_INFO, field,
                                 "大写金额“" SLICE_FMT "”无法识别，未与小写核对。",
                                 SLICE_ARG(slice_sub(draft->total_words, 0, 150)));
    if (words.fen == total.fen) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, field,
                             "大写“" SLICE_FMT "”即 " SLICE_FMT "，小写却是 " SLICE_FMT "。",
                             SLICE_ARG(draft->total_words), SLICE_ARG(rule_money_text(cx, words)),
                             SLICE_ARG(draft->total));
}
