// Source: docs/rules/qr_crc.md
#include "format/qr/qr_payload.h"
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "qr_crc"

Err rule_qr_crc(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    QrPayload qr = {};
    if (slice_empty(draft->qr) || qr_payload_parse(cx, draft->qr, &qr) != ERR_OK) return ERR_OK;
    if (qr.crc_state != QR_CRC_MISMATCH) return ERR_OK;
    // Real invoices carry constant and unexplained checksums: a hint, never a verdict.
    return draft_add_finding(cx, draft, RULE, SEVERITY_INFO, SLICE(""),
                             "二维码末尾的校验值“" SLICE_FMT "”不符；部分真票亦如此，仅供参考。",
                             SLICE_ARG(qr.crc));
}
