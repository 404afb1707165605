#include "commit/join.h"

#include "base/money.h"
#include "base/text.h"
#include "model/kind.h"

static const char *const names[JOIN_FIELD_COUNT] = {
    [JOIN_DATE] = "issue_date",
    [JOIN_AMOUNT] = "amount",
    [JOIN_TAX] = "tax",
    [JOIN_TOTAL] = "total",
    [JOIN_SELLER_TAX_ID] = "seller.tax_id",
    [JOIN_BUYER_TAX_ID] = "buyer.tax_id",
};

static JoinIdentity identity_of(Cx *cx, const Store *store, Slice tenant, Slice scheme, Slice key)
{
    Slice message = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(tenant),
                              SLICE_ARG(scheme), SLICE_ARG(key));
    return (JoinIdentity){scheme, store_tag(store, SLICE("identity"), message)};
}

static Slice other_scheme(Cx *cx, Slice kind)
{
    if (slice_equal(kind, SLICE("51"))) return SLICE("rail");
    if (slice_equal(kind, SLICE("61"))) return SLICE("air");
    return cx_printf(cx, "other:" SLICE_FMT, SLICE_ARG(kind));
}

Err join_identities(Cx *cx, const Store *store, Slice tenant, const Draft *draft,
                    JoinIdentity ret_identities[static JOIN_IDENTITIES_MAX], size_t *ret_count)
{
    *ret_count = 0;
    if (slice_empty(draft->number) || draft->origins[DRAFT_NUMBER].source == SOURCE_OCR)
        return ERR_OK;
    size_t count = 0;
    // On paper it stands beside code and number, else it is the number.
    Slice digital = slice_empty(draft->code) || slice_empty(draft->digital_number)
                        ? draft->number
                        : draft->digital_number;
    if (digital.size == KIND_DIGITAL_NUMBER_SIZE && slice_digits(digital))
        ret_identities[count++] = identity_of(cx, store, tenant, SLICE("digital"), digital);
    if (!slice_empty(draft->code)) {
        Slice key = cx_printf(cx, SLICE_FMT "/" SLICE_FMT, SLICE_ARG(draft->code),
                              SLICE_ARG(draft->number));
        ret_identities[count++] = identity_of(cx, store, tenant, SLICE("vat"), key);
    }
    if (count == 0)
        ret_identities[count++] =
            identity_of(cx, store, tenant, other_scheme(cx, draft->kind), draft->number);
    *ret_count = count;
    return ERR_OK;
}

JoinNames join_named(Slice code, Slice number, Slice digital_number)
{
    bool paper = !slice_empty(code) && !slice_empty(digital_number);
    Slice digital = paper ? digital_number : number;
    bool has = digital.size == KIND_DIGITAL_NUMBER_SIZE && slice_digits(digital);
    bool alone = has && slice_empty(code);
    return (JoinNames){code, alone ? SLICE("") : number, has ? digital : SLICE("")};
}

bool join_shares_name(const JoinNames *a, const JoinNames *b)
{
    bool number = !slice_empty(a->number) && slice_equal(a->number, b->number) &&
                  slice_equal(a->code, b->code);
    return number || (!slice_empty(a->digital) && slice_equal(a->digital, b->digital));
}

bool join_names_differ(const JoinNames *a, const JoinNames *b)
{
    bool number = !slice_empty(a->number) && !slice_empty(b->number) &&
                  !(slice_equal(a->number, b->number) && slice_equal(a->code, b->code));
    bool digital = !slice_empty(a->digital) && !slice_empty(b->digital) &&
                   !slice_equal(a->digital, b->digital);
    return number || digital;
}

JoinFields join_fields(Cx *cx, const Draft *draft)
{
    JoinFields fields = {.date = draft->issue_date,
                         .seller_tax_id = draft->seller.tax_id,
                         .buyer_tax_id = draft->buyer.tax_id};
    const Slice texts[3] = {draft->amount, draft->tax, draft->total};
    for (size_t i = 0; i < 3; i++) {
        Money money;
        // What is no amount is unknown: it contradicts nothing.
        if (slice_empty(texts[i]) || money_parse(cx, texts[i], &money) != ERR_OK) continue;
        fields.fen[i] = money.fen;
        fields.known[i] = true;
    }
    return fields;
}

static bool texts_differ(Slice a, Slice b)
{
    return !slice_empty(a) && !slice_empty(b) && !slice_equal_nocase(a, b);
}

unsigned join_differs(const JoinFields *a, const JoinFields *b)
{
    unsigned differs = 0;
    if (texts_differ(a->date, b->date)) differs |= 1U << JOIN_DATE;
    for (unsigned i = 0; i < 3; i++)
        if (a->known[i] && b->known[i] && a->fen[i] != b->fen[i])
            differs |= 1U << (JOIN_AMOUNT + i);
    if (texts_differ(a->seller_tax_id, b->seller_tax_id)) differs |= 1U << JOIN_SELLER_TAX_ID;
    if (texts_differ(a->buyer_tax_id, b->buyer_tax_id)) differs |= 1U << JOIN_BUYER_TAX_ID;
    return differs;
}

Slice join_names(Cx *cx, unsigned differs)
{
    Text text = text_open(cx, 256);
    for (unsigned i = 0; i < JOIN_FIELD_COUNT; i++) {
        if ((differs & 1U << i) == 0) continue;
        if (text.size > 0) text_byte(&text, ',');
        text_add(&text, slice_of(names[i]));
    }
    return text_so_far(&text);
}
