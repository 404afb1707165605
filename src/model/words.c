#include "model/words.h"

#include "base/text.h"
#include "model/draft_canon.h"

// An amount in words, as people and tax-control software write it:
//
//   words  = [negative] [yuan] [jiao] [fen] [整]     at least one of the three
//   yuan   = number (圆 元 园 圓)
//   number = digits and 拾 佰 仟, falling, in sections that end in 亿, then 万, then nothing
//   jiao   = digit 角,  fen = digit 分; 零 may stand in front of any digit
//   negative = （负数） (负数) 负
// Source: shared facts §5.

#define WORDS_BYTES 256 // the longest we print is about 130

static const char *const digit_words[] = {"零", "壹", "贰", "叁", "肆",
                                          "伍", "陆", "柒", "捌", "玖"};

static void add(Text *text, const char *word)
{
    text_add(text, slice_of(word));
}

// Whole yuan > 0. One 零 for any run of zeros between two digits that are not.
static void add_yuan(Text *text, int64_t yuan)
{
    static const char *const units[] = {"", "拾", "佰", "仟"};
    static const char *const groups[] = {"", "万", "亿"};
    int places = 0, digits[16];
    for (int64_t left = yuan; left > 0; left /= 10)
        digits[places++] = (int)(left % 10);
    bool gap = false, group = false; // zeros are due; the group has a digit that is not 0
    for (int i = places - 1; i >= 0; i--) {
        if (digits[i] == 0) {
            gap = true;
        } else {
            if (gap) add(text, digit_words[0]);
            add(text, digit_words[digits[i]]);
            add(text, units[i % 4]);
            gap = false;
            group = true;
        }
        if (i % 4 == 0) {
            if (group) add(text, groups[i / 4]);
            group = false;
        }
    }
    add(text, "圆");
}

Slice words_print(Cx *cx, Money money)
{
    Text text = text_open(cx, WORDS_BYTES);
    int64_t fen = money.fen < 0 ? -money.fen : money.fen, yuan = fen / 100;
    int jiao = (int)(fen / 10 % 10), rest = (int)(fen % 10);
    if (money.fen < 0) add(&text, "（负数）");
    if (yuan > 0) add_yuan(&text, yuan);
    if (fen == 0) add(&text, "零圆");
    if (jiao > 0) {
        if (yuan > 0 && yuan % 10 == 0) add(&text, digit_words[0]);
        add(&text, digit_words[jiao]);
        add(&text, "角");
    }
    if (rest > 0) {
        if (jiao == 0 && yuan > 0) add(&text, digit_words[0]);
        add(&text, digit_words[rest]);
        add(&text, "分");
    } else {
        add(&text, "整");
    }
    return text_so_far(&text);
}

typedef enum WordType {
    WORD_DIGIT,
    WORD_UNIT,
    WORD_GROUP,
    WORD_YUAN,
    WORD_JIAO,
    WORD_FEN,
    WORD_END
} WordType;

typedef struct Word {
    uint32_t point;
    WordType type;
    int32_t value;
} Word;

// The capitals, their traditional forms and the everyday digits that careless software prints.
static const Word words[] = {
    {U'零', WORD_DIGIT, 0},
    {U'〇', WORD_DIGIT, 0},
    {U'壹', WORD_DIGIT, 1},
    {U'一', WORD_DIGIT, 1},
    {U'贰', WORD_DIGIT, 2},
    {U'貳', WORD_DIGIT, 2},
    {U'二', WORD_DIGIT, 2},
    {U'叁', WORD_DIGIT, 3},
    {U'叄', WORD_DIGIT, 3},
    {U'參', WORD_DIGIT, 3},
    {U'三', WORD_DIGIT, 3},
    {U'肆', WORD_DIGIT, 4},
    {U'四', WORD_DIGIT, 4},
    {U'伍', WORD_DIGIT, 5},
    {U'五', WORD_DIGIT, 5},
    {U'陆', WORD_DIGIT, 6},
    {U'陸', WORD_DIGIT, 6},
    {U'六', WORD_DIGIT, 6},
    {U'柒', WORD_DIGIT, 7},
    {U'七', WORD_DIGIT, 7},
    {U'捌', WORD_DIGIT, 8},
    {U'八', WORD_DIGIT, 8},
    {U'玖', WORD_DIGIT, 9},
    {U'九', WORD_DIGIT, 9},
    {U'拾', WORD_UNIT, 10},
    {U'十', WORD_UNIT, 10},
    {U'佰', WORD_UNIT, 100},
    {U'百', WORD_UNIT, 100},
    {U'仟', WORD_UNIT, 1000},
    {U'千', WORD_UNIT, 1000},
    {U'万', WORD_GROUP, 10'000},
    {U'萬', WORD_GROUP, 10'000},
    {U'亿', WORD_GROUP, 100'000'000},
    {U'億', WORD_GROUP, 100'000'000},
    {U'圆', WORD_YUAN, 0},
    {U'元', WORD_YUAN, 0},
    {U'园', WORD_YUAN, 0},
    {U'圓', WORD_YUAN, 0},
    {U'角', WORD_JIAO, 0},
    {U'分', WORD_FEN, 0},
    {U'整', WORD_END, 0},
    {U'正', WORD_END, 0},
};

static const Word *word_of(uint32_t point)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].point == point) return &words[i];
    return NULL;
}

// What was read so far. Parts come in the order yuan, jiao, fen, end.
typedef struct Amount {
    int64_t fen, section; // section: of yuan, below the last 万 or 亿
    int32_t unit, group;  // the last ones: the next must be smaller
    int digit;            // waiting for its unit; < 0: none
    WordType part;        // the last part that is complete; WORD_DIGIT: none
} Amount;

static bool take_unit(Amount *amount, int32_t unit)
{
    if (amount->part != WORD_DIGIT || unit >= amount->unit) return false;
    // 拾圆 is ten; 佰 needs its digit.
    if (amount->digit < 0 && (unit != 10 || amount->section > 0)) return false;
    amount->section += (int64_t)(amount->digit < 0 ? 1 : amount->digit) * unit;
    amount->unit = unit;
    amount->digit = -1;
    return true;
}

static bool take_group(Amount *amount, int32_t group)
{
    int64_t section = amount->section + (amount->digit < 0 ? 0 : amount->digit);
    if (amount->part != WORD_DIGIT || group >= amount->group || section == 0) return false;
    amount->fen += section * group * 100;
    amount->section = 0;
    amount->unit = 10'000;
    amount->group = group;
    amount->digit = -1;
    return true;
}

static bool take_part(Amount *amount, WordType part)
{
    bool some =
        amount->digit >= 0 || (part == WORD_YUAN && (amount->section > 0 || amount->fen > 0));
    // Before 角 and 分 only what 圆 closed may stand.
    bool open =
        part != WORD_YUAN && amount->part == WORD_DIGIT && (amount->section > 0 || amount->fen > 0);
    if (!some || open || amount->part >= part) return false;
    int64_t digit = amount->digit < 0 ? 0 : amount->digit;
    if (part == WORD_YUAN)
        amount->fen += (amount->section + digit) * 100;
    else
        amount->fen += digit * (part == WORD_JIAO ? 10 : 1);
    amount->section = 0;
    amount->digit = -1;
    amount->part = part;
    return true;
}

static bool take_word(Amount *amount, const Word *word)
{
    switch (word->type) {
    case WORD_DIGIT:
        if (amount->digit > 0 || amount->part == WORD_END) return false;
        amount->digit = word->value;
        return true;
    case WORD_UNIT:
        return take_unit(amount, word->value);
    case WORD_GROUP:
        return take_group(amount, word->value);
    case WORD_YUAN:
    case WORD_JIAO:
    case WORD_FEN:
        return take_part(amount, word->type);
    case WORD_END:
        if (amount->part == WORD_DIGIT || amount->part == WORD_END || amount->digit >= 0)
            return false;
        amount->part = WORD_END;
        return true;
    }
    return false;
}

// （负数） (负数) 负; also the circled cross that stands before the words on printed forms.
static bool take_negative(Slice *rest)
{
    Slice at = *rest;
    uint32_t point = draft_canon_next(&at);
    if (point == 0x2297 || point == 0x24E7 || point == 0x24CD) {
        *rest = at;
        point = draft_canon_next(&at);
    }
    bool bracket = point == '(';
    if (bracket) point = draft_canon_next(&at);
    if (point != U'负' && point != U'負') return false;
    *rest = at;
    point = draft_canon_next(&at);
    if (point == U'数' || point == U'數') {
        *rest = at;
        point = draft_canon_next(&at);
    }
    if (bracket && point == ')') *rest = at;
    return true;
}

Err words_parse(Cx *cx, Slice text, Money *ret_money)
{
    Slice rest = text;
    bool negative = take_negative(&rest), ok = true;
    Amount amount = {.unit = 10'000, .group = INT32_MAX, .digit = -1, .part = WORD_DIGIT};
    for (uint32_t point; ok && (point = draft_canon_next(&rest)) != 0;) {
        const Word *word = word_of(point);
        ok = word != NULL && take_word(&amount, word);
    }
    ok = ok && amount.part != WORD_DIGIT && amount.digit < 0 && amount.fen <= MONEY_FEN_MAX;
    if (!ok)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not an amount in words",
                       SLICE_ARG(slice_sub(text, 0, 120)));
    *ret_money = (Money){negative ? -amount.fen : amount.fen};
    return ERR_OK;
}
