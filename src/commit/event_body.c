#include "commit/event_body.h"

#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define BODY_BYTES_MAX ((size_t)64 * 1024)

typedef struct FieldRow {
    const char *name;
    size_t offset;
} FieldRow;
#define FIELD_ROW(name) {#name, offsetof(EventBody, name)},
static const FieldRow fields[] = {EVENT_BODY_FIELDS(FIELD_ROW)};
#define FIELD_COUNT (sizeof fields / sizeof fields[0])

Err event_body_print(Cx *cx, const EventBody *body, Slice *ret_canonical)
{
    JsonOut out = json_out_open(cx, BODY_BYTES_MAX);
    json_out_object(&out);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const Slice *value = (const Slice *)(const void *)((const char *)body + fields[i].offset);
        if (value->size > 0) json_out_pair(&out, fields[i].name, *value);
    }
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_canonical);
}

static Err parse(Cx *cx, const JsonValue *root, EventBody *body)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        Slice *value = (Slice *)(void *)((char *)body + fields[i].offset);
        *value = SLICE("");
        const JsonValue *member = json_in_get(root, fields[i].name);
        if (member == NULL) continue;
        if (!json_in_is_string(member))
            return err_set(cx, ERR_CORRUPT, "'%s' of an event is no string", fields[i].name);
        TRY(cx_copy(cx, json_in_string(member), value));
    }
    return ERR_OK;
}

Err event_body_parse(Cx *cx, Slice canonical, EventBody *ret_body)
{
    JsonIn *in = NULL;
    if (json_in_open(cx, canonical, &in) != ERR_OK)
        return err_set(cx, ERR_CORRUPT, "an event is damaged");
    EventBody body;
    Err err = json_in_is_object(json_in_root(in)) ? parse(cx, json_in_root(in), &body)
                                                  : err_set(cx, ERR_CORRUPT, "an event is damaged");
    json_in_close(in);
    if (err != ERR_OK) return err;
    // Unknown keys, another order or spacing: not ours. Printing it again is the whole check.
    Slice again;
    TRY(event_body_print(cx, &body, &again));
    if (!slice_equal(again, canonical))
        return err_set(cx, ERR_CORRUPT, "an event is not in its canonical form");
    *ret_body = body;
    return ERR_OK;
}
