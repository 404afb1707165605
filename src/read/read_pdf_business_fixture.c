// Cells of a form stand side by side; a heading stands in the middle of its cell, a text at the
// left or in the middle, a number at the right or in the middle. A text is broken where its cell
// ends.
#include "read/read_pdf_business_fixture.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/utf8.h"
#include "read/read_extra.h"

#define WIDTH       595.0f
#define HEIGHT      397.0f
#define TEXTS_MAX   600
#define COLUMNS_MAX 10 // and the end
#define LINES_MAX   9
#define TABLE_TOP   152.0f
#define PAD         3.0f // points between a cell's side and its text

typedef enum Role { END, NAME, SPEC, UNIT, QUANTITY, PRICE, AMOUNT, RATE, TAX, EXTRA } Role;

typedef struct Cell {
    const char *heading;
    Role role;
    float right; // side of the cell
    const char *extra;
    const char *values[3]; // of an EXTRA, by line
} Cell;

typedef struct Form {
    const char *name, *tag, *item;
    Cell columns[COLUMNS_MAX];
    Cell block[COLUMNS_MAX]; // below the lines
    const char *remark;
} Form;

#define SUMS                                                                                       \
    {"金额", AMOUNT, 440, NULL, {}}, {"税率/征收率", RATE, 505, NULL, {}},                         \
    {                                                                                              \
        "税额", TAX, 585, NULL,                                                                    \
        {                                                                                          \
        }                                                                                          \
    }
#define COUNTS                                                                                     \
    {"数量", QUANTITY, 293, NULL, {}},                                                             \
    {                                                                                              \
        "单价", PRICE, 365, NULL,                                                                  \
        {                                                                                          \
        }                                                                                          \
    }
#define USUAL                                                                                      \
    {"项目名称", NAME, 115, NULL, {}}, {"规格型号", SPEC, 185, NULL, {}},                          \
        {"单位", UNIT, 225, NULL, {}}, COUNTS, SUMS
#define ESTATE                                                                                     \
    {"项目名称", NAME, 112, NULL, {}},                                                             \
        {"产权证书/不动产权证号",                                                                  \
         EXTRA,                                                                                    \
         222,                                                                                      \
         "estate_certificate",                                                                     \
         {"京（2024）朝不动产权第0012345号", "", "X京房权证朝字第678901号"}},                      \
        {"面积单位", EXTRA, 267, "area_unit", {"平方米", "", "平方米"}},                           \
        {"数量", QUANTITY, 310, NULL, {}}, {"单价", PRICE, 368, NULL, {}}, SUMS
#define JOURNEY                                                                                    \
    {"出行人", EXTRA, 75, "traveller", {"王一", "欧阳二三", "李四"}},                              \
        {"有效身份证件号",                                                                         \
         EXTRA,                                                                                    \
         190,                                                                                      \
         "traveller_id",                                                                           \
         {"110101199001011234", "E12345678", "1101**********123X"}},                               \
        {"出行日期", EXTRA, 260, "travel_date", {"2025-03-01", "2025-03-02", "2025-03-03"}},       \
        {"出发地",                                                                                 \
         EXTRA,                                                                                    \
         355,                                                                                      \
         "departure",                                                                              \
         {"北京市丰台区莲花池东路118号北京西站", "天津市", "河北省石家庄市"}},                     \
        {"到达地", EXTRA, 450, "destination", {"上海市", "广东省深圳市", "上海市浦东新区"}},       \
        {"等级", EXTRA, 500, "seat_class", {"二等座", "经济舱", ""}},                              \
    {                                                                                              \
        "交通工具类型", EXTRA, 585, "transport",                                                   \
        {                                                                                          \
            "火车", "飞机", "公共汽车"                                                         \
        }                                                                                          \
    }
#define FREIGHT                                                                                    \
    {"运输工具种类", EXTRA, 95, "freight_vehicle", {"公路运输", "铁路运输", "公路运输"}},          \
        {"运输工具牌号", EXTRA, 190, "freight_plate", {"粤A12345", "K1234次", "冀B6789挂"}},       \
        {"起运地",                                                                                 \
         EXTRA,                                                                                    \
         310,                                                                                      \
         "freight_from",                                                                           \
         {"广东省广州市黄埔区开发大道1号甲仓库", "天津市", "河北省唐山市"}},                       \
        {"到达地", EXTRA, 430, "destination", {"上海市", "广东省深圳市", "山西省大同市"}},         \
    {                                                                                              \
        "运输货物名称", EXTRA, 585, "goods",                                                       \
        {                                                                                          \
            "电子元器件", "钢材、型材及其制品", "煤"                                              \
        }                                                                                          \
    }

static const Form forms[] = {
    {"usual", "", "*纸制品*复印纸", {USUAL}, {}, "订单号:240416863161"},
    {"building",
     "建筑服务",
     "*建筑服务*工程款",
     {{"项目名称", NAME, 115, NULL, {}},
      {"建筑服务发生地",
       EXTRA,
       225,
       "work_place",
       {"广东省阳江市江城区", "北京市", "湖北省武汉市东湖新技术开发区"}},
      {"建筑项目名称",
       EXTRA,
       365,
       "work_project",
       {"甲乙大厦二期机电安装及消防改造工程施工总承包", "机房改造1号", "丙丁路"}},
      SUMS},
     {},
     "土地增值税项目编号：440100202400001；跨地（市）标志：是；"},
    {"freight", "货物运输服务", "*运输服务*国内道路货物运输服务", {USUAL}, {FREIGHT}, ""},
    {"lease",
     "不动产经营租赁服务",
     "*经营租赁*房屋租金",
     {ESTATE},
     {},
     "不动产地址：北京市朝阳区甲乙路1号院2号楼；租赁期起止：2025-01-01 2025-12-31；"
     "跨地（市）标志：否；"},
    {"estate", "不动产销售", "*不动产*商品房", {ESTATE}, {}, "不动产单元代码：110105001001GB00001"},
    {"passenger",
     "旅客运输服务",
     "*运输服务*客运服务费",
     {{"项目名称", NAME, 130, NULL, {}},
      {"单价", PRICE, 245, NULL, {}},
      {"数量", QUANTITY, 330, NULL, {}},
      SUMS},
     {JOURNEY},
     ""},
    {"passenger with units", "旅客运输服务", "*运输服务*客运服务费", {USUAL}, {JOURNEY}, ""},
    {"toll",
     "通行费",
     "*经营租赁*通行费",
     {{"项目名称", NAME, 115, NULL, {}},
      {"车牌号", EXTRA, 175, "plate_number", {"粤A12345", "京AD12345", "粤B678警"}},
      {"类型", EXTRA, 235, "vehicle_type", {"一型客车", "客车", "二型货车"}},
      {"通行日期起", EXTRA, 300, "passage_from", {"20250301", "2025-03-02", "20250303"}},
      {"通行日期止", EXTRA, 365, "passage_to", {"20250301", "2025-03-02", "20250304"}},
      SUMS},
     {},
     ""},
    {"oil", "成品油", "*汽油*95号车用汽油(ⅥB)", {USUAL}, {}, ""},
    {"farm purchase", "农产品收购", "*谷物*稻谷", {USUAL}, {}, "收购地：湖南省娄底市"},
    {"solar", "光伏收购", "*发电*光伏发电", {USUAL}, {}, "发电户号：4301234567"},
    {"vessel tax",
     "代收车船税",
     "*保险服务*机动车商业保险",
     {USUAL},
     {},
     "保险单号:PDAA202544010000012345;车牌号:粤A12345;税款所属期:2025-01至2025-12;"
     "代收车船税金额:360.00;滞纳金金额:0.00;金额合计:360.00;车架号:LSVAB2183E2123456;"},
    {"tractor",
     "拖拉机和联合收割机",
     "*农业机械*轮式拖拉机",
     {{"项目名称", NAME, 100, NULL, {}},
      {"规格型号", SPEC, 150, NULL, {}},
      {"底盘号/机架号", EXTRA, 235, NULL, {"LTXAB1234C5678901", "", "32456789"}},
      {"单位", UNIT, 272, NULL, {}},
      {"数量", QUANTITY, 312, NULL, {}},
      {"单价", PRICE, 374, NULL, {}},
      SUMS},
     {},
     ""},
    {"clinic",
     "医疗服务（门诊）",
     "*医疗卫生服务*诊疗费",
     {USUAL},
     {},
     "业务流水号：20250301000123;门诊号：123456;就诊日期：20250301;医疗机构类型：三级医院;"
     "性别：男;医保类型：职工医保;医保统筹基金支付：100.00;其他支付：0.00;个人账户支付：20.00;"
     "个人现金支付：5.00"},
};
#define FORM_COUNT (sizeof forms / sizeof forms[0])

size_t read_pdf_business_fixture_count(void)
{
    return FORM_COUNT;
}

const char *read_pdf_business_fixture_name(size_t form)
{
    return forms[form].name;
}

static void expect(Err err)
{
    assert(err == ERR_OK);
}

// ---- chance

typedef struct Sheet {
    Cx *cx;
    uint64_t state;
    const Form *form;
    PdfBusiness *out;
    PdfFixtureText *texts; // of the page in hand
    size_t text_count;
    float size;                           // of texts
    float number_size;                    // of numbers
    float leading;                        // between rows of one text
    float space;                          // between lines
    float left[2], sides[2][COLUMNS_MAX]; // of cells: columns, block
    float y;
    float foot;  // of the row of sums
    bool tall;   // long headings have two rows
    bool middle; // numbers stand beside the middle of a text
    bool centred_texts, centred_numbers;
    int64_t sign;
} Sheet;

static uint64_t chance(Sheet *sheet, uint64_t below)
{
    sheet->state += 0x9e3779b97f4a7c15u;
    uint64_t z = sheet->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

static float about(Sheet *sheet, float value, float most)
{
    return value + most * ((float)chance(sheet, 2001) / 1000 - 1);
}

// ---- print

static void print(Sheet *sheet, float x, float y, float size, const char *text)
{
    if (text[0] != 0 && sheet->text_count < TEXTS_MAX)
        sheet->texts[sheet->text_count++] = (PdfFixtureText){x, y, size, text};
}

static float wide(Slice text, float size)
{
    float sum = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t code = 0;
        at += utf8_head(slice_sub(text, at, 4), &code);
        sum += code < 0x100 ? size / 2 : size;
    }
    return sum;
}

static const char *string(Sheet *sheet, Slice text)
{
    return cx_printf(sheet->cx, SLICE_FMT "%c", SLICE_ARG(text), 0).data;
}

// Rows of a text in a cell; answers how many. With `y` below zero nothing is printed.
static size_t cell(Sheet *sheet, Slice text, float left, float right, bool centred, float y)
{
    size_t rows = 0;
    for (size_t from = 0, end = 0; from < text.size; from = end, rows++) {
        while (end < text.size) {
            uint32_t code = 0;
            size_t next = end + utf8_head(slice_sub(text, end, 4), &code);
            float room = right - left - 2 * PAD;
            if (end > from && wide(slice_sub(text, from, next - from), sheet->size) > room) break;
            end = next;
        }
        Slice row = slice_sub(text, from, end - from);
        float x = centred ? (left + right - wide(row, sheet->size)) / 2 : left + PAD;
        if (y >= 0)
            print(sheet, x, y + (float)rows * sheet->leading, sheet->size, string(sheet, row));
    }
    return rows;
}

static void number(Sheet *sheet, Slice text, float left, float right, float y)
{
    float size = sheet->number_size, room = right - left - PAD;
    if (wide(text, size) > room) size *= room / wide(text, size);
    float x = sheet->centred_numbers ? (left + right - wide(text, size)) / 2
                                     : right - PAD - wide(text, size);
    print(sheet, x, y, size, string(sheet, text));
}

static void headings(Sheet *sheet, const Cell *cells, int which)
{
    static const char *const between[] = {"", " ", "  ", "\xe3\x80\x80"};
    const char *gap = between[chance(sheet, 4)];
    bool tall = which == 0 && sheet->tall;
    float left = sheet->left[which];
    for (size_t i = 0; cells[i].role != END; left = sheet->sides[which][i++]) {
        Slice text = slice_of(cells[i].heading);
        if (text.size == 6) // two characters are spread
            text = cx_printf(sheet->cx, "%.3s%s%.3s", text.data, gap, text.data + 3);
        float middle = (left + sheet->sides[which][i]) / 2;
        if (tall && text.size > 22) { // two rows around the middle of the others
            Slice rest = slice_sub(text, 22, SIZE_MAX);
            text = slice_sub(text, 0, 22);
            print(sheet, middle - wide(rest, sheet->size) / 2, sheet->y + sheet->size * 0.6f,
                  sheet->size, string(sheet, rest));
        }
        float up = tall && slice_of(cells[i].heading).size > 22 ? sheet->size * 0.6f : 0;
        print(sheet, middle - wide(text, sheet->size) / 2, sheet->y - up, sheet->size,
              string(sheet, text));
    }
}

// 免税 and 不征税 print no tax.
static bool is_masked(const Line *line)
{
    return !slice_ends(line->tax_rate, SLICE("%"));
}

static Slice line_text(const Line *line, const Cell *column, size_t index)
{
    switch (column->role) {
    case NAME:
        return line->name;
    case SPEC:
        return line->spec;
    case UNIT:
        return line->unit;
    case QUANTITY:
        return line->quantity;
    case PRICE:
        return line->price;
    case AMOUNT:
        return line->amount;
    case RATE:
        return line->tax_rate;
    case TAX:
        return is_masked(line) ? SLICE("***") : line->tax;
    case EXTRA:
        return slice_of(column->values[index % 3]);
    case END:
        break;
    }
    return SLICE("");
}

static bool is_text(Role role)
{
    return role == NAME || role == SPEC || role == UNIT || role == EXTRA;
}

// One line, or one record of the block, in cells; the sheet's `y` goes on.
static void record(Sheet *sheet, const Cell *cells, int which, const Line *line, size_t index)
{
    size_t rows = 1;
    float left = sheet->left[which];
    for (size_t i = 0; cells[i].role != END; left = sheet->sides[which][i++]) {
        if (!is_text(cells[i].role)) continue;
        size_t own =
            cell(sheet, line_text(line, &cells[i], index), left, sheet->sides[which][i], false, -1);
        if (own > rows) rows = own;
    }
    float high = (float)(rows - 1) * sheet->leading;
    left = sheet->left[which];
    for (size_t i = 0; cells[i].role != END; left = sheet->sides[which][i++]) {
        Slice text = line_text(line, &cells[i], index);
        float right = sheet->sides[which][i];
        bool centred = sheet->centred_texts && cells[i].role != NAME;
        if (!is_text(cells[i].role)) {
            number(sheet, text, left, right, sheet->y + (sheet->middle ? high / 2 : 0));
            continue;
        }
        size_t own = cell(sheet, text, left, right, centred, -1);
        float down = sheet->middle ? (high - (float)(own - 1) * sheet->leading) / 2 : 0;
        if (own > 0) cell(sheet, text, left, right, centred, sheet->y + down);
    }
    sheet->y += high + sheet->leading + sheet->space;
}

// ---- what is said

static Slice fen(Sheet *sheet, int64_t value)
{
    char buffer[MONEY_TEXT_MAX + 1];
    Slice text = {};
    if (cx_copy(sheet->cx, money_print((Money){.fen = value}, buffer), &text) != ERR_OK)
        return text;
    return text;
}

static const struct {
    const char *text;
    int64_t per_mille; // below zero: none, masked
} rates[] = {{"13%", 130}, {"9%", 90}, {"6%", 60},   {"3%", 30},    {"1%", 10},
             {"5%", 50},   {"0%", 0},  {"免税", -1}, {"不征税", -1}};

typedef struct Sums {
    int64_t amount, tax;
} Sums;

static bool has(const Form *form, Role role)
{
    for (size_t i = 0; form->columns[i].role != END; i++)
        if (form->columns[i].role == role) return true;
    return false;
}

// The next line, or the discount of the one before.
static Line make_line(Sheet *sheet, const Line *before, size_t rate, Sums *sums)
{
    static const char *const tails[] = {"", "", "（第二期）",
                                        "及配套技术支持服务（含现场安装调试）",
                                        "A型JTW-ZCD-G3N点型感温火灾探测器"};
    static const char *const specs[] = {"", "无", "JTY-GD-G3X", "500ml*12瓶/箱", "A4/70g/500张"};
    static const char *const units[] = {"项", "吨", "台", "平方米", "", "PCS", "千瓦时"};
    const Form *form = sheet->form;
    int64_t quantity = 1 + (int64_t)chance(sheet, chance(sheet, 2) ? 9 : 2000);
    int64_t price = 1 + (int64_t)chance(sheet, chance(sheet, 3) ? 10'000 : 3'000'000);
    int64_t amount = quantity * price;
    Line line = {};
    if (before != NULL) {
        amount = -(1 + (int64_t)chance(sheet, 99));
        line.name = before->name;
    } else {
        line.name = cx_printf(sheet->cx, "%s%s", form->item, tails[chance(sheet, 5)]);
        line.spec = has(form, SPEC) ? slice_of(specs[chance(sheet, 5)]) : SLICE("");
        line.unit = has(form, UNIT) ? slice_of(units[chance(sheet, 7)]) : SLICE("");
        bool counted = has(form, QUANTITY) && chance(sheet, 5) > 0;
        if (counted) line.quantity = cx_printf(sheet->cx, "%ld", (long)(quantity * sheet->sign));
        if (counted) line.price = fen(sheet, price);
        if (counted && chance(sheet, 4) == 0)
            line.price = cx_printf(sheet->cx, "%ld.%08ld", (long)(price / 100),
                                   (long)(price * 7919 % 100'000'000));
    }
    amount *= sheet->sign;
    int64_t per_mille = rates[rate].per_mille;
    int64_t tax = per_mille < 0 ? 0 : amount * per_mille / 1000;
    line.amount = fen(sheet, amount);
    line.tax_rate = slice_of(rates[rate].text);
    line.tax = fen(sheet, tax);
    *sums = (Sums){sums->amount + amount, sums->tax + tax};
    return line;
}

static void say_extra(Sheet *sheet, const Cell *cells, size_t index)
{
    for (size_t i = 0; cells[i].role != END; i++)
        if (cells[i].role == EXTRA && cells[i].extra != NULL)
            expect(read_extra_put(sheet->cx, &sheet->out->told, cells[i].extra,
                                  slice_of(cells[i].values[index % 3]), SOURCE_TEXT));
}

// ---- the form around the lines

static void upright(Sheet *sheet, float x, float y, const char *word)
{
    for (size_t i = 0; word[i * 3] != 0; i++)
        print(sheet, x, y + (float)i * 10.5f, 9,
              string(sheet, slice_sub(slice_of(word), i * 3, 3)));
}

static void party(Sheet *sheet, float left, const char *word, const Party *party)
{
    float right = left + 270;
    upright(sheet, left - 15, 104, word);
    print(sheet, left, 106, 9, "名称：");
    float was = sheet->leading;
    sheet->leading = 10;
    bool two = cell(sheet, party->name, left + 27, right, false, -1) > 1;
    cell(sheet, party->name, left + 27, right, false, two ? 101 : 106);
    sheet->leading = was;
    print(sheet, left, 136, 9, "统一社会信用代码/纳税人识别号：");
    print(sheet, left + 142, 136, 9, string(sheet, party->tax_id));
}

static void head(Sheet *sheet, size_t page)
{
    const Draft *told = &sheet->out->told;
    bool special = slice_equal(told->kind, SLICE("31"));
    print(sheet, 163, 42, 20, special ? "电子发票（增值税专用发票）" : "电子发票（普通发票）");
    print(sheet, 438, 41, 9, "发票号码：");
    print(sheet, 483, 41, 9, string(sheet, told->number));
    print(sheet, 438, 58, 9, "开票日期：");
    print(sheet, 483, 58, 9, "2025年03月07日");
    print(sheet, 90, 70, 10, sheet->form->tag);
    if (sheet->out->page_count > 1) {
        print(sheet, 520, 84, 9, cx_printf(sheet->cx, "共%zu页%c", sheet->out->page_count, 0).data);
        print(sheet, 555, 84, 9, cx_printf(sheet->cx, "第%zu页%c", page + 1, 0).data);
    }
    party(sheet, 33, "购买方信息", &told->buyer);
    party(sheet, 318, "销售方信息", &told->seller);
    sheet->y = TABLE_TOP + 9;
    headings(sheet, sheet->form->columns, 0);
    sheet->y += 13;
}

static void sum_row(Sheet *sheet, const char *first, const char *second, Sums sums)
{
    float y = sheet->foot;
    print(sheet, 58, y, 9, first);
    print(sheet, 104, y, 9, second);
    Slice amount = cx_printf(sheet->cx, "¥" SLICE_FMT, SLICE_ARG(fen(sheet, sums.amount)));
    Slice tax = cx_printf(sheet->cx, "¥" SLICE_FMT, SLICE_ARG(fen(sheet, sums.tax)));
    bool none = true;
    for (size_t i = 0; i < sheet->out->told.line_count; i++)
        none = none && is_masked(&sheet->out->told.lines[i]);
    size_t columns = 0;
    while (sheet->form->columns[columns].role != END)
        columns++;
    const float *sides = sheet->sides[0];
    number(sheet, amount, sides[columns - 4], sides[columns - 3], y);
    number(sheet, none ? SLICE("***") : tax, sides[columns - 2], sides[columns - 1], y);
}

static void foot(Sheet *sheet, Sums sums)
{
    Draft *told = &sheet->out->told;
    float y = sheet->foot;
    sum_row(sheet, "合", "计", sums);
    print(sheet, 48, y + 18, 9, "价税合计（大写）");
    print(sheet, 178, y + 18, 9, string(sheet, told->total_words));
    print(sheet, 407, y + 18, 9, "（小写）");
    print(sheet, 445, y + 18, 9,
          cx_printf(sheet->cx, "¥" SLICE_FMT "%c", SLICE_ARG(told->total), 0).data);
    print(sheet, 17, y + 48, 9, "备");
    print(sheet, 17, y + 65, 9, "注");
    cell(sheet, told->remark, 28, 585, false, y + 34);
    print(sheet, 55, y + 106, 9, "开票人：");
    print(sheet, 91, y + 106, 9, "杨建清");
}

static void begin_page(Sheet *sheet, size_t page)
{
    sheet->texts = arena_alloc(&sheet->cx->arena, TEXTS_MAX * sizeof *sheet->texts);
    sheet->text_count = 0;
    head(sheet, page);
}

static void end_page(Sheet *sheet, size_t page)
{
    sheet->out->pages[page] = (PdfFixturePage){
        WIDTH, HEIGHT + sheet->foot - 271, sheet->texts, sheet->text_count, NULL, 0};
}

static void lay_out(Sheet *sheet)
{
    sheet->size = chance(sheet, 3) == 0 ? 8 : 9;
    sheet->number_size = chance(sheet, 3) == 0 ? 8 : 9;
    sheet->leading = about(sheet, sheet->size + 2, 1.5f);
    sheet->space = about(sheet, 1.5f, 1.5f);
    sheet->middle = chance(sheet, 3) == 0;
    sheet->centred_texts = chance(sheet, 3) == 0;
    sheet->centred_numbers = chance(sheet, 3) == 0;
    sheet->tall = chance(sheet, 3) == 0;
    sheet->sign = chance(sheet, 4) == 0 ? -1 : 1;
    const Cell *cells[] = {sheet->form->columns, sheet->form->block};
    for (int which = 0; which < 2; which++) {
        sheet->left[which] = about(sheet, 10, 2);
        for (size_t i = 0; cells[which][i].role != END; i++)
            sheet->sides[which][i] = about(sheet, cells[which][i].right, 3);
    }
}

static void say_who(Sheet *sheet)
{
    static const char *const names[] = {
        "杭州甲乙科技有限公司", "北京市丙丁区人民医院", "张三",
        "华丙（厦门）国际酒店管理股份有限公司思明区湖滨南路第一分公司",
        "甲乙MOTORS（中国）有限公司"};
    Draft *told = &sheet->out->told;
    told->kind = chance(sheet, 2) ? SLICE("31") : SLICE("32");
    told->number = cx_printf(sheet->cx, "2544200000%010u", (unsigned)chance(sheet, 1'000'000'000));
    told->issue_date = SLICE("2025-03-07");
    told->buyer =
        (Party){.name = slice_of(names[chance(sheet, 5)]), .tax_id = SLICE("91330108MA27Y5XH5G")};
    told->seller =
        (Party){.name = slice_of(names[chance(sheet, 5)]), .tax_id = SLICE("91350203MA31MCWW1J")};
    told->remark = slice_of(sheet->form->remark);
}

// Lines of all pages; answers how many each page has.
static void say_lines(Sheet *sheet, size_t counts[READ_PDF_BUSINESS_PAGES],
                      Sums sums[READ_PDF_BUSINESS_PAGES])
{
    Draft *told = &sheet->out->told;
    size_t rate = chance(sheet, sizeof rates / sizeof rates[0]);
    for (size_t page = 0; page < sheet->out->page_count; page++) {
        counts[page] = 1 + chance(sheet, sheet->form->block[0].role == END ? 2 : 1);
        // Whose a row between two lines is, nobody can tell when numbers stand in the middle.
        if (sheet->middle) counts[page] = 1;
        bool discounted = counts[page] == 1 && !sheet->middle && chance(sheet, 4) == 0;
        if (chance(sheet, 2)) rate = chance(sheet, sizeof rates / sizeof rates[0]);
        for (size_t i = 0; i < counts[page]; i++) {
            Line *line = NULL;
            if (draft_add_line(sheet->cx, told, &line) != ERR_OK) return;
            *line = make_line(sheet, NULL, rate, &sums[page]);
        }
        if (!discounted) continue;
        Line *line = NULL;
        if (draft_add_line(sheet->cx, told, &line) != ERR_OK) return;
        *line = make_line(sheet, line - 1, rate, &sums[page]);
        counts[page]++;
    }
}

static void say_sums(Sheet *sheet, Sums all)
{
    Draft *told = &sheet->out->told;
    told->amount = fen(sheet, all.amount);
    told->tax = fen(sheet, all.tax);
    told->total = fen(sheet, all.amount + all.tax);
    told->total_words = sheet->sign < 0 ? SLICE("（负数）壹佰圆整") : SLICE("壹佰圆整");
}

PdfBusiness read_pdf_business_fixture(Cx *cx, size_t form, uint64_t seed)
{
    PdfBusiness *out = arena_alloc(&cx->arena, sizeof *out);
    *out = (PdfBusiness){};
    Sheet *sheet = arena_alloc(&cx->arena, sizeof *sheet);
    *sheet = (Sheet){.cx = cx, .state = seed * 1000 + form, .form = &forms[form], .out = out};
    size_t counts[READ_PDF_BUSINESS_PAGES] = {}, line = 0;
    Sums sums[READ_PDF_BUSINESS_PAGES] = {}, all = {};
    lay_out(sheet);
    out->page_count = chance(sheet, 4) == 0 ? 2 + chance(sheet, 2) : 1;
    say_who(sheet);
    say_lines(sheet, counts, sums);
    for (size_t i = 0; i < out->page_count; i++)
        all = (Sums){all.amount + sums[i].amount, all.tax + sums[i].tax};
    say_sums(sheet, all);
    bool subtotals = chance(sheet, 2);
    for (size_t page = 0; page < out->page_count; page++) {
        begin_page(sheet, page);
        for (size_t i = 0; i < counts[page]; i++, line++) {
            record(sheet, sheet->form->columns, 0, &out->told.lines[line], line);
            say_extra(sheet, sheet->form->columns, line);
        }
        if (sheet->form->block[0].role != END) {
            headings(sheet, sheet->form->block, 1);
            sheet->y += sheet->leading + 2;
            for (size_t i = 0; i < 1 + chance(sheet, 2); i++) {
                record(sheet, sheet->form->block, 1, &(Line){}, page + i);
                say_extra(sheet, sheet->form->block, page + i);
            }
        }
        sheet->foot = fmaxf(271, sheet->y + 4);
        if (page + 1 == out->page_count) expect(read_extra_of_remark(cx, &out->told));
        if (page + 1 == out->page_count)
            foot(sheet, all);
        else if (subtotals)
            sum_row(sheet, "小", "计", sums[page]);
        end_page(sheet, page);
    }
    return *out;
}
