#include "publish/merge.h"

#include "base/limits.h"
#include "model/kind.h"

// Column field_basis begins with these; verify reads them by position.
static const Field key_fields[] = {DRAFT_ISSUE_DATE,  DRAFT_AMOUNT,     DRAFT_TAX,
                                   DRAFT_TOTAL,       DRAFT_CHECK_CODE, DRAFT_SELLER_TAX_ID,
                                   DRAFT_BUYER_TAX_ID};
#define KEY_FIELD_COUNT (sizeof key_fields / sizeof key_fields[0])
_Static_assert(KEY_FIELD_COUNT == 7, "merge.h and the schema say seven");

static char digit_of(Basis basis)
{
    return (char)('0' + (int)basis);
}

void merge_start(Merge *merge, const Draft *draft, Basis basis)
{
    *merge = (Merge){.draft = *draft, .basis = basis};
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++)
        merge->fields[field] = slice_empty(draft_get(draft, field)) ? '-' : digit_of(basis);
    merge->lines = draft->line_count == 0 ? '-' : digit_of(basis);
}

static bool same_finding(const Finding *a, const Finding *b)
{
    return slice_equal(a->rule, b->rule) && slice_equal(a->field, b->field) &&
           slice_equal(a->text, b->text);
}

static bool has_finding(const Draft *draft, const Finding *finding)
{
    for (size_t i = 0; i < draft->finding_count; i++)
        if (same_finding(&draft->findings[i], finding)) return true;
    return false;
}

// Into an array of its own: the merged draft's may be another draft's.
static Err add_findings(Cx *cx, Draft *to, const Draft *from)
{
    size_t room = to->finding_count + from->finding_count;
    Finding *all = arena_try_array(&cx->arena, room, sizeof *all);
    if (all == NULL) return err_set(cx, ERR_LIMIT, "the findings do not fit");
    if (to->finding_count > 0) memcpy(all, to->findings, to->finding_count * sizeof *all);
    to->findings = all;
    to->finding_room = room;
    for (size_t i = 0; i < from->finding_count && to->finding_count < LIMIT_FINDINGS; i++)
        if (!has_finding(to, &from->findings[i]))
            to->findings[to->finding_count++] = from->findings[i];
    return ERR_OK;
}

static Err say_differs(Cx *cx, Draft *draft, Field field, Slice kept, Slice other)
{
    static const char format[] = "各载体所载不一致：采用“" SLICE_FMT "”，另见“" SLICE_FMT "”";
    Slice text = cx_printf(cx, format, SLICE_ARG(kept), SLICE_ARG(other));
    // What is merged is read again: no value in it may be over the limit.
    if (text.size > LIMIT_FIELD_BYTES)
        text = cx_printf(cx, format, SLICE_ARG(draft_head(kept)), SLICE_ARG(draft_head(other)));
    const Finding finding = {.rule = SLICE("carriers_differ"),
                             .severity = SEVERITY_INFO,
                             .field = slice_of(draft_field_name(field)),
                             .text = text};
    if (has_finding(draft, &finding) || draft->finding_count >= LIMIT_FINDINGS) return ERR_OK;
    const Draft one = {.findings = (Finding *)(uintptr_t)&finding, .finding_count = 1};
    return add_findings(cx, draft, &one);
}

static Err merge_field(Cx *cx, Merge *merge, const Merge *from, Field field)
{
    Slice *have = draft_field(&merge->draft, field);
    Slice come = draft_get(&from->draft, field);
    if (slice_empty(come)) return ERR_OK;
    Slice other = come;
    bool known = merge->fields[field] != '-';
    if (!known || from->fields[field] < merge->fields[field]) {
        other = *have;
        *have = come;
        merge->draft.origins[field] = from->draft.origins[field];
        merge->fields[field] = from->fields[field];
    }
    if (!known || draft_same_text(*have, other)) return ERR_OK;
    return say_differs(cx, &merge->draft, field, *have, other);
}

static bool has_extra(const Draft *draft, Slice name)
{
    for (size_t i = 0; i < draft->extra_count; i++)
        if (slice_equal(draft->extras[i].name, name)) return true;
    return false;
}

// A name's values come from one reading: the stronger one's, among equals the first's.
static Err merge_extras(Cx *cx, Draft *to, const Draft *from, bool stronger)
{
    const Draft *first = stronger ? from : to, *second = stronger ? to : from;
    size_t room = first->extra_count + second->extra_count, count = first->extra_count;
    Extra *all = arena_try_array(&cx->arena, room + 1, sizeof *all);
    if (all == NULL) return err_set(cx, ERR_LIMIT, "the values of a special business do not fit");
    if (count > 0) memcpy(all, first->extras, count * sizeof *all);
    for (size_t i = 0; i < second->extra_count && count < LIMIT_EXTRAS; i++)
        if (!has_extra(first, second->extras[i].name)) all[count++] = second->extras[i];
    to->extras = all;
    to->extra_count = count;
    to->extra_room = room + 1;
    return ERR_OK;
}

static bool is_digital(const Draft *draft)
{
    return slice_empty(draft->code) && draft->number.size == KIND_DIGITAL_NUMBER_SIZE;
}

static bool is_paper(const Draft *draft)
{
    return !slice_empty(draft->code) && !slice_empty(draft->number) &&
           draft->number.size != KIND_DIGITAL_NUMBER_SIZE;
}

// The number alone becomes the second identity of an invoice that has code and number.
static void on_paper(Merge *merge)
{
    Draft *draft = &merge->draft;
    draft->digital_number = draft->number;
    draft->origins[DRAFT_DIGITAL_NUMBER] = draft->origins[DRAFT_NUMBER];
    draft->number = SLICE("");
    draft->origins[DRAFT_NUMBER] = (FieldOrigin){};
    draft->kind = kind_on_paper(draft->kind);
    merge->fields[DRAFT_DIGITAL_NUMBER] = merge->fields[DRAFT_NUMBER];
    merge->fields[DRAFT_NUMBER] = '-';
}

// `from` names the invoice as `merge` does, so that fields of the same meaning meet.
static Err settle_identity(Cx *cx, Merge *merge, Merge *from)
{
    Draft *to = &merge->draft, *come = &from->draft;
    if (is_paper(to) && is_digital(come)) on_paper(from);
    if (!is_digital(to) || !is_paper(come)) return ERR_OK;
    if (from->fields[DRAFT_NUMBER] <= merge->fields[DRAFT_NUMBER]) {
        on_paper(merge);
        return ERR_OK;
    }
    // Nothing weaker gives an invoice another name.
    TRY(say_differs(cx, to, DRAFT_NUMBER, to->number, come->number));
    come->kind = come->code = come->number = come->digital_number = SLICE("");
    return ERR_OK;
}

static Err join(Cx *cx, Merge *merge, const Merge *other, bool *ret_lines)
{
    Merge settled = *other;
    const Draft *draft = &settled.draft;
    TRY(settle_identity(cx, merge, &settled));
    TRY(add_findings(cx, &merge->draft, draft));
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++)
        TRY(merge_field(cx, merge, &settled, field));
    *ret_lines = draft->line_count > 0 && (merge->lines == '-' || settled.lines < merge->lines);
    if (*ret_lines) {
        merge->draft.lines = draft->lines;
        merge->draft.line_count = draft->line_count;
        merge->draft.line_room = draft->line_room;
        merge->lines = settled.lines;
    }
    bool stronger = settled.basis < merge->basis;
    if (draft->extra_count > 0) TRY(merge_extras(cx, &merge->draft, draft, stronger));
    // A weaker reading can't turn a blue invoice red.
    if (draft->red.is_red && settled.basis <= merge->basis) merge->draft.red.is_red = true;
    if (slice_empty(merge->draft.qr)) merge->draft.qr = draft->qr;
    if (stronger) {
        merge->draft.seal = draft->seal;
        merge->basis = settled.basis;
    }
    return ERR_OK;
}

Err merge_add(Cx *cx, Merge *merge, const Draft *reading, Basis basis, bool *ret_lines)
{
    Merge one;
    merge_start(&one, reading, basis);
    return join(cx, merge, &one, ret_lines);
}

Err merge_invoices(Cx *cx, Merge *merge, const Merge *other)
{
    bool lines = false;
    // Which names go together was settled when they were joined; here the paper names the invoice.
    if (!is_digital(&merge->draft) || !is_paper(&other->draft))
        return join(cx, merge, other, &lines);
    Merge paper = *other;
    TRY(join(cx, &paper, merge, &lines));
    *merge = paper;
    return ERR_OK;
}

void merge_print_basis(const Merge *merge, char ret_text[static MERGE_BASIS_SIZE])
{
    char *at = ret_text;
    for (size_t i = 0; i < KEY_FIELD_COUNT; i++)
        *at++ = merge->fields[key_fields[i]];
    *at++ = ':';
    size_t count = DRAFT_FIELD_COUNT;
    while (count > MERGE_FIELDS_FIRST && merge->fields[count - 1] == '-')
        count--;
    memcpy(at, merge->fields, count);
    at += count;
    *at++ = ':';
    *at++ = merge->lines;
    *at = '\0';
}

Err merge_parse_basis(Cx *cx, Slice text, Merge *merge)
{
    const size_t around = KEY_FIELD_COUNT + 1 + 1 + 1; // all but the fields
    if (text.size < around + MERGE_FIELDS_FIRST || text.size > around + DRAFT_FIELD_COUNT)
        return err_set(cx, ERR_CORRUPT, "an invoice's field_basis is damaged");
    memset(merge->fields, '-', sizeof merge->fields);
    memcpy(merge->fields, text.data + KEY_FIELD_COUNT + 1, text.size - around);
    merge->lines = text.data[text.size - 1];
    return ERR_OK;
}
