#include "desk/people/audit_log/audit_log_print.h"

#include "base/date.h"
#include "base/limits.h"
#include "format/json/json_out.h"

#define LINE_BYTES (16 * LIMIT_AUDIT_VALUE_BYTES) // two values, escaped, and the short ones

static void put_entry(Cx *cx, JsonOut *out, const AuditLogEntry *entry, bool named)
{
    json_out_object(out);
    json_out_pair(out, "organisation", entry->tenant);
    json_out_key(out, SLICE("sequence"));
    json_out_number(out, (int64_t)entry->sequence);
    json_out_pair(out, "time", date_rfc3339(cx, entry->time_ms));
    json_out_pair(out, "actor", entry->actor);
    if (named) json_out_pair(out, "actor_name", entry->actor_name);
    json_out_pair(out, "source", entry->source);
    json_out_pair(out, "address", entry->address);
    json_out_pair(out, "act", entry->act);
    json_out_pair(out, "object_kind", entry->object_kind);
    json_out_pair(out, "object", entry->object);
    if (named) json_out_pair(out, "object_name", entry->object_name);
    json_out_pair(out, "result", entry->result);
    json_out_pair(out, "before", entry->before);
    json_out_pair(out, "after", entry->after);
    json_out_key(out, SLICE("erased"));
    json_out_bool(out, entry->erased);
    json_out_end_object(out);
}

Err audit_log_print_page(Cx *cx, const AuditLogPage *page, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("entries"));
    json_out_array(&out);
    for (size_t i = 0; i < page->count; i++)
        put_entry(cx, &out, &page->entries[i], true);
    json_out_end_array(&out);
    json_out_key(&out, SLICE("erased"));
    json_out_number(&out, (int64_t)page->erased);
    json_out_key(&out, SLICE("scanned"));
    json_out_number(&out, (int64_t)page->scanned);
    json_out_pair(&out, "next", page->next);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Slice audit_log_print_head(AuditLogForm form)
{
    if (form != AUDIT_LOG_CSV) return SLICE("");
    return SLICE(
        "\xEF\xBB\xBF"
        "组织 organisation,序号 sequence,时间 time,操作人 actor,来源 source,地址 address,"
        "操作 act,对象类型 object kind,对象 object,结果 result,之前 before,之后 after\r\n");
}

// RFC 4180, and no formula: a spreadsheet runs what begins with one of these.
static void cell(Text *text, Slice value)
{
    if (text->size > 0) text_byte(text, ',');
    bool formula = value.size > 0 && memchr("=+-@\t\r\n", value.data[0], 7) != NULL;
    text_byte(text, '"');
    if (formula) text_byte(text, '\'');
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"') text_byte(text, '"');
        text_byte(text, value.data[i]);
    }
    text_byte(text, '"');
}

static Err csv_line(Cx *cx, const AuditLogEntry *entry, Slice *ret_line)
{
    Text text = text_open(cx, LINE_BYTES);
    const Slice cells[] = {entry->tenant,
                           cx_printf(cx, "%llu", (unsigned long long)entry->sequence),
                           date_rfc3339(cx, entry->time_ms),
                           entry->actor,
                           entry->source,
                           entry->address,
                           entry->act,
                           entry->object_kind,
                           entry->object,
                           entry->result,
                           entry->before,
                           entry->after};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        cell(&text, cells[i]);
    text_add(&text, SLICE("\r\n"));
    return text_done(cx, &text, ret_line);
}

Err audit_log_print_line(Cx *cx, AuditLogForm form, const AuditLogEntry *entry, Slice *ret_line)
{
    if (form == AUDIT_LOG_CSV) return csv_line(cx, entry, ret_line);
    JsonOut out = json_out_open(cx, LINE_BYTES);
    put_entry(cx, &out, entry, false);
    Slice json;
    TRY(json_out_done(cx, &out, &json));
    *ret_line = cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(json));
    return ERR_OK;
}

Err audit_log_print_lines(Cx *cx, AuditLogForm form, const AuditLogPage *page, bool first,
                          Slice *ret_lines)
{
    Text text = text_open(cx, LIMIT_JSON_BYTES);
    if (first) text_add(&text, audit_log_print_head(form));
    for (size_t i = 0; i < page->count; i++) {
        Slice line;
        TRY(audit_log_print_line(cx, form, &page->entries[i], &line));
        text_add(&text, line);
    }
    return text_done(cx, &text, ret_lines);
}
