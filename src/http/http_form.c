#include "http/http_form.h"

#include "format/json/json_in.h"

Err http_form_unknown(Cx *cx, Slice key)
{
    for (size_t i = 0; i < key.size; i++)
        if (!(key.data[i] >= 'a' && key.data[i] <= 'z') && key.data[i] != '_') key.size = 0;
    if (key.size == 0 || key.size > HTTP_FORM_NAME)
        return err_set(cx, ERR_INPUT, "there is a member that is not known here");
    return err_set(cx, ERR_INPUT, SLICE_FMT ": is not known here", SLICE_ARG(key));
}

static Err take(Cx *cx, const JsonValue *member, const HttpField *fields, size_t count)
{
    Slice key = json_in_key(member);
    for (size_t i = 0; i < count; i++) {
        int64_t number = 0;
        if (!slice_equal(key, slice_of(fields[i].name))) continue;
        Slice value = json_in_string(member); // lives as long as the arena
        if (json_in_int(member, &number))
            value = cx_printf(cx, "%lld", (long long)number);
        else if (!json_in_is_string(member))
            return err_set(cx, ERR_INPUT, "%s: is no text", fields[i].name);
        if (value.size > HTTP_FORM_TEXT)
            return err_set(cx, ERR_INPUT, "%s: is too long", fields[i].name);
        *fields[i].value = value.data == NULL ? SLICE("") : value;
        return ERR_OK;
    }
    return http_form_unknown(cx, key);
}

Err http_form_parse(Cx *cx, Slice json, const HttpField *fields, size_t count)
{
    JsonIn *in = NULL;
    for (size_t i = 0; i < count; i++)
        *fields[i].value = (Slice){};
    if (json.size > HTTP_FORM_BYTES) return err_set(cx, ERR_INPUT, "the request is too long");
    TRY(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    Err err = json_in_is_object(root) ? ERR_OK : err_set(cx, ERR_INPUT, "it is no object");
    for (const JsonValue *m = json_in_first(root); err == ERR_OK && m != NULL; m = json_in_next(m))
        err = take(cx, m, fields, count);
    json_in_close(in);
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        if (fields[i].required && fields[i].value->size == 0)
            err = err_set(cx, ERR_INPUT, "%s: is required", fields[i].name);
    return err;
}
