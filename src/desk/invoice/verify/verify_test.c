#include "desk/invoice/verify/verify.h"

#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"

#define DIGITAL "fapiao\nkind 31\nnumber 24112000000048542163\nissue_date 2024-05-28\n"

static VerifyAnswer ask(Cx *cx, Flow *flow, VerifyQuery query)
{
    Store *store = flow_store(flow);
    VerifyAnswer answer;
    EXPECT_OK(verify_ask(cx, store, NULL, &query, &answer));
    return answer;
}

static bool says(const VerifyAnswer *answer, const char *part)
{
    return strstr(answer->zh, part) != NULL;
}

static VerifyQuery digital(const char *date, const char *amount, const char *total)
{
    return (VerifyQuery){.number = SLICE("24112000000048542163"),
                         .issue_date = slice_of(date),
                         .amount = slice_of(amount),
                         .total = slice_of(total)};
}

TEST("verify: a sealed invoice agrees, and names who sealed it")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow,
                            DIGITAL "amount 4197.17\ntax 251.83\ntotal 4449.00\n"
                                    "seal valid 国家税务总局北京市税务局\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
    EXPECT(answer.result == VERIFY_MATCH && answer.mismatch_count == 0);
    EXPECT(strcmp(answer.basis, "seal_valid") == 0 && strcmp(answer.state, "normal") == 0);
    EXPECT(!answer.conflict && answer.sequence > 0);
    EXPECT(slice_equal(answer.signer, SLICE("国家税务总局北京市税务局")));
    EXPECT(says(&answer, "完全一致") && says(&answer, "国家税务总局北京市税务局"));
    // The same date, written otherwise; blanks in the number.
    VerifyQuery query = digital("20240528", "", "4449.00");
    query.number = SLICE("2411 2000 0000 4854 2163");
    EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    answer = ask(cx, flow, digital("2024-05-29", "", "4449.01"));
    EXPECT(answer.result == VERIFY_MISMATCH && answer.mismatch_count == 2);
    EXPECT(strcmp(answer.mismatch[0], "issue_date") == 0);
    EXPECT(strcmp(answer.mismatch[1], "total") == 0);
    EXPECT(says(&answer, "开票日期、价税合计与记录不同"));
    query.number = SLICE("24112000000048542164");
    answer = ask(cx, flow, query);
    EXPECT(answer.result == VERIFY_NOT_FOUND && strcmp(answer.basis, "") == 0);
    flow_close(flow);
}

TEST("verify: what was copied from a page or typed full-width is understood")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "amount 4197.17\ntax 251.83\ntotal 4449.00\n");
    static const char *const dates[] = {"2024-05-28", "2024/5/28", "2024年05月28日",
                                        "2024 年 5 月 28 日", "２０２４-０５-２８"};
    static const char *const totals[] = {"4449", "4,449.00", "¥4,449.00", "￥４，４４９．００",
                                         " 4449.00元 "};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        VerifyQuery query = digital(dates[i], "", totals[i]);
        query.number = SLICE("２４１１２０００\u30000000 4854 2163");
        EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    }
    static const char *const amounts[] = {"44,49.00", "4449,00", "4449.005", "4449-", "四千元"};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        VerifyQuery query = digital("2024-05-28", "", amounts[i]);
        VerifyAnswer answer;
        EXPECT(verify_ask(cx, flow_store(flow), NULL, &query, &answer) == ERR_INPUT);
        EXPECT(slice_starts(err_text(cx), SLICE("total: is no amount")));
    }
    flow_close(flow);
}

TEST("verify: an amount where the total is due is said so")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "amount 4197.17\ntax 251.83\ntotal 4449.00\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "4197.17", ""));
    EXPECT(answer.result == VERIFY_MISMATCH && strcmp(answer.mismatch[0], "total") == 0);
    EXPECT(says(&answer, "您填的是不含税金额吗？这种票要填价税合计"));
    // The right number in the wrong box is right.
    EXPECT(ask(cx, flow, digital("2024-05-28", "4449.00", "")).result == VERIFY_MATCH);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 01\ncode 1100171130\nnumber 20012345\n"
                            "issue_date 2018-01-02\namount 100.00\ntax 17.00\ntotal 117.00\n");
    VerifyQuery query = {.code = SLICE("1100171130"),
                         .number = SLICE("20012345"),
                         .issue_date = SLICE("2018-01-02"),
                         .amount = SLICE("117.00")};
    answer = ask(cx, flow, query);
    EXPECT(answer.result == VERIFY_MISMATCH && strcmp(answer.mismatch[0], "amount") == 0);
    EXPECT(says(&answer, "您填的是含税金额吗？这种票要填不含税金额"));
    query.amount = SLICE("100.00");
    EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    flow_close(flow);
}

TEST("verify: an unsigned upload is never called genuine")
{
    static const struct {
        const char *lines, *basis, *zh;
    } cases[] = {{"", "unsigned_file", "与一份未经验签的上传件一致，不等于真票"},
                 {"source qr\n", "qr", "二维码一致"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        Slice text = cx_printf(cx,
                               "fapiao\n%s"
                               "kind 31\nnumber 24112000000048542163\n"
                               "issue_date 2024-05-28\ntotal 4449.00\n",
                               cases[i].lines);
        (void)flow_fixture_keep(cx, flow, text.data);
        VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449.00"));
        EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, cases[i].basis) == 0);
        EXPECT(says(&answer, cases[i].zh) && answer.signer.size == 0);
        flow_close(flow);
    }
}

TEST("verify: weaker evidence never changes an answer that rests on stronger")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    // The forged one comes first.
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 9999.00\n");
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 4449.00\nseal valid 税务局\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "9999.00"));
    EXPECT(answer.result == VERIFY_MISMATCH && answer.conflict);
    answer = ask(cx, flow, digital("2024-05-28", "", "4449.00"));
    EXPECT(answer.result == VERIFY_MATCH && answer.conflict);
    EXPECT(strcmp(answer.basis, "seal_valid") == 0);
    EXPECT(says(&answer, "另有一份号码相同、内容不同的记录"));
    flow_close(flow);
}

TEST("verify: variants on equal evidence: the one that agrees answers, and the conflict is said")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 1.00\n");
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 2.00\n");
    static const char *const totals[] = {"1.00", "2.00", "3.00"};
    for (int i = 0; i < 3; i++) {
        VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", totals[i]));
        EXPECT(answer.result == (i < 2 ? VERIFY_MATCH : VERIFY_MISMATCH) && answer.conflict);
    }
    flow_close(flow);
}

TEST("verify: of variants none of which agrees the first answers, of two that do each for itself")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 1.00\n");
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 2.00\n");
    VerifyAnswer first = ask(cx, flow, digital("2024-05-28", "", "1.00"));
    VerifyAnswer second = ask(cx, flow, digital("2024-05-28", "", "2.00"));
    EXPECT(first.result == VERIFY_MATCH && second.result == VERIFY_MATCH);
    EXPECT(second.sequence != first.sequence);
    // All but the date is the first one's.
    VerifyAnswer neither = ask(cx, flow, digital("2024-05-29", "", "1.00"));
    EXPECT(neither.result == VERIFY_MISMATCH && neither.sequence == first.sequence);
    EXPECT(neither.mismatch_count == 1 && strcmp(neither.mismatch[0], "issue_date") == 0);
    flow_close(flow);
}

TEST("verify: of eight variants each is looked at, of more the first and whatever is stronger")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    for (int i = 1; i <= 10; i++)
        (void)flow_fixture_keep(cx, flow, cx_printf(cx, DIGITAL "total %d.00\n%c", i, 0).data);
    for (int i = 1; i <= 10; i++) {
        VerifyAnswer answer =
            ask(cx, flow, digital("2024-05-28", "", cx_printf(cx, "%d%c", i, 0).data));
        EXPECT(answer.result == (i <= 8 ? VERIFY_MATCH : VERIFY_MISMATCH) && answer.conflict);
    }
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 99.00\nseal valid 税务局\n");
    EXPECT(ask(cx, flow, digital("2024-05-28", "", "99")).result == VERIFY_MATCH);
    EXPECT(ask(cx, flow, digital("2024-05-28", "", "1")).result == VERIFY_MISMATCH);
    flow_close(flow);
}

TEST("verify: among equals the one that came first stands first, by whichever number it is found")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 85\ncode 011001900104\nnumber 12345678\n"
                            "digital_number 24112000000048542163\nissue_date 2024-05-28\n"
                            "total 1.00\n");
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 2.00\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-29", "", "1"));
    EXPECT(answer.result == VERIFY_MISMATCH && answer.mismatch_count == 1);
    flow_close(flow);
}

TEST("verify: an answer is as strong as the weakest field in it, and names who sealed all of it")
{
    static const char *const old = "kind 01\ncode 1100171130\nnumber 20012345\n";
    static const char *const plain = "kind 10\ncode 011001900511\nnumber 12345678\n";
    static const char *const digital_number = "kind 31\nnumber 24112000000048542163\n";
    const struct {
        const char *names, *sealed, *weak; // what the sealed file says, and what a QR code besides
        VerifyQuery query;
        const char *basis;
    } cases[] = {
        {digital_number,
         "issue_date 2024-05-28\ntotal 4449.00\n",
         "",
         {.total = SLICE("4449")},
         "seal_valid"},
        {digital_number,
         "issue_date 2024-05-28\n",
         "total 4449.00\n",
         {.total = SLICE("4449")},
         "qr"},
        {digital_number,
         "total 4449.00\n",
         "issue_date 2024-05-28\n",
         {.total = SLICE("4449")},
         "qr"},
        {old, "issue_date 2024-05-28\n", "amount 100.00\n", {.amount = SLICE("100")}, "qr"},
        {plain,
         "issue_date 2024-05-28\n",
         "check_code 01897109054748898321\n",
         {.check_code = SLICE("898321")},
         "qr"},
        // What is not asked for weakens nothing.
        {plain,
         "issue_date 2024-05-28\ncheck_code 01897109054748898321\n",
         "total 5.00\n",
         {.check_code = SLICE("898321")},
         "seal_valid"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        const char *names = cases[i].names;
        (void)flow_fixture_keep(
            cx, flow,
            cx_printf(cx, "fapiao\n%s%sseal valid 税务局\n%c", names, cases[i].sealed, 0).data);
        (void)flow_fixture_keep(
            cx, flow, cx_printf(cx, "fapiao\nsource qr\n%s%s%c", names, cases[i].weak, 0).data);
        VerifyQuery query = cases[i].query;
        query.code = names == old     ? SLICE("1100171130")
                     : names == plain ? SLICE("011001900511")
                                      : SLICE("");
        query.number = names == old     ? SLICE("20012345")
                       : names == plain ? SLICE("12345678")
                                        : SLICE("24112000000048542163");
        query.issue_date = SLICE("2024-05-28");
        VerifyAnswer answer = ask(cx, flow, query);
        bool sealed = strcmp(cases[i].basis, "seal_valid") == 0;
        EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, cases[i].basis) == 0);
        EXPECT(slice_equal(answer.signer, sealed ? SLICE("税务局") : SLICE("")));
        EXPECT(says(&answer, sealed ? "电子签章有效（税务局）" : "二维码一致"));
        flow_close(flow);
    }
}

TEST("verify: who signed is who made the seal that counts, the first of them")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    static const struct {
        const char *seal, *signer, *basis;
    } carriers[] = {{"seal broken 甲", "", "unsigned_file"},
                    {"seal valid 税务局", "税务局", "seal_valid"},
                    {"seal valid 乙", "税务局", "seal_valid"}};
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
        Slice text = cx_printf(cx, DIGITAL "total 4449.00\n%s\n%c", carriers[i].seal, 0);
        (void)flow_fixture_keep(cx, flow, text.data);
        VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
        EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, carriers[i].basis) == 0);
        EXPECT(slice_equal(answer.signer, slice_of(carriers[i].signer)));
    }
    flow_close(flow);
}

TEST("verify: a valid signature names who signed")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 4449.00\nseal valid 税务局\nsigned\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
    EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, "signature_valid") == 0);
    EXPECT(slice_equal(answer.signer, SLICE("税务局")) && says(&answer, "电子签名有效（税务局）"));
    flow_close(flow);
}

TEST("verify: a check code is asked for by its end")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 10\ncode 011001900511\nnumber 12345678\n"
                            "issue_date 2020-03-04\namount 10.00\ntotal 10.60\n"
                            "check_code 01897109054748898321\n");
    VerifyQuery query = {.code = SLICE("011001900511"),
                         .number = SLICE("12345678"),
                         .issue_date = SLICE("2020-03-04"),
                         .check_code = SLICE("898321")};
    EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    query.check_code = SLICE("01897 10905 47488 98321");
    EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    query.check_code = SLICE("898322");
    VerifyAnswer answer = ask(cx, flow, query);
    EXPECT(answer.result == VERIFY_MISMATCH && strcmp(answer.mismatch[0], "check_code") == 0);
    // What is given beyond what is due counts, too.
    query.check_code = SLICE("898321");
    query.amount = SLICE("11.00");
    EXPECT(ask(cx, flow, query).result == VERIFY_MISMATCH);
    flow_close(flow);
}

TEST("verify: what the record lacks can't be compared, and that is said")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "source qr\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "1.00"));
    EXPECT(answer.result == VERIFY_MISMATCH && strcmp(answer.mismatch[0], "total") == 0);
    EXPECT(says(&answer, "在记录里没有"));
    answer = ask(cx, flow, digital("2024-05-29", "", "1.00"));
    EXPECT(answer.mismatch_count == 2);
    EXPECT(says(&answer, "开票日期与记录不同；价税合计在记录里没有，无法核对"));
    flow_close(flow);
}

#define PLAIN "fapiao\nkind 10\ncode 011001900511\nnumber 12345678\nissue_date 2020-03-04\n"
#define OLD   "fapiao\nkind 01\ncode 1100171130\nnumber 20012345\nissue_date 2018-01-02\n"

// Asks for the invoice of that record: date, amount, total, check code; "" is not given.
static VerifyAnswer ask_of(Cx *cx, Flow *flow, const char *name, const char *const given[4])
{
    bool plain = strcmp(name, PLAIN) == 0, old = strcmp(name, OLD) == 0;
    return ask(cx, flow,
               (VerifyQuery){.code = plain ? SLICE("011001900511")
                                     : old ? SLICE("1100171130")
                                           : SLICE(""),
                             .number = plain ? SLICE("12345678")
                                       : old ? SLICE("20012345")
                                             : SLICE("24112000000048542163"),
                             .issue_date = slice_of(given[0]),
                             .amount = slice_of(given[1]),
                             .total = slice_of(given[2]),
                             .check_code = slice_of(given[3])});
}

TEST("verify: what is due is compared, and what is given besides where the record has it")
{
#define CHECK "check_code 01897109054748898321\n"
#define SUMS  "amount 100.00\ntotal 117.00\n"
    static const struct {
        const char *name, *record, *given[4]; // date, amount, total, check code
        const char *mismatch;                 // names, parted by blanks
    } cases[] = {
        {PLAIN, CHECK, {"2020-03-04", "", "5.00", "898321"}, ""},
        {PLAIN, CHECK, {"2020-03-04", "5.00", "", "898321"}, ""},
        {PLAIN, CHECK SUMS, {"2020-03-04", "100", "117", "898321"}, ""},
        {PLAIN, CHECK SUMS, {"2020-03-04", "101", "", "898321"}, "amount "},
        {PLAIN, CHECK SUMS, {"2020-03-04", "", "118", "898321"}, "total "},
        {PLAIN, SUMS, {"2020-03-04", "", "117", "898321"}, "check_code "},
        {DIGITAL, SUMS, {"2024-05-28", "", "117", "898321"}, ""},
        {DIGITAL, SUMS CHECK, {"2024-05-28", "", "117", "898322"}, "check_code "},
        {DIGITAL, "total 117.00\n", {"2024-05-28", "100", "117", ""}, ""},
        {DIGITAL, SUMS, {"2024-05-28", "101", "117", ""}, "amount "},
        {DIGITAL, SUMS, {"2024-05-28", "", "118", ""}, "total "},
        {DIGITAL, SUMS, {"2024-05-28", "118", "", ""}, "total "},
        {DIGITAL, "", {"2024-05-28", "", "0", ""}, "total "}, // not known is not nought
        {OLD, "amount 100.00\n", {"2018-01-02", "100", "117", ""}, ""},
        {OLD, SUMS, {"2018-01-02", "100", "118", ""}, "total "},
        {OLD, SUMS, {"2018-01-02", "", "100", ""}, ""}, // in the wrong box
        {OLD, SUMS, {"2018-01-02", "", "118", ""}, "amount "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        const char *text = cx_printf(cx, "%s%s%c", cases[i].name, cases[i].record, 0).data;
        (void)flow_fixture_keep(cx, flow, text);
        VerifyAnswer answer = ask_of(cx, flow, cases[i].name, cases[i].given);
        Slice names = SLICE("");
        for (size_t k = 0; k < answer.mismatch_count; k++)
            names = cx_printf(cx, SLICE_FMT "%s ", SLICE_ARG(names), answer.mismatch[k]);
        EXPECT(slice_equal(names, slice_of(cases[i].mismatch)));
        EXPECT((answer.result == VERIFY_MATCH) == slice_empty(names));
        flow_close(flow);
    }
}

TEST("verify: who may have taken net for gross is told so, and nobody else")
{
    static const struct {
        const char *name, *record, *given[4], *hint;
    } cases[] = {
        {DIGITAL, SUMS, {"2024-05-28", "", "100", ""}, "您填的是不含税金额吗"},
        {DIGITAL, SUMS, {"2024-05-28", "100", "", ""}, "您填的是不含税金额吗"},
        {DIGITAL, SUMS, {"2024-05-28", "", "5", ""}, ""},
        {DIGITAL, "total 117.00\n", {"2024-05-28", "", "0", ""}, ""},
        {DIGITAL, "amount 117.00\ntotal 117.00\n", {"2024-05-29", "", "117", ""}, ""},
        {OLD, SUMS, {"2018-01-02", "117", "", ""}, "您填的是含税金额吗"},
        {OLD, SUMS, {"2018-01-02", "", "117", ""}, "您填的是含税金额吗"},
        {OLD, SUMS, {"2018-01-02", "5", "", ""}, ""},
        {OLD, "amount 100.00\n", {"2018-01-02", "0", "", ""}, ""},
        {OLD, "amount 117.00\ntotal 117.00\n", {"2018-01-03", "117", "", ""}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        const char *text = cx_printf(cx, "%s%s%c", cases[i].name, cases[i].record, 0).data;
        (void)flow_fixture_keep(cx, flow, text);
        VerifyAnswer answer = ask_of(cx, flow, cases[i].name, cases[i].given);
        EXPECT(answer.result == VERIFY_MISMATCH);
        EXPECT(cases[i].hint[0] == '\0' ? !says(&answer, "您填的是")
                                        : says(&answer, cases[i].hint));
        flow_close(flow);
    }
}

TEST("verify: no code is due beside 20 digits, whatever kind is said, and one of no kind is passed "
     "over")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, DIGITAL "total 4449.00\n");
    VerifyQuery query = digital("2024-05-28", "", "4449");
    query.code = SLICE("0110");
    VerifyAnswer answer = ask(cx, flow, query);
    EXPECT(answer.result == VERIFY_MATCH && slice_empty(answer.code));
    query.code = SLICE("");
    query.kind = SLICE("88");
    EXPECT(ask(cx, flow, query).result == VERIFY_MATCH);
    flow_close(flow);
}

TEST("verify: what a kind requires must be there and make sense; the field is named")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Store *store = flow_store(flow);
    char *long_text = arena_alloc(&cx->arena, LIMIT_FIELD_BYTES + 2);
    memset(long_text, '1', LIMIT_FIELD_BYTES + 1);
    long_text[LIMIT_FIELD_BYTES + 1] = '\0';
    const struct {
        VerifyQuery query;
        const char *field;
    } cases[] = {
        {{.issue_date = SLICE("2024-01-01")}, "number: "},
        {{.number = SLICE("24112000000048542163"), .total = SLICE("1")}, "issue_date: "},
        {{.number = SLICE("24112000000048542163"), .issue_date = SLICE("2024-02-30")},
         "issue_date: "},
        {{.number = SLICE("24112000000048542163"), .issue_date = SLICE("2024-01-01")}, "total: "},
        {{.number = SLICE("24112000000048542163"),
          .issue_date = SLICE("2024-01-01"),
          .total = SLICE("1.001")},
         "total: "},
        {{.number = SLICE("12345678"), .issue_date = SLICE("2024-01-01")}, "code: "},
        {{.number = SLICE("12345678"),
          .code = SLICE("011001900511"),
          .issue_date = SLICE("2024-01-01")},
         "check_code: "},
        {{.number = SLICE("12345678"),
          .code = SLICE("011001900511"),
          .issue_date = SLICE("2024-01-01"),
          .check_code = SLICE("8321")},
         "check_code: "},
        {{.number = slice_of(long_text)}, "number: is too long"},
        {{.number = SLICE("1234'5678"), .issue_date = SLICE("2024-01-01")}, "number: "},
        {{.kind = SLICE("zz"), .number = SLICE("12345678"), .issue_date = SLICE("2024-01-01")},
         "kind: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VerifyAnswer answer;
        VerifyQuery query = cases[i].query;
        EXPECT(verify_ask(cx, store, NULL, &query, &answer) == ERR_INPUT);
        EXPECT(slice_starts(err_text(cx), slice_of(cases[i].field)));
    }
    flow_close(flow);
}

TEST("verify: needs follow from number and code")
{
    static const struct {
        Slice code, number;
        bool code_due;
        FourthField fourth;
    } cases[] = {{SLICE(""), SLICE("24112000000048542163"), false, FOURTH_TOTAL},
                 {SLICE("011001900511"), SLICE("12345678"), true, FOURTH_CHECK_CODE},
                 {SLICE("1100171130"), SLICE("20012345"), true, FOURTH_AMOUNT},
                 {SLICE(""), SLICE("12345678"), true, FOURTH_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VerifyNeeds needs;
        verify_needs(cases[i].code, cases[i].number, &needs);
        EXPECT(needs.code == cases[i].code_due && needs.fourth == cases[i].fourth);
    }
}

TEST("verify: asks over all organisations, and the strongest answers, whoever has it")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Slice east = SLICE("east");
    (void)flow_fixture_keep_of(cx, flow, east, DIGITAL "total 4449.00\nremark theirs\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
    EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, "unsigned_file") == 0);
    // The same invoice in a second organisation is no conflict, and the seal counts.
    (void)flow_fixture_keep_of(cx, flow, SLICE("local"),
                               DIGITAL "total 4449.00\nseal valid 税务局\n");
    answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
    EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, "seal_valid") == 0);
    EXPECT(!answer.conflict && slice_equal(answer.signer, SLICE("税务局")));
    // A third that contradicts is one, and changes nothing of the answer beside.
    (void)flow_fixture_keep_of(cx, flow, SLICE("west"), DIGITAL "total 1.00\n");
    answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
    EXPECT(answer.result == VERIFY_MATCH && strcmp(answer.basis, "seal_valid") == 0);
    EXPECT(answer.conflict && says(&answer, "另有一份号码相同、内容不同的记录"));
    EXPECT(ask(cx, flow, digital("2024-05-28", "", "1.00")).result == VERIFY_MISMATCH);
    flow_close(flow);
}

TEST("verify: two organisations that differ in a party's tax id are in conflict, in names are not")
{
    static const struct {
        const char *ours, *theirs;
        bool conflict;
    } cases[] = {{"buyer.name 甲\nbuyer.tax_id 91110105DEMA00013J\n",
                  "buyer.name 乙\nbuyer.tax_id 91110105DEMA00013J\n", false},
                 {"buyer.tax_id 91110105DEMA00013J\n", "buyer.tax_id 91110108DEMB00014K\n", true},
                 {"buyer.tax_id 91110105DEMA00013J\n", "", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        (void)flow_fixture_keep_of(cx, flow, SLICE("local"),
                                   cx_printf(cx, DIGITAL "total 4449.00\n%s", cases[i].ours).data);
        (void)flow_fixture_keep_of(
            cx, flow, SLICE("east"),
            cx_printf(cx, DIGITAL "total 4449.00\n%s", cases[i].theirs).data);
        VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "4449"));
        EXPECT(answer.result == VERIFY_MATCH && answer.conflict == cases[i].conflict);
        flow_close(flow);
    }
}

TEST(
    "verify: of two organisations' equal records the newest event is named, of two that contradict "
    "each is in conflict")
{
    for (int i = 1; i <= 2; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        (void)flow_fixture_keep_of(cx, flow, SLICE("local"), DIGITAL "total 1.00\n");
        VerifyAnswer before = ask(cx, flow, digital("2024-05-28", "", "1"));
        Slice text = cx_printf(cx, DIGITAL "total %d.00\nremark theirs\n%c", i, 0);
        (void)flow_fixture_keep_of(cx, flow, SLICE("east"), text.data);
        VerifyAnswer ours = ask(cx, flow, digital("2024-05-28", "", "1"));
        VerifyAnswer theirs = ask(cx, flow, digital("2024-05-28", "", i == 1 ? "1" : "2"));
        EXPECT(ours.result == VERIFY_MATCH && theirs.result == VERIFY_MATCH);
        EXPECT(ours.conflict == (i == 2) && theirs.conflict == (i == 2));
        EXPECT(theirs.sequence > before.sequence);
        EXPECT((ours.sequence == theirs.sequence) == (i == 1));
        flow_close(flow);
    }
}

TEST("verify: what one organisation knows of a red invoice on weaker evidence is not said")
{
    static const char *const seals[] = {"seal valid 税务局\n", ""};
    for (size_t i = 0; i < 2; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        (void)flow_fixture_keep_of(cx, flow, SLICE("local"),
                                   cx_printf(cx, DIGITAL "total 10.00\n%s%c", seals[i], 0).data);
        (void)flow_fixture_keep_of(cx, flow, SLICE("east"), DIGITAL "total 10.00\nremark theirs\n");
        (void)flow_fixture_keep_of(
            cx, flow, SLICE("east"),
            "fapiao\nkind 31\nnumber 24112000000048542164\nissue_date 2024-06-01\nred\n"
            "red.original_number 24112000000048542163\ntotal -10.00\n");
        VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "10"));
        EXPECT(answer.result == VERIFY_MATCH && !answer.conflict);
        EXPECT(strcmp(answer.state, i == 0 ? "normal" : "red_full") == 0);
        flow_close(flow);
    }
}

TEST("verify: that one organisation knows of a red invoice is said of the same one in another")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    const char *blue = DIGITAL "total 10.00\n";
    (void)flow_fixture_keep_of(cx, flow, SLICE("local"), blue);
    (void)flow_fixture_keep_of(cx, flow, SLICE("east"), blue);
    EXPECT(strcmp(ask(cx, flow, digital("2024-05-28", "", "10")).state, "normal") == 0);
    (void)flow_fixture_keep_of(
        cx, flow, SLICE("east"),
        "fapiao\nkind 31\nnumber 24112000000048542164\nissue_date 2024-06-01\nred\n"
        "red.original_number 24112000000048542163\ntotal -10.00\n");
    VerifyAnswer answer = ask(cx, flow, digital("2024-05-28", "", "10"));
    EXPECT(strcmp(answer.state, "red_full") == 0 && !answer.conflict);
    // In the organisation that has no red one nothing has changed.
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query(cx, db, "SELECT state FROM invoice WHERE tenant = 'local'", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row && slice_equal(db_col_text(rows, 0), SLICE("normal")));
    db_rows_close(rows);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
