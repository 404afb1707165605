#include "desk/invoice/verify/verify.h"

#include "base/date.h"
#include "base/limits.h"
#include "desk/invoice/verify/verify_record.h"
#include "desk/invoice/verify/verify_words.h"
#include "model/draft_canon.h"

// field_basis: one digit a field, in this order (store/schema/0002_projections.sql).
typedef enum Digit { DIGIT_DATE, DIGIT_AMOUNT, DIGIT_TAX, DIGIT_TOTAL, DIGIT_CHECK } Digit;

// The question in canonical form.
typedef struct Asked {
    const KindRow *kind; // NULL while it can't be told
    Slice code, number, check_code;
    char date_text[DATE_TEXT_SIZE + 1];
    Slice date;
    bool has_amount, has_total;
    Money amount, total;
    FourthField fourth;
} Asked;

typedef struct Compared {
    const char *mismatch[VERIFY_MISMATCH_MAX];
    size_t mismatch_count;
    unsigned unknown; // bit i: of mismatch[i]
    Basis weakest;
    VerifyHint hint;
} Compared;

const char *verify_result_name(VerifyResult result)
{
    static const char *const names[] = {"match", "mismatch", "not_found"};
    return names[result];
}

void verify_needs(Slice code, Slice number, VerifyNeeds *ret_needs)
{
    *ret_needs = (VerifyNeeds){.kind = SLICE("")};
    Slice kind = kind_of(code, number);
    const KindRow *row = slice_empty(kind) ? NULL : kind_row(kind);
    if (row != NULL) {
        *ret_needs = (VerifyNeeds){kind, row->has_code, row->fourth};
    } else if (number.size == 20 && code.size == 0) {
        // 数电票: 31 or 32 can't be told, but both want the same.
        ret_needs->fourth = FOURTH_TOTAL;
    } else {
        ret_needs->code = number.size != 20;
    }
}

static Err missing(Cx *cx, const char *field)
{
    return err_set(cx, ERR_INPUT, "%s: is required for this kind of invoice", field);
}

// Without white space, full-width forms as ASCII.
static Err fold(Cx *cx, const char *field, Slice text, Slice *ret_folded)
{
    if (text.size <= LIMIT_FIELD_BYTES) return draft_canon_digits(cx, text, ret_folded);
    return err_set(cx, ERR_INPUT, "%s: is too long", field);
}

// Digits and letters alone, as an input method or a copy from a page may give them.
static Err clean(Cx *cx, const char *field, Slice given, Slice *ret_clean)
{
    Slice text;
    TRY(fold(cx, field, given, &text));
    char *bytes = arena_alloc(&cx->arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-')
            return err_set(cx, ERR_INPUT, "%s: has characters that no invoice has", field);
        bytes[size++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    *ret_clean = (Slice){bytes, size};
    return ERR_OK;
}

static Err money_of(Cx *cx, const char *field, Slice text, bool *ret_has, Money *ret_money)
{
    Slice folded, money;
    TRY(fold(cx, field, text, &folded));
    if (folded.size == 0) return ERR_OK;
    // As it is printed: "¥4,449.00".
    TRY(draft_canon_money(cx, folded, &money, ret_has));
    if (!*ret_has) return err_set(cx, ERR_INPUT, "%s: is no amount", field);
    return money_parse(cx, money, ret_money);
}

static Err settle_kind(Cx *cx, const VerifyQuery *query, Asked *asked)
{
    VerifyNeeds needs;
    verify_needs(asked->code, asked->number, &needs);
    if (slice_trim(query->kind).size > 0) {
        asked->kind = kind_row(slice_trim(query->kind));
        if (asked->kind == NULL) return err_set(cx, ERR_INPUT, "kind: there is no such kind");
        needs.code = asked->kind->has_code && asked->number.size != 20;
        needs.fourth = asked->kind->fourth;
    } else {
        asked->kind = slice_empty(needs.kind) ? NULL : kind_row(needs.kind);
    }
    if (needs.code && asked->code.size == 0) return missing(cx, "code");
    if (!needs.code) asked->code = SLICE("");
    asked->fourth = needs.fourth;
    return ERR_OK;
}

static Err settle_fourth(Cx *cx, const Asked *asked)
{
    bool any_money = asked->has_amount || asked->has_total;
    switch (asked->fourth) {
    case FOURTH_AMOUNT:
        return any_money ? ERR_OK : missing(cx, "amount");
    case FOURTH_TOTAL:
        return any_money ? ERR_OK : missing(cx, "total");
    case FOURTH_CHECK_CODE:
        return asked->check_code.size > 0 ? ERR_OK : missing(cx, "check_code");
    case FOURTH_NONE:
        break;
    }
    // A kind that we can't tell: something beside number and date must be known to who asks.
    if (asked->kind != NULL || any_money || asked->check_code.size > 0) return ERR_OK;
    return missing(cx, "amount");
}

static Err settle(Cx *cx, const VerifyQuery *query, Asked *ret_asked)
{
    Asked asked = {};
    TRY(clean(cx, "number", query->number, &asked.number));
    if (asked.number.size == 0) return missing(cx, "number");
    TRY(clean(cx, "code", query->code, &asked.code));
    TRY(clean(cx, "check_code", query->check_code, &asked.check_code));
    if (asked.check_code.size > 0 && asked.check_code.size < 5)
        return err_set(cx, ERR_INPUT, "check_code: its last six characters are asked for");
    TRY(settle_kind(cx, query, &asked));
    Slice date;
    TRY(fold(cx, "issue_date", query->issue_date, &date));
    if (date.size == 0) return missing(cx, "issue_date");
    Date day;
    if (date_parse(cx, date, &day) != ERR_OK)
        return err_set(cx, ERR_INPUT, "issue_date: is no date");
    TRY(money_of(cx, "amount", query->amount, &asked.has_amount, &asked.amount));
    TRY(money_of(cx, "total", query->total, &asked.has_total, &asked.total));
    TRY(settle_fourth(cx, &asked));
    *ret_asked = asked;
    ret_asked->date = date_print(day, ret_asked->date_text);
    return ERR_OK;
}

static void weaken(const VerifyRecord *record, Digit digit, Compared *compared)
{
    Basis basis = record->basis;
    char c = (size_t)digit < record->digits.size ? record->digits.data[digit] : '-';
    if (c >= '0' && c < '0' + BASIS_COUNT) basis = (Basis)(c - '0');
    if (basis > compared->weakest) compared->weakest = basis;
}

static void judge(Compared *compared, const char *field, bool known, bool equal)
{
    if (known && equal) return;
    if (!known) compared->unknown |= 1U << compared->mismatch_count;
    compared->mismatch[compared->mismatch_count++] = field;
}

static bool ends_alike(Slice recorded, Slice given)
{
    return given.size <= recorded.size && slice_ends(recorded, given);
}

static void compare_money(const Asked *asked, const VerifyRecord *record, Compared *compared)
{
    bool due_total = asked->fourth == FOURTH_TOTAL, due_amount = asked->fourth == FOURTH_AMOUNT;
    // What was given in the wrong box is compared with what is due.
    bool total_given = asked->has_total || (due_total && asked->has_amount);
    bool amount_given = asked->has_amount || (due_amount && asked->has_total);
    if (total_given && (!due_amount || asked->has_amount)) {
        Money given = asked->has_total ? asked->total : asked->amount;
        bool equal = given.fen == record->total.fen;
        bool extra = !due_total && !record->has_total;
        if (!extra) weaken(record, DIGIT_TOTAL, compared);
        if (!extra) judge(compared, "total", record->has_total, equal);
        bool net = !asked->has_total || (record->has_amount && given.fen == record->amount.fen);
        if (due_total && !equal && net) compared->hint = VERIFY_HINT_WANTS_TOTAL;
    }
    if (amount_given && (!due_total || asked->has_total)) {
        Money given = asked->has_amount ? asked->amount : asked->total;
        bool equal = given.fen == record->amount.fen;
        bool extra = !due_amount && !record->has_amount;
        if (!extra) weaken(record, DIGIT_AMOUNT, compared);
        if (!extra) judge(compared, "amount", record->has_amount, equal);
        bool gross = !asked->has_amount || (record->has_total && given.fen == record->total.fen);
        if (due_amount && !equal && gross) compared->hint = VERIFY_HINT_WANTS_AMOUNT;
    }
}

static Compared compare(const Asked *asked, const VerifyRecord *record)
{
    Compared compared = {.weakest = record->basis};
    weaken(record, DIGIT_DATE, &compared);
    judge(&compared, "issue_date", record->date.size > 0, slice_equal(record->date, asked->date));
    compare_money(asked, record, &compared);
    bool due = asked->fourth == FOURTH_CHECK_CODE;
    if (asked->check_code.size > 0 && (due || record->check_code.size > 0)) {
        weaken(record, DIGIT_CHECK, &compared);
        judge(&compared, "check_code", record->check_code.size > 0,
              ends_alike(record->check_code, asked->check_code));
    }
    return compared;
}

// A code beside the 20 digits names no other invoice, so guessing at it wins no tries.
static void name_for_tries(const Asked *asked, const VerifyRecord *record, VerifyAnswer *answer)
{
    bool digital = asked->number.size == KIND_DIGITAL_NUMBER_SIZE;
    answer->code = digital ? SLICE("") : asked->code;
    answer->number = asked->number;
    if (digital || record == NULL || slice_empty(record->digital)) return;
    answer->code = SLICE("");
    answer->number = record->digital;
}

Err verify_ask(Cx *cx, Store *store, VerifyIndex *index, const VerifyQuery *query,
               VerifyAnswer *ret_answer)
{
    Asked asked;
    TRY(settle(cx, query, &asked));
    VerifyRecord records[VERIFY_RECORDS_MAX];
    size_t count = 0;
    TRY(verify_record_find(cx, store, index, asked.code, asked.number, records, &count));
    VerifyAnswer answer = {.result = VERIFY_NOT_FOUND, .state = "", .basis = ""};
    VerifyWords words = {};
    if (count > 0) {
        // Of variants on equally strong evidence none is privileged: the one that agrees answers.
        // What is weaker than the strongest never does.
        size_t chosen = 0;
        Compared compared = compare(&asked, &records[0]);
        for (size_t i = 1; i < count && compared.mismatch_count > 0; i++) {
            if (records[i].basis != records[0].basis) break;
            Compared other = compare(&asked, &records[i]);
            if (other.mismatch_count > 0) continue;
            compared = other;
            chosen = i;
        }
        const VerifyRecord *record = &records[chosen];
        answer.result = compared.mismatch_count == 0 ? VERIFY_MATCH : VERIFY_MISMATCH;
        memcpy(answer.mismatch, compared.mismatch, sizeof answer.mismatch);
        answer.mismatch_count = compared.mismatch_count;
        answer.state = record->state;
        answer.basis = verdict_basis_name(compared.weakest);
        answer.conflict = record->conflict;
        bool sealed = compared.weakest <= BASIS_SIGNATURE_VALID;
        answer.signer = sealed ? record->signer : SLICE("");
        answer.sequence = record->sequence;
        words = (VerifyWords){compared.weakest, compared.hint, compared.unknown};
    }
    name_for_tries(&asked, count == 0 ? NULL : &records[0], &answer);
    verify_words_say(cx, &words, &answer);
    *ret_answer = answer;
    return ERR_OK;
}
