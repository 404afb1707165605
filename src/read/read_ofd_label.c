#include "read/read_ofd_label.h"

#define ROW_BYTES_MAX 4096 // a longer row is no row of a form

// Longer ones first where one is the beginning of another.
static const OfdLabel labels[] = {
    {SLICE("购买方名称:"), OFD_LABEL_FIELD, DRAFT_BUYER_NAME},
    {SLICE("销售方名称:"), OFD_LABEL_FIELD, DRAFT_SELLER_NAME},
    {SLICE("统一社会信用代码/纳税人识别号:"), OFD_LABEL_TAX_ID, DRAFT_FIELD_COUNT},
    {SLICE("统一社会信用代码:"), OFD_LABEL_TAX_ID, DRAFT_FIELD_COUNT},
    {SLICE("纳税人识别号:"), OFD_LABEL_TAX_ID, DRAFT_FIELD_COUNT},
    {SLICE("名称:"), OFD_LABEL_NAME, DRAFT_FIELD_COUNT},
    {SLICE("地址、电话:"), OFD_LABEL_ADDRESS, DRAFT_FIELD_COUNT},
    {SLICE("地址电话:"), OFD_LABEL_ADDRESS, DRAFT_FIELD_COUNT},
    {SLICE("开户行及账号:"), OFD_LABEL_BANK, DRAFT_FIELD_COUNT},
    {SLICE("发票代码:"), OFD_LABEL_FIELD, DRAFT_CODE},
    {SLICE("发票号码:"), OFD_LABEL_FIELD, DRAFT_NUMBER},
    {SLICE("数电发票号码:"), OFD_LABEL_FIELD, DRAFT_DIGITAL_NUMBER},
    {SLICE("数电票号码:"), OFD_LABEL_FIELD, DRAFT_DIGITAL_NUMBER},
    {SLICE("数电号码:"), OFD_LABEL_FIELD, DRAFT_DIGITAL_NUMBER},
    {SLICE("全电发票号码:"), OFD_LABEL_FIELD, DRAFT_DIGITAL_NUMBER},
    {SLICE("开票日期:"), OFD_LABEL_FIELD, DRAFT_ISSUE_DATE},
    {SLICE("填开日期:"), OFD_LABEL_FIELD, DRAFT_ISSUE_DATE},
    {SLICE("校验码:"), OFD_LABEL_FIELD, DRAFT_CHECK_CODE},
    {SLICE("机器编号:"), OFD_LABEL_FIELD, DRAFT_MACHINE_NUMBER},
    {SLICE("收款人:"), OFD_LABEL_FIELD, DRAFT_PAYEE},
    {SLICE("复核人:"), OFD_LABEL_FIELD, DRAFT_REVIEWER},
    {SLICE("复核:"), OFD_LABEL_FIELD, DRAFT_REVIEWER},
    {SLICE("开票人:"), OFD_LABEL_FIELD, DRAFT_ISSUER},
    {SLICE("开票人"), OFD_LABEL_FIELD, DRAFT_ISSUER},
    {SLICE("票价:"), OFD_LABEL_FIELD, DRAFT_TOTAL},
    {SLICE("退票费:"), OFD_LABEL_FIELD, DRAFT_TOTAL},
    {SLICE("改签费:"), OFD_LABEL_FIELD, DRAFT_TOTAL},
    {SLICE("金额:"), OFD_LABEL_FIELD, DRAFT_AMOUNT},
    {SLICE("税额:"), OFD_LABEL_FIELD, DRAFT_TAX},
    {SLICE("价税合计(大写)"), OFD_LABEL_WORDS, DRAFT_TOTAL_WORDS},
    {SLICE("合计金额(大写)"), OFD_LABEL_WORDS, DRAFT_TOTAL_WORDS}, // of a roll
    {SLICE("合计金额(小写)"), OFD_LABEL_FIELD, DRAFT_TOTAL},
    {SLICE("(小写)"), OFD_LABEL_FIELD, DRAFT_TOTAL},
    {SLICE("合计"), OFD_LABEL_SUM, DRAFT_FIELD_COUNT},
    {SLICE("税率:"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("原发票号码:"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("原发票代码:"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("电子客票号:"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("密码区"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("销售方:(章)"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT}, // right of who issued it
    {SLICE("销售方(章)"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("销货单位:(章)"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
    {SLICE("销货单位(章)"), OFD_LABEL_STOP, DRAFT_FIELD_COUNT},
};
#define LABEL_COUNT (sizeof labels / sizeof labels[0])

const OfdLabel *read_ofd_label_at(const Row *row, size_t at)
{
    if (row->folded.size > ROW_BYTES_MAX || !read_ofd_rows_edge(row, at)) return NULL;
    for (size_t i = 0; i < LABEL_COUNT; i++)
        if (read_ofd_rows_begins(row, at, labels[i].word)) return &labels[i];
    return NULL;
}

size_t read_ofd_label_next(const Row *row, size_t from)
{
    for (size_t at = from; at < row->folded.size; at++)
        if (read_ofd_label_at(row, at) != NULL) return at;
    return row->folded.size;
}
