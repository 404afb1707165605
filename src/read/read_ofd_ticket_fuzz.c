// Pieces of text at any places below a title: what an itinerary or a vehicle's form gives are
// canonical values, a tax id has the size of one, and no place is too far off.
//
// Input: a byte that chooses the title, then five a piece: left, width, baseline, page, word.
#include <stdlib.h>

#include "base/limits.h"
#include "base/money.h"
#include "read/read_ofd_ticket.h"

#define PIECES_MAX 500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Slice words[] = {
    SLICE("发票号码："),
    SLICE("26948731000000000012"),
    SLICE("开票日期：2025年01月05日"),
    SLICE("购买方名称："),
    SLICE("买方单位/个人"),
    SLICE("卖方单位/个人"),
    SLICE("单位代码/身份证号码"),
    SLICE("11010119900307123X"),
    SLICE("纳税人识别号/"),
    SLICE("销货单位名称"),
    SLICE("甲乙丙丁戊己庚辛"),
    SLICE("有限公司"),
    SLICE("价税合计"),
    SLICE("小写"),
    SLICE("￥1,130.00"),
    SLICE("不含税价"),
    SLICE("增值税税额"),
    SLICE("经营、拍卖单位"),
    SLICE("票价"),
    SLICE("燃油附加费"),
    SLICE("合计"),
    SLICE("CNY -477.06"),
    SLICE("9%"),
    SLICE("旅客姓名"),
    SLICE("王"),
    SLICE("\xff\xfe"),
    SLICE("***"),
};

static void check(Cx *cx, const Draft *draft)
{
    Money money = {};
    const Slice sums[] = {draft->amount, draft->tax, draft->total};
    for (size_t i = 0; i < 3; i++)
        if (sums[i].size > 0 && money_parse(cx, sums[i], &money) != ERR_OK) abort();
    bool vehicle = draft->kind.size > 0 && draft->kind.data[0] == '8';
    if (!vehicle) return;
    const Slice ids[] = {draft->buyer.tax_id, draft->seller.tax_id};
    for (size_t i = 0; i < 2; i++)
        if (ids[i].size > 0 && (ids[i].size < 15 || ids[i].size > 20)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static OfdText pieces[PIECES_MAX + 1];
    size_t count = 1;
    if (size == 0) return 0;
    pieces[0] = (OfdText){.x1 = 60'000,
                          .x2 = 160'000,
                          .y = 15'000,
                          .text = data[0] % 2 == 0 ? SLICE("电子发票（航空运输电子客票行程单）")
                                                   : SLICE("电子发票（二手车销售统一发票）")};
    int32_t reach = data[0] > 250 ? 100'000 : 900; // micrometres a step
    for (data++, size--; size >= 5 && count <= PIECES_MAX; data += 5, size -= 5) {
        int32_t x = data[0] * reach, y = data[2] * reach / 2;
        pieces[count++] = (OfdText){.x1 = x,
                                    .x2 = x + data[1] * reach / 2,
                                    .y = y,
                                    .page = data[3] > 250,
                                    .vertical = data[3] == 0,
                                    .text = words[data[4] % (sizeof words / sizeof words[0])]};
    }
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Draft draft = {};
    bool done = false;
    OfdTexts texts = {.items = pieces, .count = count};
    if (read_ofd_ticket_fill(&cx, &texts, 0, &draft, &done) != ERR_OK) abort();
    check(&cx, &draft);
    cx_done(&cx);
    return 0;
}
