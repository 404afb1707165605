#include "read/read_red.h"

#include "read/read_put.h"

// The digits behind the first of `words`, at most a colon and blanks between them.
static Slice digits_after(Slice text, Slice words)
{
    size_t at = slice_find(text, words);
    if (at == SLICE_NONE) return SLICE("");
    Slice rest = slice_trim(slice_sub(text, at + words.size, SIZE_MAX));
    if (slice_starts(rest, SLICE("："))) rest = slice_sub(rest, 3, SIZE_MAX);
    if (slice_starts(rest, SLICE(":"))) rest = slice_sub(rest, 1, SIZE_MAX);
    rest = slice_trim(rest);
    size_t size = 0;
    while (size < rest.size && size < 32 && rest.data[size] >= '0' && rest.data[size] <= '9')
        size++;
    return slice_sub(rest, 0, size);
}

static Slice first_of(Slice text, const Slice *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Slice digits = digits_after(text, words[i]);
        if (digits.size >= 8) return digits;
    }
    return SLICE("");
}

Err read_red_of_remark(Cx *cx, Draft *draft, Source source)
{
    static const Slice blue_numbers[] = {SLICE("被红冲蓝字数电票号码"),
                                         SLICE("被红冲蓝字数电发票号码"),
                                         SLICE("被红冲蓝字发票号码")};
    static const Slice forms[] = {SLICE("红字发票信息确认单编号"), SLICE("红字确认单编号"),
                                  SLICE("红字增值税专用发票信息表编号")};
    Slice remark = draft->remark;
    Slice number = first_of(remark, blue_numbers, sizeof blue_numbers / sizeof blue_numbers[0]);
    Slice code = digits_after(remark, SLICE("对应正数发票代码"));
    if (slice_empty(number) && !slice_empty(code)) {
        size_t at = slice_find(remark, SLICE("对应正数发票代码"));
        number = digits_after(slice_sub(remark, at, SIZE_MAX), SLICE("号码"));
    }
    Slice form = first_of(remark, forms, sizeof forms / sizeof forms[0]);
    if (slice_starts(draft->total, SLICE("-")) || slice_starts(draft->amount, SLICE("-")))
        draft->red.is_red = true;
    if (!draft->red.is_red) return ERR_OK; // a blue one may quote another's remark
    TRY(read_put(cx, draft, DRAFT_RED_ORIGINAL_CODE, code, source));
    TRY(read_put(cx, draft, DRAFT_RED_ORIGINAL_NUMBER, number, source));
    return read_put(cx, draft, DRAFT_RED_CONFIRMATION_NUMBER, form, source);
}
