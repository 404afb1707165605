// Source: docs/rules/qr_equals_text.md
#include "format/qr/qr_payload.h"
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "qr_equals_text"

static Err differs(Cx *cx, Draft *draft, Field field, Slice qr)
{
    Slice name = slice_of(draft_field_name(field));
    // The reader has said so already where it put both values into the draft.
    if (rule_has_finding(draft, "sources_disagree", name)) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, name,
                             "二维码为“" SLICE_FMT "”，票面为“" SLICE_FMT "”。", SLICE_ARG(qr),
                             SLICE_ARG(draft_get(draft, field)));
}

static Err compare(Cx *cx, Draft *draft, Field field, Slice qr)
{
    Slice have = draft_get(draft, field);
    if (slice_empty(qr) || slice_empty(have) || slice_equal_nocase(qr, have)) return ERR_OK;
    return differs(cx, draft, field, qr);
}

// Old kinds print the net amount (kind 10 at times the total), 数电票 the total, the rail pilot the
// net: what equals neither is wrong.
static Err compare_amount(Cx *cx, Draft *draft, Slice qr)
{
    if (slice_empty(qr) || slice_equal(qr, draft->amount) || slice_equal(qr, draft->total))
        return ERR_OK;
    if (slice_empty(draft->amount) || slice_empty(draft->total)) return ERR_OK;
    if (rule_has_finding(draft, "sources_disagree", SLICE("amount"))) return ERR_OK;
    return differs(cx, draft, DRAFT_TOTAL, qr);
}

Err rule_qr_equals_text(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    QrPayload qr = {};
    if (slice_empty(draft->qr)) return ERR_OK;
    if (qr_payload_parse(cx, draft->qr, &qr) != ERR_OK)
        return draft_add_finding(cx, draft, RULE, SEVERITY_INFO, SLICE(""),
                                 "二维码内容不是发票要素，未与票面核对。");
    TRY(compare(cx, draft, DRAFT_CODE, qr.code));
    // 数电纸质发票 has two.
    if (slice_empty(draft->digital_number) || !slice_equal(qr.number, draft->digital_number))
        TRY(compare(cx, draft, DRAFT_NUMBER, qr.number));
    TRY(compare(cx, draft, DRAFT_ISSUE_DATE, qr.date));
    TRY(compare(cx, draft, DRAFT_CHECK_CODE, qr.check_code));
    return compare_amount(cx, draft, qr.amount);
}
