#include "desk/people/account/account_seal.h"

const AccountField ACCOUNT_SEAL_ORGANISATION_NAME = {"organisation", "name"};

Err account_seal(Cx *cx, const Store *store, AccountField field, Slice row, Slice plain,
                 Slice *ret_sealed)
{
    Provider provider;
    FieldKeys keys = store_field_keys(store, store_field_policy(store), &provider);
    const FieldPlace place = {field.table, field.column, SLICE(""), row};
    return field_seal(cx, &keys, &place, plain, ret_sealed);
}

Err account_seal_open(Cx *cx, const Store *store, AccountField field, Slice row, Slice sealed,
                      Slice *ret_plain)
{
    *ret_plain = SLICE("");
    if (sealed.size == 0) return ERR_OK;
    Provider provider;
    FieldKeys keys = store_field_keys(store, PROVIDER_AES, &provider);
    const FieldPlace place = {field.table, field.column, SLICE(""), row};
    Err err = field_open(cx, &keys, &place, sealed, ret_plain);
    return err == ERR_OK ? ERR_OK : err_wrap(cx, err, "%s.%s", field.table, field.column);
}

// Always by the same policy: an index of another one would find nobody who was there before.
// Names come here in one spelling already (account_name.h), so they are compared as they stand.
Err account_seal_tag(Cx *cx, const Store *store, const char *kind, Slice text, Slice *ret_tag)
{
    Provider provider;
    FieldKeys keys = store_field_keys(store, PROVIDER_AES, &provider);
    const FieldPlace place = {"account", kind, SLICE(""), SLICE("")};
    FieldIndex index;
    TRY(field_index(cx, &keys, &place, FIELD_KIND_TEXT, text, &index));
    return cx_copy(cx, (Slice){(const char *)index.bytes, FIELD_INDEX_SIZE}, ret_tag);
}

Digest account_seal_code_key(const Store *store)
{
    return store_tag(store, SLICE("people/code-key/v1"), SLICE(""));
}
