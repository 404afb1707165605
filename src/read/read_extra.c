#include "read/read_extra.h"

#include "base/limits.h"

#define DAY_DIGITS    8   // YYYYMMDD
#define MOMENT_DIGITS 14  // and hhmmss, behind which milliseconds may stand
#define VALUE_MAX     300 // bytes of what a remark says behind a label

static bool is_moment(const char *name)
{
    Slice text = slice_of(name);
    return slice_equal(text, SLICE("passage_from")) || slice_equal(text, SLICE("passage_to")) ||
           slice_equal(text, SLICE("travel_date"));
}

// "20240131120000000" -> "2024-01-31 12:00:00"; "20240131" and midnight -> "2024-01-31".
static Slice moment_of(Cx *cx, Slice text)
{
    bool day = text.size == DAY_DIGITS, moment = text.size >= MOMENT_DIGITS && text.size <= 17;
    if (!slice_digits(text) || !(day || moment) || !slice_starts(text, SLICE("20"))) return text;
    const char *at = text.data;
    // Midnight is a day without a time.
    day = day || memcmp(at + DAY_DIGITS, "000000", 6) == 0;
    if (day) return cx_printf(cx, "%.4s-%.2s-%.2s", at, at + 4, at + 6);
    return cx_printf(cx, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", at, at + 4, at + 6, at + 8, at + 10,
                     at + 12);
}

Err read_extra_put(Cx *cx, Draft *draft, const char *name, Slice raw, Source source)
{
    Slice value = slice_trim(raw);
    // Printed where there is nothing to say.
    if (slice_equal(value, SLICE("-")) || slice_equal(value, SLICE("—"))) return ERR_OK;
    return draft_add_extra(cx, draft, name, is_moment(name) ? moment_of(cx, value) : value, source);
}

// A label and a colon at the head of `text`: the row, and the bytes of both.
static const ExtraRow *label_at(Slice text, size_t *ret_size)
{
    const ExtraRow *row = NULL;
    const char *label = NULL;
    for (size_t i = 0; (label = extra_label(i, &row)) != NULL; i++) {
        size_t size = slice_of(label).size;
        if (!slice_starts(text, slice_of(label))) continue;
        Slice rest = slice_sub(text, size, SIZE_MAX);
        if (slice_starts(rest, SLICE("：")))
            size += SLICE("：").size;
        else if (slice_starts(rest, SLICE(":")))
            size += 1;
        else
            continue;
        *ret_size = size;
        return row;
    }
    return NULL;
}

static bool ends_value(Slice text)
{
    size_t size = 0;
    static const Slice ends[] = {SLICE(";"), SLICE("；"), SLICE("。"), SLICE("\n")};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (slice_starts(text, ends[i])) return true;
    return label_at(text, &size) != NULL;
}

// 类型 and 等级 are everyday words: in a remark they are none of ours.
static bool is_everyday(const ExtraRow *row)
{
    return slice_equal(slice_of(row->name), SLICE("vehicle_type")) ||
           slice_equal(slice_of(row->name), SLICE("seat_class")) ||
           slice_equal(slice_of(row->name), SLICE("replaced_number"));
}

Err read_extra_of_remark(Cx *cx, Draft *draft)
{
    Slice rest = draft->remark;
    Source source = draft->origins[DRAFT_REMARK].source;
    while (rest.size > 0) {
        size_t size = 0, end = 0;
        const ExtraRow *row = label_at(rest, &size);
        if (row == NULL) {
            rest = slice_sub(rest, 1, SIZE_MAX);
            continue;
        }
        rest = slice_sub(rest, size, SIZE_MAX);
        while (end < rest.size && !ends_value(slice_sub(rest, end, SIZE_MAX)))
            end++;
        if (end <= VALUE_MAX && !is_everyday(row))
            TRY(read_extra_put(cx, draft, row->name, slice_sub(rest, 0, end), source));
        rest = slice_sub(rest, end, SIZE_MAX);
    }
    return ERR_OK;
}
