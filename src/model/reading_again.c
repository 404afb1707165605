#include "model/reading_again.h"

#include "base/limits.h"
#include "model/reading_json.h"

// Larger ones are parsed, so that the parser's own ceilings need not be known here.
#define AGAIN_BYTES ((size_t)64 * 1024)

// Every text of the draft is in the canonical bytes, so they leave room for all.
typedef struct Copies {
    char *next;
    size_t left;
} Copies;

static Err take(Cx *cx, Copies *copies, Slice text, Slice *ret_copy)
{
    if (text.size > LIMIT_FIELD_BYTES)
        return err_set(cx, ERR_LIMIT, "a text is over %zu bytes", LIMIT_FIELD_BYTES);
    if (text.size > copies->left) return err_set(cx, ERR_LIMIT, "the texts do not fit");
    *ret_copy = SLICE("");
    if (text.size == 0) return ERR_OK;
    memcpy(copies->next, text.data, text.size);
    *ret_copy = (Slice){copies->next, text.size};
    copies->next += text.size;
    copies->left -= text.size;
    return ERR_OK;
}

static Err take_fields(Cx *cx, Copies *copies, const Draft *from, Draft *draft)
{
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++) {
        Slice text;
        FieldOrigin origin = from->origins[field];
        if (origin.source == SOURCE_NONE) origin.confidence = 0; // as they are printed
        if (origin.confidence > 1000) origin.confidence = 1000;
        TRY(take(cx, copies, draft_get(from, field), &text));
        TRY(draft_set(cx, draft, field, text, origin.source, origin.confidence));
    }
    return ERR_OK;
}

static Err take_lines(Cx *cx, Copies *copies, const Draft *from, Draft *draft)
{
    for (size_t i = 0; i < from->line_count; i++) {
        Line *line = NULL;
        TRY(draft_add_line(cx, draft, &line));
#define TAKE(name, json) TRY(take(cx, copies, from->lines[i].name, &line->name));
        DRAFT_LINE_FIELDS(TAKE)
#undef TAKE
        TRY(draft_tidy_line(cx, draft, i));
    }
    return ERR_OK;
}

static Err take_extras(Cx *cx, Copies *copies, const Draft *from, Draft *draft)
{
    for (size_t i = 0; i < from->extra_count; i++) {
        Slice name, value;
        TRY(take(cx, copies, from->extras[i].name, &name));
        TRY(take(cx, copies, from->extras[i].value, &value));
        const ExtraRow *row = extra_row(name);
        if (row != NULL) TRY(draft_add_extra(cx, draft, row->name, value, from->extras[i].source));
    }
    return ERR_OK;
}

static Err take_findings(Cx *cx, Copies *copies, const Draft *from, Draft *draft)
{
    for (size_t i = 0; i < from->finding_count; i++) {
        const Finding *finding = &from->findings[i];
        Slice rule, field, text;
        const char *name = NULL;
        TRY(take(cx, copies, finding->rule, &rule));
        TRY(take(cx, copies, finding->field, &field));
        TRY(take(cx, copies, finding->text, &text));
        TRY(cx_cstr(cx, rule, &name));
        TRY(draft_add_finding(cx, draft, name, finding->severity, field, SLICE_FMT,
                              SLICE_ARG(text)));
    }
    return ERR_OK;
}

static Err take_seal(Cx *cx, Copies *copies, const Seal *from, Seal *seal)
{
    *seal = (Seal){.state = from->state,
                   .electronic_signature = from->electronic_signature,
                   .issuer_trusted = from->issuer_trusted};
    TRY(take(cx, copies, from->signer, &seal->signer));
    if (from->reason_count == 0) return ERR_OK;
    seal->reasons = arena_try_array(&cx->arena, LIMIT_SEAL_REASONS, sizeof *seal->reasons);
    if (seal->reasons == NULL) return err_set(cx, ERR_LIMIT, "no room for reasons");
    for (size_t i = 0; i < from->reason_count && i < LIMIT_SEAL_REASONS; i++)
        TRY(take(cx, copies, from->reasons[i], &seal->reasons[seal->reason_count++]));
    return ERR_OK;
}

static Err take_draft(Cx *cx, Copies *copies, const Draft *from, Draft *draft)
{
    TRY(take_fields(cx, copies, from, draft));
    draft->red.is_red = from->red.is_red;
    TRY(take(cx, copies, from->qr, &draft->qr));
    TRY(take_lines(cx, copies, from, draft));
    TRY(take_extras(cx, copies, from, draft));
    TRY(take_findings(cx, copies, from, draft));
    return take_seal(cx, copies, &from->seal, &draft->seal);
}

// What a name is printed for, and no other value.
static bool is_named(const Draft *draft)
{
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++)
        if (draft->origins[field].source >= SOURCE_COUNT) return false;
    for (size_t i = 0; i < draft->extra_count; i++)
        if (draft->extras[i].source >= SOURCE_COUNT) return false;
    for (size_t i = 0; i < draft->finding_count; i++)
        if (draft->findings[i].severity > SEVERITY_ERROR) return false;
    for (size_t i = 0; i < draft->seal.reason_count; i++)
        if (draft->seal.reasons[i].size > LIMIT_FIELD_BYTES) return false; // has no limit there
    return draft->seal.state <= SEAL_UNCHECKED;
}

Err reading_again_of(Cx *cx, const Draft *draft, Slice canonical, bool plain, Draft *ret_draft)
{
    if (!plain || canonical.size > AGAIN_BYTES || !is_named(draft))
        return reading_json_parse(cx, canonical, ret_draft);
    Copies copies = {arena_try_alloc(&cx->arena, canonical.size), canonical.size};
    if (copies.next == NULL) return err_set(cx, ERR_LIMIT, "the texts do not fit");
    Draft again = {};
    TRY(take_draft(cx, &copies, draft, &again));
    *ret_draft = again;
    return ERR_OK;
}
