#include "model/reading_json.h"

#include <stdio.h>

#include "base/decimal.h"
#include "base/limits.h"
#include "model/kind.h"

// Keys stand in sorted order in both shapes (RFC 8785 §3.2.3), so one writer serves both.

// The fields' names, sorted.
static const Field sorted_fields[] = {
    DRAFT_AMOUNT,
    DRAFT_BUYER_ADDRESS_PHONE,
    DRAFT_BUYER_BANK_ACCOUNT,
    DRAFT_BUYER_NAME,
    DRAFT_BUYER_TAX_ID,
    DRAFT_CHECK_CODE,
    DRAFT_CODE,
    DRAFT_DIGITAL_NUMBER,
    DRAFT_ISSUE_DATE,
    DRAFT_ISSUER,
    DRAFT_KIND,
    DRAFT_MACHINE_NUMBER,
    DRAFT_NUMBER,
    DRAFT_PAYEE,
    DRAFT_RED_CONFIRMATION_NUMBER,
    DRAFT_RED_ORIGINAL_CODE,
    DRAFT_RED_ORIGINAL_NUMBER,
    DRAFT_REMARK,
    DRAFT_REVIEWER,
    DRAFT_SELLER_ADDRESS_PHONE,
    DRAFT_SELLER_BANK_ACCOUNT,
    DRAFT_SELLER_NAME,
    DRAFT_SELLER_TAX_ID,
    DRAFT_TAX,
    DRAFT_TOTAL,
    DRAFT_TOTAL_WORDS,
};
_Static_assert(sizeof sorted_fields / sizeof sorted_fields[0] == DRAFT_FIELD_COUNT,
               "a field is missing");

static void put_party(JsonOut *out, const char *key, const Party *party)
{
    json_out_key(out, slice_of(key));
    json_out_object(out);
    json_out_pair(out, "address_phone", party->address_phone);
    json_out_pair(out, "bank_account", party->bank_account);
    json_out_pair(out, "name", party->name);
    json_out_pair(out, "tax_id", party->tax_id);
    json_out_end_object(out);
}

// Per mille as a decimal fraction without trailing zeros: 995 -> "0.995", 1000 -> "1".
static Slice fraction(uint16_t per_mille, char buffer[static 8])
{
    if (per_mille >= 1000) return SLICE("1");
    if (per_mille == 0) return SLICE("0");
    int size = snprintf(buffer, 8, "0.%03u", (unsigned)per_mille);
    while (buffer[size - 1] == '0')
        size--;
    return (Slice){buffer, (size_t)size};
}

static void put_origins(JsonOut *out, const Draft *draft, bool canonical)
{
    json_out_key(out, SLICE("fields"));
    json_out_object(out);
    for (size_t i = 0; i < DRAFT_FIELD_COUNT; i++) {
        const FieldOrigin *origin = &draft->origins[sorted_fields[i]];
        if (origin->source == SOURCE_NONE) continue;
        char buffer[8];
        Slice confidence = fraction(origin->confidence, buffer);
        json_out_key(out, slice_of(draft_field_name(sorted_fields[i])));
        json_out_object(out);
        json_out_key(out, SLICE("confidence"));
        if (canonical)
            json_out_string(out, confidence);
        else
            json_out_raw(out, confidence);
        json_out_pair(out, "source", slice_of(draft_source_name(origin->source)));
        json_out_end_object(out);
    }
    json_out_end_object(out);
}

static void put_findings(JsonOut *out, const Draft *draft)
{
    json_out_key(out, SLICE("findings"));
    json_out_array(out);
    for (size_t i = 0; i < draft->finding_count; i++) {
        const Finding *finding = &draft->findings[i];
        json_out_object(out);
        json_out_pair(out, "field", finding->field);
        json_out_pair(out, "rule", finding->rule);
        json_out_pair(out, "severity", slice_of(finding_severity_name(finding->severity)));
        json_out_pair(out, "text", finding->text);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void put_lines(JsonOut *out, const Draft *draft)
{
    json_out_key(out, SLICE("lines"));
    json_out_array(out);
    for (size_t i = 0; i < draft->line_count; i++) {
        const Line *line = &draft->lines[i];
        json_out_object(out);
        json_out_pair(out, "amount", line->amount);
        json_out_pair(out, "name", line->name);
        json_out_pair(out, "price", line->price);
        json_out_pair(out, "quantity", line->quantity);
        json_out_pair(out, "spec", line->spec);
        json_out_pair(out, "tax", line->tax);
        json_out_pair(out, "tax_code", line->tax_code);
        json_out_pair(out, "tax_rate", line->tax_rate);
        json_out_pair(out, "unit", line->unit);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

// A fact of an invoice that has none is what it was before there were any.
static void put_extras(JsonOut *out, const Draft *draft, bool canonical)
{
    if (canonical && draft->extra_count == 0) return;
    json_out_key(out, SLICE("extra"));
    json_out_array(out);
    for (size_t i = 0; i < draft->extra_count; i++) {
        const Extra *extra = &draft->extras[i];
        const ExtraRow *row = extra_row(extra->name);
        json_out_object(out);
        if (!canonical) json_out_pair(out, "label", slice_of(row == NULL ? "" : row->label));
        json_out_pair(out, "name", extra->name);
        json_out_pair(out, "source", slice_of(draft_source_name(extra->source)));
        json_out_pair(out, "value", extra->value);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void put_red(JsonOut *out, const Red *red)
{
    json_out_key(out, SLICE("red"));
    json_out_object(out);
    json_out_pair(out, "confirmation_number", red->confirmation_number);
    json_out_key(out, SLICE("is_red"));
    json_out_bool(out, red->is_red);
    json_out_pair(out, "original_code", red->original_code);
    json_out_pair(out, "original_number", red->original_number);
    json_out_end_object(out);
}

static void put_seal(JsonOut *out, const Seal *seal)
{
    json_out_key(out, SLICE("seal"));
    json_out_object(out);
    json_out_key(out, SLICE("electronic_signature"));
    json_out_bool(out, seal->electronic_signature);
    json_out_pair(out, "issuer", seal->issuer_trusted ? SLICE("trusted") : SLICE("unchecked"));
    json_out_key(out, SLICE("reasons"));
    json_out_array(out);
    for (size_t i = 0; i < seal->reason_count; i++)
        json_out_string(out, seal->reasons[i]);
    json_out_end_array(out);
    json_out_pair(out, "signer", seal->signer);
    json_out_pair(out, "state", slice_of(draft_seal_name(seal->state)));
    json_out_end_object(out);
}

void reading_json_draft(JsonOut *out, const Draft *draft, bool canonical)
{
    const KindRow *kind = kind_row(draft->kind);
    json_out_object(out);
    json_out_pair(out, "amount", draft->amount);
    // Derived from tables of ours that may grow: no part of a fact.
    if (!canonical) json_out_pair(out, "area", kind_area_name(draft->code, draft->number));
    put_party(out, "buyer", &draft->buyer);
    json_out_pair(out, "check_code", draft->check_code);
    json_out_pair(out, "code", draft->code);
    // As of the values of a special business: who has none is what it was before there were any.
    if (!canonical || !slice_empty(draft->digital_number))
        json_out_pair(out, "digital_number", draft->digital_number);
    put_extras(out, draft, canonical);
    put_origins(out, draft, canonical);
    put_findings(out, draft);
    json_out_pair(out, "issue_date", draft->issue_date);
    json_out_pair(out, "issuer", draft->issuer);
    json_out_pair(out, "kind", draft->kind);
    if (!canonical) json_out_pair(out, "kind_name", slice_of(kind == NULL ? "" : kind->name));
    put_lines(out, draft);
    json_out_pair(out, "machine_number", draft->machine_number);
    json_out_pair(out, "number", draft->number);
    json_out_pair(out, "payee", draft->payee);
    json_out_pair(out, "qr", draft->qr);
    put_red(out, &draft->red);
    json_out_pair(out, "remark", draft->remark);
    json_out_pair(out, "reviewer", draft->reviewer);
    put_seal(out, &draft->seal);
    put_party(out, "seller", &draft->seller);
    json_out_pair(out, "tax", draft->tax);
    json_out_pair(out, "total", draft->total);
    json_out_pair(out, "total_words", draft->total_words);
    json_out_end_object(out);
}

Err reading_json_canonical(Cx *cx, const Draft *draft, Slice *ret_json)
{
    bool plain = false;
    return reading_json_print_canonical(cx, draft, ret_json, &plain);
}

Err reading_json_print_canonical(Cx *cx, const Draft *draft, Slice *ret_json, bool *ret_plain)
{
    // What we write, reading_json_parse must take.
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    reading_json_draft(&out, draft, true);
    *ret_plain = !out.escaped;
    return json_out_done(cx, &out, ret_json);
}

// The contract knows no zip: a container is none of its media, whatever is wrong with it.
static Media media_told(Media media)
{
    return media == MEDIA_ZIP ? MEDIA_UNKNOWN : media;
}

Err reading_json_print(Cx *cx, Slice file, Slice sha256, const Reading *reading, Slice *ret_json)
{
    const ReasonRow *reason = reason_row(reading->reason);
    JsonOut out = json_out_open(cx, 4 * LIMIT_READING_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "file", file);
    json_out_pair(&out, "media", slice_of(reading_media_name(media_told(reading->media))));
    json_out_pair(&out, "sha256", sha256);
    json_out_key(&out, SLICE("documents"));
    json_out_array(&out);
    for (size_t i = 0; i < reading->draft_count; i++)
        reading_json_draft(&out, &reading->drafts[i], false);
    json_out_end_array(&out);
    json_out_key(&out, SLICE("error"));
    if (reading->reason == REASON_NONE) {
        json_out_null(&out);
    } else {
        json_out_object(&out);
        json_out_pair(&out, "code", slice_of(reason->code));
        json_out_pair(&out, "text", cx_printf(cx, "%s %s", reason->zh, reason->en));
        json_out_end_object(&out);
    }
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

// The tree goes, its texts stay: see json_in.h.
static Err take_slice(Cx *cx, const JsonValue *object, Slice key, Slice *ret_text)
{
    const JsonValue *value = json_in_find(object, key);
    Slice text = json_in_string(value);
    if (value != NULL && !json_in_is_string(value))
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not a string", SLICE_ARG(key));
    if (text.size > LIMIT_FIELD_BYTES)
        return err_set(cx, ERR_LIMIT, "'" SLICE_FMT "' is over %zu bytes", SLICE_ARG(key),
                       LIMIT_FIELD_BYTES);
    *ret_text = text;
    return ERR_OK;
}

static Err take_text(Cx *cx, const JsonValue *object, const char *key, Slice *ret_text)
{
    return take_slice(cx, object, slice_of(key), ret_text);
}

// The canonical shape has it as a string: "0.995" is 995.
static bool per_mille_of(Cx *cx, const JsonValue *value, int64_t *ret_per_mille)
{
    Decimal decimal = {};
    if (!json_in_is_string(value)) return json_in_scaled(value, 1000, ret_per_mille);
    if (decimal_parse(cx, json_in_string(value), &decimal) != ERR_OK || decimal.scale > 3)
        return false;
    if (decimal.digits < 0 || decimal_compare(decimal, (Decimal){1, 0}) > 0) return false;
    for (; decimal.scale < 3; decimal.scale++)
        decimal.digits *= 10;
    *ret_per_mille = decimal.digits;
    return true;
}

static Err take_origin(Cx *cx, const JsonValue *fields, Slice name, FieldOrigin *ret_origin)
{
    const JsonValue *value = json_in_find(fields, name);
    FieldOrigin origin = {SOURCE_NONE, 0};
    if (value != NULL) {
        const JsonValue *confidence = json_in_get(value, "confidence");
        int64_t per_mille = 1000;
        bool ok = confidence == NULL || per_mille_of(cx, confidence, &per_mille);
        ok = ok && per_mille >= 0 && per_mille <= 1000 &&
             draft_source_of(json_in_string(json_in_get(value, "source")), &origin.source);
        if (!ok)
            return err_set(cx, ERR_INPUT, "origin of '" SLICE_FMT "' is malformed",
                           SLICE_ARG(name));
        origin.confidence = (uint16_t)per_mille;
    }
    *ret_origin = origin;
    return ERR_OK;
}

// A field as it stands in the JSON.
typedef struct Taken {
    Slice text;
    FieldOrigin origin;
} Taken;

// "seller.name" is the member "name" of the object "seller".
static Err take_field(Cx *cx, const JsonValue *root, const JsonValue *fields, Field field,
                      Taken *ret_taken)
{
    Slice name = slice_of(draft_field_name(field)), inner = name;
    const char *dot = memchr(name.data, '.', name.size);
    const JsonValue *object = root;
    if (dot != NULL) {
        size_t size = (size_t)(dot - name.data);
        object = json_in_find(root, slice_sub(name, 0, size));
        inner = slice_sub(name, size + 1, SIZE_MAX);
    }
    TRY(take_slice(cx, object, inner, &ret_taken->text));
    return take_origin(cx, fields, name, &ret_taken->origin);
}

// Looked for in the order of their names, which is the order of the canonical shape.
static Err take_fields(Cx *cx, const JsonValue *root, Draft *draft)
{
    const JsonValue *fields = json_in_get(root, "fields");
    Taken taken[DRAFT_FIELD_COUNT] = {};
    for (size_t i = 0; i < DRAFT_FIELD_COUNT; i++)
        TRY(take_field(cx, root, fields, sorted_fields[i], &taken[sorted_fields[i]]));
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++)
        TRY(draft_set(cx, draft, field, taken[field].text, taken[field].origin.source,
                      taken[field].origin.confidence));
    return ERR_OK;
}

static Err take_lines(Cx *cx, const JsonValue *list, Draft *draft)
{
    for (const JsonValue *at = json_in_first(list); at != NULL; at = json_in_next(at)) {
        Line *line = NULL;
        TRY(draft_add_line(cx, draft, &line));
#define TAKE(name, json) TRY(take_text(cx, at, json, &line->name));
        DRAFT_LINE_FIELDS(TAKE)
#undef TAKE
        TRY(draft_tidy_line(cx, draft, draft->line_count - 1));
    }
    return ERR_OK;
}

// Names that a later version knows are kept out: they would have no label here.
static Err take_extras(Cx *cx, const JsonValue *list, Draft *draft)
{
    for (const JsonValue *at = json_in_first(list); at != NULL; at = json_in_next(at)) {
        Slice name = {}, value = {};
        Source source = SOURCE_NONE;
        TRY(take_text(cx, at, "name", &name));
        TRY(take_text(cx, at, "value", &value));
        const ExtraRow *row = extra_row(name);
        if (!draft_source_of(json_in_string(json_in_get(at, "source")), &source))
            return err_set(cx, ERR_INPUT, "the source of an extra value is malformed");
        if (row != NULL) TRY(draft_add_extra(cx, draft, row->name, value, source));
    }
    return ERR_OK;
}

static Err take_findings(Cx *cx, const JsonValue *list, Draft *draft)
{
    for (const JsonValue *at = json_in_first(list); at != NULL; at = json_in_next(at)) {
        Slice rule = {}, field = {}, text = {};
        Severity severity = SEVERITY_INFO;
        TRY(take_text(cx, at, "rule", &rule));
        TRY(take_text(cx, at, "field", &field));
        TRY(take_text(cx, at, "text", &text));
        if (!finding_severity_of(json_in_string(json_in_get(at, "severity")), &severity))
            return err_set(cx, ERR_INPUT, "a finding's severity is malformed");
        const char *name = NULL;
        TRY(cx_cstr(cx, rule, &name));
        TRY(draft_add_finding(cx, draft, name, severity, field, SLICE_FMT, SLICE_ARG(text)));
    }
    return ERR_OK;
}

static Err take_seal(Cx *cx, const JsonValue *value, Seal *seal)
{
    if (value == NULL) return ERR_OK;
    if (!draft_seal_of(json_in_string(json_in_get(value, "state")), &seal->state))
        return err_set(cx, ERR_INPUT, "the seal's state is malformed");
    TRY(take_text(cx, value, "signer", &seal->signer));
    seal->electronic_signature = json_in_bool(json_in_get(value, "electronic_signature"), false);
    seal->issuer_trusted =
        slice_equal(json_in_string(json_in_get(value, "issuer")), SLICE("trusted"));
    const JsonValue *at = json_in_first(json_in_get(value, "reasons"));
    if (at == NULL) return ERR_OK;
    seal->reasons = arena_try_array(&cx->arena, LIMIT_SEAL_REASONS, sizeof *seal->reasons);
    if (seal->reasons == NULL) return err_set(cx, ERR_LIMIT, "no room for reasons");
    for (; at != NULL && seal->reason_count < LIMIT_SEAL_REASONS; at = json_in_next(at))
        seal->reasons[seal->reason_count++] = json_in_string(at);
    return ERR_OK;
}

static Err take_draft(Cx *cx, const JsonValue *root, Draft *draft)
{
    if (!json_in_is_object(root)) return err_set(cx, ERR_INPUT, "an invoice is a JSON object");
    TRY(take_fields(cx, root, draft));
    draft->red.is_red = json_in_bool(json_in_get(json_in_get(root, "red"), "is_red"), false);
    TRY(take_text(cx, root, "qr", &draft->qr));
    TRY(take_lines(cx, json_in_get(root, "lines"), draft));
    TRY(take_extras(cx, json_in_get(root, "extra"), draft));
    TRY(take_findings(cx, json_in_get(root, "findings"), draft));
    return take_seal(cx, json_in_get(root, "seal"), &draft->seal);
}

Err reading_json_parse(Cx *cx, Slice json, Draft *ret_draft)
{
    JsonIn *in = NULL;
    TRY(json_in_open(cx, json, &in));
    Draft draft = {};
    Err err = take_draft(cx, json_in_root(in), &draft);
    json_in_close(in);
    if (err == ERR_OK) *ret_draft = draft;
    return err;
}
