#include "desk/invoice/verify/verify_words.h"

#include "base/limits.h"
#include "base/text.h"

typedef struct Pair {
    const char *key, *zh, *en;
} Pair;

static const Pair fields[] = {
    {"kind", "发票种类", "the kind"},
    {"code", "发票代码", "the invoice code"},
    {"number", "发票号码", "the invoice number"},
    {"issue_date", "开票日期", "the issue date"},
    {"amount", "不含税金额", "the net amount"},
    {"total", "价税合计", "the total with tax"},
    {"check_code", "校验码", "the check code"},
};

// What stands behind "一致". Unsigned evidence is never called genuine.
static const Pair agrees[BASIS_COUNT] = {
    [BASIS_ISSUED_HERE] = {"", "与本系统开具的发票完全一致", "agrees with the invoice issued here"},
    [BASIS_OFFICIAL] = {"", "与官方平台的查验结果一致",
                        "agrees with the official platform's answer"},
    [BASIS_SEAL_VALID] = {"", "与入库记录完全一致；依据：电子签章有效",
                          "agrees with the record; it rests on a valid electronic seal"},
    [BASIS_SIGNATURE_VALID] = {"", "与入库记录完全一致；依据：电子签名有效",
                               "agrees with the record; it rests on a valid electronic signature"},
    [BASIS_UNSIGNED_FILE] = {"", "与一份未经验签的上传件一致，不等于真票",
                             "agrees with an uploaded file whose origin nobody has proved; that "
                             "does not make it genuine"},
    [BASIS_QR] = {"", "与一份上传件上的二维码一致；二维码未经验签，不等于真票",
                  "agrees with the QR code of an upload; a QR code is not signed, so that does not "
                  "make it genuine"},
    [BASIS_MANUAL] = {"", "与人工录入的内容一致，不等于真票",
                      "agrees with what a person typed in; that does not make it genuine"},
    [BASIS_OCR] = {"", "与图像识别读出的内容一致，未经核对，不等于真票",
                   "agrees with what was read from a picture, which nobody has checked; that does "
                   "not make it genuine"},
};

// Where a mismatch comes from: weak evidence is named, so that nobody takes it for a verdict.
static const Pair against[BASIS_COUNT] = {
    [BASIS_UNSIGNED_FILE] = {"", "（记录依据：未经验签的上传件）",
                             " (the record is an unsigned upload)"},
    [BASIS_QR] = {"", "（记录依据：上传件的二维码）", " (the record is the QR code of an upload)"},
    [BASIS_MANUAL] = {"", "（记录依据：人工录入）", " (the record was typed in by a person)"},
    [BASIS_OCR] = {"", "（记录依据：图像识别）", " (the record was read from a picture)"},
};

static const Pair states[] = {
    {"voided", "；这张发票已作废", "; this invoice has been voided"},
    {"red_partial", "；这张发票已部分红冲", "; part of this invoice has been reversed"},
    {"red_full", "；这张发票已全额红冲", "; this invoice has been reversed in full"},
    {"red", "；这是一张红字发票", "; this is a red-letter invoice"},
};

static const Pair hints[] = {
    [VERIFY_HINT_NONE] = {"", "", ""},
    [VERIFY_HINT_WANTS_TOTAL] = {"", "。您填的是不含税金额吗？这种票要填价税合计",
                                 ". Did you give the net amount? This kind asks for the total "
                                 "with tax"},
    [VERIFY_HINT_WANTS_AMOUNT] = {"", "。您填的是含税金额吗？这种票要填不含税金额",
                                  ". Did you give the total with tax? This kind asks for the net "
                                  "amount"},
};

static const Pair *find(const Pair *pairs, size_t count, Slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(slice_of(pairs[i].key), key)) return &pairs[i];
    static const Pair none = {"", "", ""};
    return &none;
}

const char *verify_words_field_zh(Slice field)
{
    return find(fields, sizeof fields / sizeof fields[0], field)->zh;
}

const char *verify_words_field_en(Slice field)
{
    return find(fields, sizeof fields / sizeof fields[0], field)->en;
}

typedef struct Both {
    Text zh, en;
} Both;

static void add(Both *both, const Pair *pair)
{
    if (pair->zh == NULL) return;
    text_add(&both->zh, slice_of(pair->zh));
    text_add(&both->en, slice_of(pair->en));
}

// The fields that the record has otherwise, or those that it lacks; how many they are.
static size_t name_fields(const VerifyWords *words, const VerifyAnswer *answer, bool lacking,
                          Both *both)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->mismatch_count; i++) {
        if (((words->unknown >> i & 1) != 0) != lacking) continue;
        Slice field = slice_of(answer->mismatch[i]);
        text_printf(&both->zh, "%s%s", count == 0 ? "" : "、", verify_words_field_zh(field));
        text_printf(&both->en, "%s%s", count == 0 ? "" : " and ", verify_words_field_en(field));
        count++;
    }
    return count;
}

static void say_mismatch(const VerifyWords *words, const VerifyAnswer *answer, Both *both)
{
    size_t differ = name_fields(words, answer, false, both);
    text_printf(&both->zh, "%s", differ == 0 ? "" : "与记录不同；");
    text_printf(&both->en, "%s",
                differ == 0   ? ""
                : differ == 1 ? " differs from the record; "
                              : " differ from the record; ");
    size_t lack = name_fields(words, answer, true, both);
    text_printf(&both->zh, "%s其余一致", lack == 0 ? "" : "在记录里没有，无法核对；");
    text_printf(&both->en, "%sthe rest agrees",
                lack == 0   ? ""
                : lack == 1 ? " is not in the record and can't be compared; "
                            : " are not in the record and can't be compared; ");
    add(both, &against[words->basis]);
    add(both, &hints[words->hint]);
}

static void say_match(const VerifyWords *words, const VerifyAnswer *answer, Both *both)
{
    add(both, &agrees[words->basis]);
    if (answer->signer.size == 0) return;
    text_printf(&both->zh, "（" SLICE_FMT "）", SLICE_ARG(answer->signer));
    text_printf(&both->en, " (" SLICE_FMT ")", SLICE_ARG(answer->signer));
}

void verify_words_say(Cx *cx, const VerifyWords *words, VerifyAnswer *answer)
{
    static const Pair not_found = {"", "查无此票：记录里没有这个号码的发票",
                                   "not found: no invoice of this number is in the record"};
    static const Pair conflict = {"", "。另有一份号码相同、内容不同的记录，请核对",
                                  ". There is another record of the same number with different "
                                  "content: please check"};
    static const Pair stop = {"", "。", "."};
    Both both = {text_open(cx, LIMIT_FIELD_BYTES * 4), text_open(cx, LIMIT_FIELD_BYTES * 4)};
    if (answer->result == VERIFY_NOT_FOUND) add(&both, &not_found);
    if (answer->result == VERIFY_MISMATCH) say_mismatch(words, answer, &both);
    if (answer->result == VERIFY_MATCH) say_match(words, answer, &both);
    if (answer->result == VERIFY_MATCH)
        add(&both, find(states, sizeof states / sizeof states[0], slice_of(answer->state)));
    if (answer->conflict) add(&both, &conflict);
    add(&both, &stop);
    text_byte(&both.zh, '\0');
    text_byte(&both.en, '\0');
    answer->zh = both.zh.full ? "" : both.zh.data;
    answer->en = both.en.full ? "" : both.en.data;
}
