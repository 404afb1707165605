// For the test and the fuzz target: whether two drafts are the same in all that they say.
#pragma once
#include "model/draft.h"

static inline bool reading_again_same_lines(const Draft *a, const Draft *b)
{
    if (a->line_count != b->line_count) return false;
    for (size_t i = 0; i < a->line_count; i++) {
#define SAME(name, json)                                                                           \
    if (!slice_equal(a->lines[i].name, b->lines[i].name)) return false;
        DRAFT_LINE_FIELDS(SAME)
#undef SAME
    }
    return true;
}

static inline bool reading_again_same_lists(const Draft *a, const Draft *b)
{
    if (a->extra_count != b->extra_count || a->finding_count != b->finding_count) return false;
    for (size_t i = 0; i < a->extra_count; i++)
        if (!slice_equal(a->extras[i].name, b->extras[i].name) ||
            !slice_equal(a->extras[i].value, b->extras[i].value) ||
            a->extras[i].source != b->extras[i].source)
            return false;
    for (size_t i = 0; i < a->finding_count; i++) {
        const Finding *one = &a->findings[i], *two = &b->findings[i];
        if (!slice_equal(one->rule, two->rule) || !slice_equal(one->field, two->field) ||
            !slice_equal(one->text, two->text) || one->severity != two->severity)
            return false;
    }
    return true;
}

static inline bool reading_again_same_seal(const Seal *a, const Seal *b)
{
    if (a->state != b->state || a->electronic_signature != b->electronic_signature ||
        a->issuer_trusted != b->issuer_trusted || !slice_equal(a->signer, b->signer) ||
        a->reason_count != b->reason_count)
        return false;
    for (size_t i = 0; i < a->reason_count; i++)
        if (!slice_equal(a->reasons[i], b->reasons[i])) return false;
    return true;
}

static inline bool reading_again_same(const Draft *a, const Draft *b)
{
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++)
        if (!slice_equal(draft_get(a, field), draft_get(b, field)) ||
            a->origins[field].source != b->origins[field].source ||
            a->origins[field].confidence != b->origins[field].confidence)
            return false;
    return a->red.is_red == b->red.is_red && slice_equal(a->qr, b->qr) &&
           reading_again_same_lines(a, b) && reading_again_same_lists(a, b) &&
           reading_again_same_seal(&a->seal, &b->seal);
}
