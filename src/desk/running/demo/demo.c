#include "desk/running/demo/demo.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/text.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_hand_in.h"
#include "model/words.h"

#define DEMO_FILE_BYTES ((size_t)16 * 1024)

typedef struct DemoGoods {
    const char *name, *spec, *unit, *tax_code;
    int64_t price_fen;
    int rate; // per cent
} DemoGoods;

static const DemoGoods goods[] = {
    {"*餐饮服务*餐费", "", "次", "3070401000000000000", 12800, 6},
    {"*住宿服务*住宿费", "标准间", "天", "3070402000000000000", 36800, 6},
    {"*信息技术服务*软件服务", "", "项", "3040201000000000000", 480000, 6},
    {"*计算机外部设备*显示器", "27英寸", "台", "1090511000000000000", 129900, 13},
    {"*纸制品*复印纸", "A4 70g", "箱", "1060105000000000000", 13500, 13},
    {"*运输服务*客运服务费", "", "次", "3010101000000000000", 4620, 3},
    {"*物流辅助服务*快递费", "", "件", "3040409000000000000", 1850, 6},
    {"*图书*会计实务", "2026版", "册", "1060201000000000000", 5600, 9},
    {"*经营租赁*会议室租赁", "", "小时", "3040502000000000000", 20000, 9},
    {"*人力资源服务*培训费", "", "人", "3040801000000000000", 150000, 6},
};

typedef struct DemoParty {
    const char *name, *tax_id, *area; // area: digits 3-4 of the number
} DemoParty;

static const DemoParty sellers[] = {
    {"演示餐饮管理（北京）有限公司", "91110105DEMA00013J", "11"},
    {"演示酒店（上海）有限公司", "91310101DEMA000211", "31"},
    {"演示软件（杭州）有限公司", "91330106DEMA0003X9", "33"},
    {"演示电子（深圳）有限公司", "91440300DEMA00048P", "95"},
    {"演示办公用品（成都）有限公司", "91510104DEMA00056C", "51"},
    {"演示出行服务（天津）有限公司", "91120116DEMA00064W", "12"},
};
static const DemoParty buyer = {"演示贸易有限公司", "91110108DEMB00014K", ""};

typedef struct DemoInvoice {
    char number[21], red_number[21];
    Date date;
    bool special;
    const DemoParty *seller;
    const DemoGoods *items[3];
    int quantities[3];
    size_t item_count;
} DemoInvoice;

// The same index gives the same invoice: spread over the 360 days before today.
static DemoInvoice invoice_of(size_t index, uint64_t today_ms)
{
    uint64_t mix = (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    DemoInvoice invoice = {.special = (mix >> 60) % 2 == 0,
                           .seller = &sellers[(mix >> 32) % (sizeof sellers / sizeof *sellers)],
                           .item_count = 1 + (mix >> 40) % 3};
    int32_t today = date_days_in_china(today_ms);
    invoice.date = date_of_days(today - (int32_t)((mix >> 20) % 360));
    for (size_t i = 0; i < invoice.item_count; i++) {
        invoice.items[i] = &goods[((mix >> 8) + i * 3) % (sizeof goods / sizeof *goods)];
        invoice.quantities[i] = 1 + (int)((mix >> (16 + 4 * i)) % 5);
    }
    (void)snprintf(invoice.number, sizeof invoice.number, "%02d%s2000000%09zu",
                   invoice.date.year % 100, invoice.seller->area, (index + 1) * 7919 % 1000000000);
    return invoice;
}

static void add_party(Text *xml, const char *role, const DemoParty *party)
{
    text_printf(xml,
                "<%sInformation><%sIdNum>%s</%sIdNum><%sName>%s</%sName>"
                "<%sAddr>演示市演示路1号</%sAddr><%sTelNum>000-00000000</%sTelNum>"
                "</%sInformation>",
                role, role, party->tax_id, role, role, party->name, role, role, role, role, role,
                role);
}

static Slice money_text(Cx *cx, int64_t fen)
{
    char buffer[MONEY_TEXT_MAX + 1];
    (void)money_print((Money){fen}, buffer);
    return cx_printf(cx, "%s", buffer);
}

static void add_item(Cx *cx, Text *xml, const DemoGoods *item, int64_t quantity, int64_t amount,
                     int64_t tax)
{
    text_printf(
        xml,
        "<IssuItemInformation><ItemName>%s</ItemName><SpecMod>%s</SpecMod>"
        "<MeaUnits>%s</MeaUnits><Quantity>%" PRId64 "</Quantity><UnPrice>" SLICE_FMT
        "</UnPrice><Amount>" SLICE_FMT "</Amount><TaxRate>0.%02d</TaxRate><ComTaxAm>" SLICE_FMT
        "</ComTaxAm><TotaltaxIncludedAmount>" SLICE_FMT
        "</TotaltaxIncludedAmount><TaxClassificationCode>%s</TaxClassificationCode>"
        "</IssuItemInformation>",
        item->name, item->spec, item->unit, quantity, SLICE_ARG(money_text(cx, item->price_fen)),
        SLICE_ARG(money_text(cx, amount)), item->rate, SLICE_ARG(money_text(cx, tax)),
        SLICE_ARG(money_text(cx, amount + tax)), item->tax_code);
}

static void add_basics(Cx *cx, Text *xml, const DemoInvoice *invoice, int64_t amount, int64_t tax)
{
    char day[DATE_TEXT_SIZE + 1];
    (void)date_print(invoice->date, day);
    text_printf(xml,
                "<BasicInformation><TotalAmWithoutTax>" SLICE_FMT
                "</TotalAmWithoutTax><TotalTaxAm>" SLICE_FMT
                "</TotalTaxAm><TotalTax-includedAmount>" SLICE_FMT
                "</TotalTax-includedAmount><TotalTax-includedAmountInChinese>" SLICE_FMT
                "</TotalTax-includedAmountInChinese><Drawer>演示员</Drawer>"
                "<RequestTime>%s</RequestTime></BasicInformation>",
                SLICE_ARG(money_text(cx, amount)), SLICE_ARG(money_text(cx, tax)),
                SLICE_ARG(money_text(cx, amount + tax)),
                SLICE_ARG(words_print(cx, (Money){amount + tax})), day);
}

// `sign` -1 makes the red twin; `extra_fen` falsifies the first line, for the contradiction.
static Err print_invoice(Cx *cx, const DemoInvoice *invoice, int sign, int64_t extra_fen,
                         Slice *ret_xml)
{
    Text xml = text_open(cx, DEMO_FILE_BYTES);
    Text items = text_open(cx, DEMO_FILE_BYTES);
    int64_t amount = 0, tax = 0;
    for (size_t i = 0; i < invoice->item_count; i++) {
        const DemoGoods *item = invoice->items[i];
        int64_t quantity = sign * invoice->quantities[i];
        int64_t net = item->price_fen * quantity + (i == 0 ? extra_fen : 0);
        int64_t half = net < 0 ? -50 : 50;
        int64_t line_tax = (net * item->rate + half) / 100; // half up, away from zero
        add_item(cx, &items, item, quantity, net, line_tax);
        amount += net;
        tax += line_tax;
    }
    text_printf(&xml,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EInvoice><Header><EIid>%s</EIid>"
                "<EInvoiceTag>SWEI%s00</EInvoiceTag><Version>0.31</Version><InherentLabel>"
                "<InIssuType><LabelCode>%s</LabelCode></InIssuType><EInvoiceType>"
                "<LabelCode>01</LabelCode></EInvoiceType><GeneralOrSpecialVAT><LabelCode>%s"
                "</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header><EInvoiceData>",
                sign < 0 ? invoice->red_number : invoice->number, invoice->seller->area,
                sign < 0 ? "N" : "Y", invoice->special ? "01" : "02");
    add_party(&xml, "Seller", invoice->seller);
    add_party(&xml, "Buyer", &buyer);
    add_basics(cx, &xml, invoice, amount, tax);
    text_add(&xml, text_so_far(&items));
    if (sign < 0)
        text_printf(&xml,
                    "<SpecificInformation><RedEInvoice><OriginalInvoiceCode>%s"
                    "</OriginalInvoiceCode><CreditNoteNumber>11000026000000000001"
                    "</CreditNoteNumber></RedEInvoice></SpecificInformation>",
                    invoice->number);
    text_printf(&xml,
                "<AdditionalInformation><Remark>%s演示数据，不是真实发票</Remark>"
                "</AdditionalInformation></EInvoiceData></EInvoice>\n",
                sign < 0 ? "销货退回。" : "");
    return text_done(cx, &xml, ret_xml);
}

Err demo_file(Cx *cx, size_t index, uint64_t today_ms, Slice *ret_name, Slice *ret_bytes)
{
    enum { RED = DEMO_FILES - 4, TWIN, CONTRADICTION, NO_INVOICE };
    DemoInvoice invoice = invoice_of(index < RED ? index : DEMO_FILES - 1 - index, today_ms);
    *ret_name = cx_printf(cx, "演示_%s.xml", invoice.number);
    if (index < RED || index == TWIN) return print_invoice(cx, &invoice, 1, 0, ret_bytes);
    if (index == CONTRADICTION) return print_invoice(cx, &invoice, 1, 10000, ret_bytes);
    if (index == RED) {
        (void)snprintf(invoice.red_number, sizeof invoice.red_number, "%.19s9", invoice.number);
        *ret_name = cx_printf(cx, "演示_%s_红字.xml", invoice.red_number);
        return print_invoice(cx, &invoice, -1, 0, ret_bytes);
    }
    *ret_name = SLICE("演示_银行回单.xml");
    *ret_bytes =
        SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<receipt><title>演示银行电子回单</title><amount>100.00</amount></receipt>\n");
    return ERR_OK;
}

static Err is_empty(Cx *cx, Flow *flow, bool *ret_empty)
{
    Db *db = NULL;
    TRY(store_take(cx, flow_store(flow), &db));
    int64_t events = 0;
    Err err = document_events(cx, db, &events);
    store_give(flow_store(flow), db);
    *ret_empty = events == 0;
    return err;
}

Err demo_fill(Cx *cx, Flow *flow, size_t *ret_count)
{
    bool empty = false;
    TRY(is_empty(cx, flow, &empty));
    size_t count = 0;
    for (; empty && count < DEMO_FILES; count++) {
        Slice name, bytes;
        DocumentView view;
        TRY(demo_file(cx, count, cx_now_ms(cx), &name, &bytes));
        Arrival arrival = {.tenant = SLICE("local"),
                           .actor = SLICE("local"),
                           .source = SLICE("demo"),
                           .file_name = name,
                           .idempotency = cx_printf(cx, "demo-%zu", count),
                           .bytes = bytes};
        TRY(document_hand_in(cx, flow, &arrival, 0, &view));
    }
    if (ret_count != NULL) *ret_count = count;
    return ERR_OK;
}
