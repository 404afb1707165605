// Kind: what sort of invoice, by its 查验 code ("01" "04" "10" "31" "32" "61" …), and what follows
// from it: its Chinese name, which fields a verification asks for. One table.
// Source: shared facts §1.1-1.5; each row's source stands in docs/rules/kind.md.
#pragma once
#include "base/cx.h"

#define KIND_DIGITAL_NUMBER_SIZE ((size_t)20) // digits of a 数电发票号码

typedef enum FourthField {
    FOURTH_NONE,
    FOURTH_AMOUNT,     // 不含税金额
    FOURTH_TOTAL,      // 价税合计
    FOURTH_CHECK_CODE, // last six of the 校验码 (区块链: five)
} FourthField;

typedef struct KindRow {
    const char *code; // "10"
    const char *name; // "增值税电子普通发票"
    const char *name_en;
    bool has_code; // carries a 发票代码
    FourthField fourth;
    bool electronic; // can never be voided
    bool digital;    // 数电票: 20-digit number
} KindRow;

// NULL when no row has that code.
const KindRow *kind_row(Slice code);
// All rows, for tables and forms.
const KindRow *kind_rows(size_t *ret_count);
// From code and number alone: "" when it can't be told (a 20-digit number alone is 31 or 32).
// Rules: docs/rules/kind.md (code classifier with its four exceptions).
Slice kind_of(Slice code, Slice number);
// "01,20" in a QR is an 08 or a 102, told apart by the code; most kinds map to themselves.
Slice kind_of_qr(Slice qr_kind, Slice code, Slice number);
// The same invoice printed on a paper form: 31 or 01 is 85, 32 or 04 is 86, 83 or 03 is 87, 84 or
// 15 is 88; any other kind is itself.
Slice kind_on_paper(Slice kind);
// Province or city of issue in Chinese ("北京", "深圳"), "" when unknown; and its 4-digit code.
Slice kind_area_name(Slice code, Slice number);
Slice kind_area_code(Cx *cx, Slice code, Slice number);
