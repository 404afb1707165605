// Source: docs/rules/code_number_form.md
#include "model/kind.h"
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "code_number_form"

static bool is_digits(Slice s, size_t size)
{
    return s.size == size && slice_digits(s);
}

static Err check_number(Cx *cx, Draft *draft, const KindRow *kind)
{
    Slice number = draft->number;
    if (slice_empty(number))
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("number"),
                                 "没有读到发票号码。");
    bool paired = kind == NULL ? !slice_empty(draft->code) : kind->has_code;
    bool ok = (paired && is_digits(number, 8)) || is_digits(number, 20);
    // A digital invoice on paper has an 8-digit number and a 20-digit one; no other pair has 20.
    if (paired && number.size == 20 && (kind == NULL || !kind->digital)) ok = false;
    if (ok) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("number"),
                             "发票号码“" SLICE_FMT "”应为 %d 位数字。", SLICE_ARG(number),
                             paired ? 8 : 20);
}

static Err check_code(Cx *cx, Draft *draft, const KindRow *kind)
{
    Slice code = draft->code;
    if (slice_empty(code)) {
        // 数电纸质 is found by its 20-digit number as well.
        if (kind == NULL || !kind->has_code || draft->number.size == 20) return ERR_OK;
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("code"),
                                 "没有读到发票代码。");
    }
    if (kind != NULL && !kind->has_code)
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("code"),
                                 "%s没有发票代码，却读到“" SLICE_FMT "”。", kind->name,
                                 SLICE_ARG(code));
    if (!is_digits(code, 10) && !is_digits(code, 12))
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("code"),
                                 "发票代码“" SLICE_FMT "”应为 10 或 12 位数字。", SLICE_ARG(code));
    const KindRow *told = kind_row(kind_of(code, draft->number));
    if (kind == NULL || told == NULL || told == kind || kind->digital) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("kind"),
                             "发票代码“" SLICE_FMT "”属于%s，票面为%s。", SLICE_ARG(code),
                             told->name, kind->name);
}

// The first two of 20 digits are the year of issue.
static Err check_year(Cx *cx, Draft *draft)
{
    Slice number = draft->number, date = draft->issue_date;
    if (!is_digits(number, 20) || date.size != DATE_TEXT_SIZE) return ERR_OK;
    if (slice_equal(slice_sub(number, 0, 2), slice_sub(date, 2, 2))) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, SLICE("number"),
                             "发票号码“" SLICE_FMT "”的年份与开票日期 " SLICE_FMT " 不符。",
                             SLICE_ARG(number), SLICE_ARG(date));
}

Err rule_code_number_form(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    const KindRow *kind = kind_row(draft->kind);
    // 财政票据 number themselves by rules of their own.
    if (slice_equal(draft->kind, SLICE("101"))) return ERR_OK;
    TRY(check_number(cx, draft, kind));
    TRY(check_code(cx, draft, kind));
    TRY(check_year(cx, draft));
    Slice code = draft->code;
    bool told = slice_empty(code) ? is_digits(draft->number, 20)
                                  : is_digits(code, 10) || is_digits(code, 12);
    if (!told || !slice_empty(kind_area_name(draft->code, draft->number))) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_INFO, SLICE("number"),
                             "发票代码或号码中的地区代码不在已知之列。");
}
