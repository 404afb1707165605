// Join: which invoice a reading belongs to.
//
// A reading joins an invoice when an identity key is equal and no known key field contradicts
// (date, net, tax, total, seller's and buyer's tax id; unknown = wildcard). Otherwise it founds a
// variant, and both carry the conflict.
#pragma once
#include "model/draft.h"
#include "store/store.h"

typedef struct JoinIdentity {
    Slice scheme; // vat, digital, rail, air, other:<kind>
    Digest tag;
} JoinIdentity;
#define JOIN_IDENTITIES_MAX 2 // 数电纸质 has both a code with a number and a 20-digit number

// None when the draft has no number, or one that OCR alone has seen: that founds no identity.
Err join_identities(Cx *cx, const Store *store, Slice tenant, const Draft *draft,
                    JoinIdentity ret_identities[static JOIN_IDENTITIES_MAX], size_t *ret_count);

typedef enum JoinField {
    JOIN_DATE,
    JOIN_AMOUNT,
    JOIN_TAX,
    JOIN_TOTAL,
    JOIN_SELLER_TAX_ID,
    JOIN_BUYER_TAX_ID,
    JOIN_FIELD_COUNT
} JoinField;

// Text for each; "" = unknown. Amounts as fen.
typedef struct JoinFields {
    Slice date, seller_tax_id, buyer_tax_id;
    int64_t fen[3]; // amount, tax, total
    bool known[3];
} JoinFields;

JoinFields join_fields(Cx *cx, const Draft *draft);
// A bit for each field that both know and that differs.
unsigned join_differs(const JoinFields *a, const JoinFields *b);
// "issue_date,total" in the arena.
Slice join_names(Cx *cx, unsigned differs);
