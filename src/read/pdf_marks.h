// Marks: the printed labels of a page (发票代码：, 名 称：, 价税合计 …) and where they stand.
#pragma once
#include "read/pdf_layout.h"

typedef enum Label {
    LABEL_CODE,     // 发票代码
    LABEL_NUMBER,   // 发票号码
    LABEL_DIGITAL,  // 数电发票号码: the second number of an invoice on paper
    LABEL_DATE,     // 开票日期, 填开日期
    LABEL_CHECK,    // 校验码
    LABEL_MACHINE,  // 机器编号
    LABEL_NAME,     // 名称
    LABEL_TAX_ID,   // 纳税人识别号, 统一社会信用代码
    LABEL_ADDRESS,  // 地址、电话
    LABEL_BANK,     // 开户行及账号
    LABEL_WORDS,    // 价税合计（大写）
    LABEL_FIGURES,  // （小写）
    LABEL_SUM,      // 合计
    LABEL_SUBTOTAL, // 小计, 总计 of a list
    LABEL_PAYEE,    // 收款人
    LABEL_REVIEWER, // 复核
    LABEL_ISSUER,   // 开票人
    LABEL_STAMP,    // 销售方（章）
    LABEL_ITEM,     // headings of the table of lines …
    LABEL_SPEC,
    LABEL_UNIT,
    LABEL_QUANTITY,
    LABEL_PRICE,
    LABEL_AMOUNT,
    LABEL_RATE,
    LABEL_TAX,         // … up to here
    LABEL_SEQUENCE,    // 序号
    LABEL_PAGE,        // 共 1 页
    LABEL_BUYER_NAME,  // 购买方名称: list pages, air, rail
    LABEL_SELLER_NAME, // 销售方名称
    LABEL_ISSUED_BY,   // 填开单位
    LABEL_FARE,        // 票价
    LABEL_FUEL,        // 燃油附加费
    LABEL_AIR_RATE,    // 增值税税率
    LABEL_AIR_TAX,     // 增值税税额
    LABEL_FUND,        // 民航发展基金
    LABEL_OTHER_TAXES, // 其他税费
    LABEL_ORIGINAL,    // 原发票号码
    LABEL_NET,         // 不含税价
    LABEL_EXTRA,       // headings of a block below the lines: 出行人, 运输工具种类 …
    LABEL_OTHER,       // a word that must not be taken for one of the above
    LABEL_COUNT
} Label;

typedef struct Mark {
    Label label;
    size_t row, from, to; // glyphs [from, to) of the row, the colon included
    float x1, x2, y1, y2;
} Mark;

typedef struct Marks {
    Mark *items; // top to bottom, left to right
    size_t count;
} Marks;

typedef struct MarkWord {
    const char *word; // half-width forms
    Label label;
} MarkWord;

// Also sets LayoutGlyph.label. ERR_LIMIT only.
Err pdf_marks(Cx *cx, Layout *layout, Marks *ret_marks);
// The same, with the labels of one form looked for before all others.
Err pdf_marks_with(Cx *cx, Layout *layout, const MarkWord *more, size_t more_count,
                   Marks *ret_marks);
// The first mark of that label at or after `from`; NULL when none.
const Mark *pdf_marks_find(const Marks *marks, Label label, size_t from);
// What stands right of a mark in its row, up to the next mark, `x_max` or a gap wider than
// `gap_max` (the gap right after the label does not count). ERR_LIMIT only.
Err pdf_marks_value(Cx *cx, const Layout *layout, const Marks *marks, const Mark *mark, float x_max,
                    float gap_max, Slice *ret_text);
