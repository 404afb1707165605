// Sealing of what names a person, field by field, on top of the encrypted pages; and blind indexes,
// by which such a field is found without being read (crypto/field.h).
#pragma once
#include "store/store.h"

typedef struct AccountField {
    const char *table, *column;
} AccountField;

// `row`: its key, so that nothing can be moved to another row. The tenant is '' for all.
Err account_seal(Cx *cx, const Store *store, AccountField field, Slice row, Slice plain,
                 Slice *ret_sealed);
// "" for an empty one; ERR_CORRUPT when it is not what was sealed there.
Err account_seal_open(Cx *cx, const Store *store, AccountField field, Slice row, Slice sealed,
                      Slice *ret_plain);
// In the arena: the same for the same text of the same kind ("login", "mail", "phone").
Err account_seal_tag(Cx *cx, const Store *store, const char *kind, Slice text, Slice *ret_tag);
// The key of codes (crypto/token.h).
Digest account_seal_code_key(const Store *store);

// The name of an organisation, sealed with its tenant as the row.
extern const AccountField ACCOUNT_SEAL_ORGANISATION_NAME;
