#include "read/read_qr.h"

#include "base/limits.h"
#include "base/money.h"
#include "format/qr/qr_payload.h"
#include "model/kind.h"

#define EXACT          1000 // per mille
#define GRAPH_TEXT_MAX 512  // bytes

bool read_qr_is_invoice(Cx *cx, Slice payload)
{
    QrPayload parsed = {};
    return qr_payload_parse(cx, payload, &parsed) == ERR_OK && parsed.number.size > 0;
}

static bool is_number_of(Slice number, const Draft *draft)
{
    return slice_equal(number, draft->number) || slice_equal(number, draft->digital_number);
}

bool read_qr_is_of(Cx *cx, Slice payload, const Draft *draft)
{
    QrPayload parsed = {};
    return qr_payload_parse(cx, payload, &parsed) == ERR_OK && is_number_of(parsed.number, draft);
}

Slice read_qr_choose(Cx *cx, const ImageQr *qr, const Draft *draft)
{
    Slice best = SLICE("");
    for (size_t i = 0; i < qr->count; i++) {
        QrPayload parsed = {};
        if (qr_payload_parse(cx, qr->texts[i], &parsed) != ERR_OK || parsed.number.size == 0)
            continue;
        if (draft != NULL && is_number_of(parsed.number, draft)) return qr->texts[i];
        if (best.size == 0) best = qr->texts[i];
    }
    return best;
}

static bool same_money(Cx *cx, Slice a, Slice b)
{
    Money x = {}, y = {};
    if (a.size == 0 || b.size == 0) return false;
    return money_parse(cx, a, &x) == ERR_OK && money_parse(cx, b, &y) == ERR_OK && x.fen == y.fen;
}

static bool is_digital(const QrPayload *qr)
{
    return qr->number.size == KIND_DIGITAL_NUMBER_SIZE && slice_empty(qr->code);
}

// The pilot prints 10 as its kind; what else has its form, and another kind, is of that kind.
static bool is_pilot(const QrPayload *qr)
{
    return qr->form == QR_FORM_PILOT && slice_equal(qr->kind, SLICE("10"));
}

// Which sum the QR's amount is: the total on 数电票, the net amount on older kinds
// (docs/rules/qr_equals_text.md). Some issuers of older kinds print the total (代开), the rail
// pilot the net: where it equals the other sum that is what it is.
static Field sum_field(Cx *cx, const Draft *draft, const QrPayload *qr, Slice kind)
{
    const KindRow *row = kind_row(kind);
    bool total = qr->form == QR_FORM_URL || is_digital(qr) ||
                 (row != NULL && row->digital && !row->has_code);
    if (is_pilot(qr)) total = false;
    Field field = total ? DRAFT_TOTAL : DRAFT_AMOUNT, other = total ? DRAFT_AMOUNT : DRAFT_TOTAL;
    bool differs =
        draft_get(draft, field).size > 0 && !same_money(cx, draft_get(draft, field), qr->amount);
    if (differs && same_money(cx, draft_get(draft, other), qr->amount)) return other;
    return field;
}

static Slice kind_from(const QrPayload *qr)
{
    if (is_pilot(qr)) return SLICE("51");
    if (qr->form == QR_FORM_URL) return SLICE("100");
    return kind_of_qr(qr->kind, qr->code, qr->number);
}

// The 20 digits of an invoice whose face has code and number: its second number (数电纸质发票), if
// it is of the same day. Otherwise it is another invoice's code, and that is said.
static Field number_field(const Draft *draft, const QrPayload *qr)
{
    bool paper = qr->code.size == 0 && qr->number.size == 20 && draft->code.size > 0 &&
                 draft->number.size == 8 && slice_equal(qr->date, draft->issue_date);
    return paper ? DRAFT_DIGITAL_NUMBER : DRAFT_NUMBER;
}

Err read_qr_apply(Cx *cx, Draft *draft, Slice payload)
{
    if (payload.size > LIMIT_FIELD_BYTES) return ERR_OK;
    draft->qr = payload;
    QrPayload qr = {};
    if (qr_payload_parse(cx, payload, &qr) != ERR_OK || qr.number.size == 0) return ERR_OK;
    Slice kind = kind_from(&qr);
    const struct {
        Field field;
        Slice value;
    } rows[] = {
        {number_field(draft, &qr), qr.number},
        {DRAFT_CODE, qr.code},
        {DRAFT_ISSUE_DATE, qr.date},
        {DRAFT_CHECK_CODE, is_digital(&qr) ? SLICE("") : qr.check_code}, // they have none
        {sum_field(cx, draft, &qr, kind), qr.amount},
    };
    // The kind is told by weaker means than the title: it fills a gap, it never disagrees.
    if (draft->kind.size == 0) TRY(draft_set(cx, draft, DRAFT_KIND, kind, SOURCE_QR, EXACT));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        TRY(draft_set(cx, draft, rows[i].field, rows[i].value, SOURCE_QR, EXACT));
    return ERR_OK;
}

bool read_qr_is_text(Slice graph_code)
{
    return graph_code.size < GRAPH_TEXT_MAX && slice_find(graph_code, SLICE(",")) != SLICE_NONE;
}
