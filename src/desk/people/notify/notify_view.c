#include "desk/people/notify/notify_view.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "format/json/json_out.h"

#define PAGE_BYTES (LIMIT_NOTIFY_PAGE * 4'096)

static Slice id_hex(Cx *cx, const NotifyRow *row)
{
    return base64_hex(cx, (Slice){(const char *)row->id, sizeof row->id});
}

Slice notify_view_mask(Cx *cx, Slice to)
{
    size_t at = slice_find(to, SLICE("@"));
    if (at != SLICE_NONE)
        return cx_printf(cx, SLICE_FMT "***" SLICE_FMT, SLICE_ARG(slice_sub(to, 0, at > 0)),
                         SLICE_ARG(slice_sub(to, at, to.size)));
    if (to.size >= 8 && slice_digits(slice_sub(to, 1, to.size)))
        return cx_printf(cx, SLICE_FMT "****" SLICE_FMT, SLICE_ARG(slice_sub(to, 0, 3)),
                         SLICE_ARG(slice_sub(to, to.size - 4, 4)));
    if (to.size == 0) return to;
    return cx_printf(cx, SLICE_FMT "***", SLICE_ARG(slice_sub(to, 0, utf8_head(to, NULL))));
}

static bool is_open(const NotifyRow *row)
{
    return slice_equal(row->state, SLICE("waiting")) || slice_equal(row->state, SLICE("failed"));
}

static void add_row(JsonOut *out, Cx *cx, const NotifyRow *row, bool whole)
{
    json_out_object(out);
    json_out_pair(out, "id", id_hex(cx, row));
    json_out_pair(out, "channel", row->channel);
    json_out_pair(out, "to", whole ? row->to : notify_view_mask(cx, row->to));
    json_out_pair(out, "template", row->template);
    json_out_pair(out, "language", row->language);
    json_out_pair(out, "state", row->state);
    json_out_pair(out, "reason", row->error_zh);
    json_out_pair(out, "reason_en", row->error);
    json_out_key(out, SLICE("tries"));
    json_out_number(out, row->tries);
    json_out_time(cx, out, "created_at", row->created_ms);
    json_out_time(cx, out, "next_at", is_open(row) ? row->next_ms : 0);
    json_out_time(cx, out, "sent_at", row->sent_ms);
    json_out_end_object(out);
}

Err notify_view_print(Cx *cx, const NotifyRow *row, bool whole, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, PAGE_BYTES);
    add_row(&out, cx, row, whole);
    return json_out_done(cx, &out, ret_json);
}

Err notify_view_page(Cx *cx, const NotifyRow *rows, size_t count, size_t limit, bool whole,
                     Slice *ret_json)
{
    JsonOut out = json_out_open(cx, PAGE_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        add_row(&out, cx, &rows[i], whole);
    json_out_end_array(&out);
    json_out_pair(&out, "next_cursor",
                  count > 0 && count == limit ? id_hex(cx, &rows[count - 1]) : SLICE(""));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err notify_view_settings(Cx *cx, const NotifySettings *settings, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, NOTIFY_SETTING_COUNT * (8 * LIMIT_NOTIFY_SETTING));
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (int i = 0; i < NOTIFY_SETTING_COUNT; i++) {
        NotifySettingId id = (NotifySettingId)i;
        bool secret = notify_setting_secret(id);
        json_out_object(&out);
        json_out_pair(&out, "name", slice_of(notify_setting_name(id)));
        json_out_key(&out, SLICE("set"));
        json_out_bool(&out, settings->values[i].size > 0);
        json_out_key(&out, SLICE("secret"));
        json_out_bool(&out, secret);
        json_out_pair(&out, "value", secret ? SLICE("") : settings->values[i]);
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err notify_view_text(Cx *cx, const NotifyRow *row, Slice *ret_text)
{
    Text out = text_open(cx, LIMIT_NOTIFY_BODY + 8'192);
    const struct {
        const char *name;
        Slice value;
    } lines[] = {{"id", id_hex(cx, row)},
                 {"channel", row->channel},
                 {"to", row->to},
                 {"template", row->template},
                 {"language", row->language},
                 {"state", row->state},
                 {"reason", row->error},
                 {"原因", row->error_zh},
                 {"created", date_rfc3339(cx, row->created_ms)},
                 {"sent", row->sent_ms == 0 ? SLICE("") : date_rfc3339(cx, row->sent_ms)},
                 {"subject", row->subject}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (lines[i].value.size > 0)
            text_printf(&out, "%s: " SLICE_FMT "\n", lines[i].name, SLICE_ARG(lines[i].value));
    text_printf(&out, "tries: %lld\n", (long long)row->tries);
    if (row->text.size > 0) text_printf(&out, "\n" SLICE_FMT "\n", SLICE_ARG(row->text));
    return text_done(cx, &out, ret_text);
}
