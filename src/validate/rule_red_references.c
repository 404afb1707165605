// Source: docs/rules/red_references.md
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "red_references"

static Err check_sign(Cx *cx, Draft *draft)
{
    Money total = {};
    Slice text = slice_empty(draft->total) ? draft->amount : draft->total;
    if (!rule_money(cx, text, &total) || total.fen == 0) return ERR_OK;
    if ((total.fen < 0) == draft->red.is_red) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("red.is_red"), "%s",
                             draft->red.is_red ? "标为红字发票，金额却不是负数。"
                                               : "金额为负数，却没有红字发票标志。");
}

static Err check_form(Cx *cx, Draft *draft, Field field, const char *name, size_t size,
                      size_t other)
{
    Slice value = draft_get(draft, field);
    bool ok = slice_digits(value) && (value.size == size || value.size == other);
    if (ok || slice_empty(value)) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, slice_of(draft_field_name(field)),
                             "%s“" SLICE_FMT "”应为 %zu 或 %zu 位数字。", name, SLICE_ARG(value),
                             size, other);
}

// The run of digits behind `mark`, a colon and blanks between them skipped.
static Slice digits_behind(Slice text, Slice mark)
{
    size_t at = slice_find(text, mark);
    if (at == SLICE_NONE) return SLICE("");
    Slice rest = slice_trim(slice_sub(text, at + mark.size, SIZE_MAX));
    if (slice_starts(rest, SLICE("：")))
        rest = slice_sub(rest, 3, SIZE_MAX);
    else if (slice_starts(rest, SLICE(":")))
        rest = slice_sub(rest, 1, SIZE_MAX);
    rest = slice_trim(rest);
    size_t size = 0;
    while (size < rest.size && rest.data[size] >= '0' && rest.data[size] <= '9')
        size++;
    return slice_sub(rest, 0, size);
}

static Err check_remark(Cx *cx, Draft *draft)
{
    static const struct {
        Slice mark;
        Field field;
    } marks[] = {
        {SLICE("被红冲蓝字数电票号码"), DRAFT_RED_ORIGINAL_NUMBER},
        {SLICE("被红冲蓝字数电发票号码"), DRAFT_RED_ORIGINAL_NUMBER},
        {SLICE("红字发票信息确认单编号"), DRAFT_RED_CONFIRMATION_NUMBER},
        {SLICE("信息表编号"), DRAFT_RED_CONFIRMATION_NUMBER},
        {SLICE("对应正数发票代码"), DRAFT_RED_ORIGINAL_CODE},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        Slice said = digits_behind(draft->remark, marks[i].mark);
        Slice have = draft_get(draft, marks[i].field);
        if (slice_empty(said) || slice_empty(have) || slice_equal(said, have)) continue;
        TRY(draft_add_finding(cx, draft, RULE, SEVERITY_ERROR,
                              slice_of(draft_field_name(marks[i].field)),
                              "备注中“" SLICE_FMT "”为 " SLICE_FMT "，票面数据却是 " SLICE_FMT "。",
                              SLICE_ARG(marks[i].mark), SLICE_ARG(said), SLICE_ARG(have)));
    }
    return ERR_OK;
}

Err rule_red_references(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    TRY(check_sign(cx, draft));
    if (!draft->red.is_red) return ERR_OK; // a blue one may quote another's remark
    TRY(check_form(cx, draft, DRAFT_RED_ORIGINAL_CODE, "原发票代码", 10, 12));
    TRY(check_form(cx, draft, DRAFT_RED_ORIGINAL_NUMBER, "原发票号码", 8, 20));
    TRY(check_form(cx, draft, DRAFT_RED_CONFIRMATION_NUMBER, "红字确认单或信息表编号", 16, 20));
    TRY(check_remark(cx, draft));
    const Red *red = &draft->red;
    if (!slice_empty(red->original_number) || !slice_empty(red->confirmation_number)) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("red.original_number"),
                             "红字发票没有写明对应的蓝字发票或信息确认单。");
}
