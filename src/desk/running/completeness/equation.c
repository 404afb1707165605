#include "desk/running/completeness/equation.h"

#include "base/date.h"

// In their order by name; one that is new is put in.
static Err source_of(Cx *cx, EquationDay *sum, Slice name, EquationCount **ret_source)
{
    name = slice_sub(name, 0, EQUATION_SOURCE_SIZE);
    size_t at = 0;
    int order = 1;
    for (; at < sum->source_count; at++) {
        Slice there = {sum->sources[at].source, sum->sources[at].source_size};
        order = slice_compare(name, there);
        if (order <= 0) break;
    }
    if (at < sum->source_count && order == 0) {
        *ret_source = &sum->sources[at];
        return ERR_OK;
    }
    if (sum->source_count == EQUATION_SOURCES_MAX)
        return err_set(cx, ERR_LIMIT, "more than %d sources on %s", EQUATION_SOURCES_MAX, sum->day);
    memmove(&sum->sources[at + 1], &sum->sources[at],
            (sum->source_count - at) * sizeof *sum->sources);
    sum->sources[at] = (EquationCount){.source_size = name.size};
    memcpy(sum->sources[at].source, name.data, name.size);
    sum->source_count++;
    *ret_source = &sum->sources[at];
    return ERR_OK;
}

static int64_t *outcome_of(EquationCount *count, DocState state)
{
    switch (state) {
    case DOC_RECEIVED:
        return &count->in_progress;
    case DOC_ACCEPTED:
        return &count->accepted;
    case DOC_DUPLICATE:
        return &count->duplicate;
    case DOC_CONFLICT:
        return &count->conflict;
    case DOC_QUARANTINED:
        return &count->quarantined;
    case DOC_UNPACKED:
        return &count->unpacked;
    case DOC_REJECTED:
    case DOC_ERASED: // counts as what it was
        break;
    }
    return &count->rejected;
}

static int64_t *way_of(EquationCount *count, EquationWay way)
{
    switch (way) {
    case EQUATION_HANDED_IN:
        return &count->handed_in;
    case EQUATION_CARRIED:
        return &count->carried;
    case EQUATION_RELEASED:
        return &count->released;
    case EQUATION_REJECTED:
        break;
    }
    return &count->rejected;
}

Err equation_came(Cx *cx, EquationDay *day, Slice source, EquationWay way, int64_t count)
{
    EquationCount *one = NULL;
    TRY(source_of(cx, day, source, &one));
    *way_of(one, way) += count;
    *way_of(&day->all, way) += count;
    return ERR_OK;
}

Err equation_became(Cx *cx, EquationDay *day, Slice source, DocState state, Slice arrived,
                    int64_t count)
{
    EquationCount *one = NULL;
    TRY(source_of(cx, day, source, &one));
    *outcome_of(one, state) += count;
    *outcome_of(&day->all, state) += count;
    char *since = day->open_since;
    if (state == DOC_RECEIVED && arrived.size == DATE_TEXT_SIZE &&
        (since[0] == '\0' || memcmp(arrived.data, since, DATE_TEXT_SIZE) < 0))
        memcpy(since, arrived.data, DATE_TEXT_SIZE);
    return ERR_OK;
}
