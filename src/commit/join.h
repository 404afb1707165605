// Join: which invoice a reading belongs to.
//
// A reading joins an invoice when an identity key is equal and no known key field contradicts
// (date, net, tax, total, seller's and buyer's tax id; unknown = wildcard). Otherwise it founds a
// variant, and both carry the conflict.
//
// 数电纸质发票 has two identities. Where it was kept as two invoices, one by each, a reading that
// bears both says that they are one (event `merged`), when they contradict neither it nor each
// other and nothing stronger named the one of 20 digits.
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

// What an invoice is called: by a number with its code, if it has one, by 20 digits, or by both.
typedef struct JoinNames {
    Slice code, number; // "" when it is known by the 20 digits alone
    Slice digital;      // "" when not known
} JoinNames;
JoinNames join_named(Slice code, Slice number, Slice digital_number);
bool join_shares_name(const JoinNames *a, const JoinNames *b);
// A name that both know, and that differs.
bool join_names_differ(const JoinNames *a, const JoinNames *b);

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
