#include "format/qr/qr_payload.h"

#include "base/date.h"
#include "base/money.h"

// The list (shared facts §2, §12; computed on 208 real payloads). ASCII, fields between commas,
// usually one comma at the end; each field may stand in spaces.
//
//   # field       form
//   1 version     01
//   2 kind        2-3 digits
//   3 code        10 or 12 digits; empty on 数电票
//   4 number      8 digits; 20 on 数电票 (19 seen on one test print)
//   5 amount      yuan, 0-2 decimals
//   6 date        YYYYMMDD, seen YYYY-MM-DD
//   7 check code  20 digits; empty on 专票 and 数电票
//   8 CRC         4 hexadecimal digits of either case; empty, missing and "888" are seen
//
// The rail pilot leaves out 3 and 7: 01,10,<20 digits>,amount,date,CRC. A number of 20 digits with
// nothing in field 4 stands one field too early, and the rest in its place.
//
// The URL of 深圳区块链:
// https://<host>.chinatax.gov.cn/…?hash=<hex>&bill_num=<8>&total_amount=<fen> in any order, among
// others.

#define FIELDS_MAX 8

typedef struct Fields {
    Slice at[FIELDS_MAX];
    size_t count;
} Fields;

static uint16_t crc_umts(Slice s)
{
    unsigned crc = 0;
    for (size_t i = 0; i < s.size; i++) {
        crc ^= (unsigned)(unsigned char)s.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x8005) & 0xFFFF : crc << 1;
    }
    return (uint16_t)crc;
}

static uint16_t crc_reflected(Slice s, unsigned polynomial)
{
    unsigned crc = 0xFFFF;
    for (size_t i = 0; i < s.size; i++) {
        crc ^= (unsigned char)s.data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1;
    }
    return (uint16_t)crc;
}

static bool hex4(Slice s, uint16_t *ret_value)
{
    unsigned value = 0;
    if (s.size != 4) return false;
    for (size_t i = 0; i < 4; i++) {
        static const char hex[] = "0123456789abcdef";
        char c = s.data[i];
        const char *at = memchr(hex, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c, 16);
        if (at == NULL) return false;
        value = value << 4 | (unsigned)(at - hex);
    }
    *ret_value = (uint16_t)value;
    return true;
}

// `printed` is a part of `text`; the sum is over what stands before it.
static QrCrc crc_state(Slice text, Slice printed)
{
    uint16_t crc = 0;
    if (slice_empty(slice_trim(printed))) return QR_CRC_ABSENT;
    if (!hex4(slice_trim(printed), &crc)) return QR_CRC_MISMATCH;
    Slice with = {text.data, (size_t)(printed.data - text.data)};
    Slice without = {with.data, with.size - 1};
    if (crc == crc_umts(with)) return QR_CRC_OK;
    if (crc == crc_umts(without)) return QR_CRC_OK_WITHOUT_COMMA;
    if (crc == crc_reflected(with, 0xA001) || crc == crc_reflected(without, 0xA001))
        return QR_CRC_MODBUS;
    uint16_t inverted = (uint16_t)(crc ^ 0xFFFF);
    if (inverted == crc_reflected(with, 0x8408) || inverted == crc_reflected(without, 0x8408))
        return QR_CRC_X25;
    return QR_CRC_MISMATCH;
}

static Err room(Cx *cx, size_t size, char **ret_bytes)
{
    *ret_bytes = arena_try_alloc(&cx->arena, size);
    return *ret_bytes == NULL ? err_set(cx, ERR_LIMIT, "no room for a QR payload") : ERR_OK;
}

static Err take_amount(Cx *cx, Slice raw, Slice *ret_amount)
{
    Money money = {};
    char *buffer = NULL;
    *ret_amount = SLICE("");
    if (money_parse(cx, slice_trim(raw), &money) != ERR_OK) return ERR_OK;
    TRY(room(cx, MONEY_TEXT_MAX + 1, &buffer));
    *ret_amount = money_print(money, buffer);
    return ERR_OK;
}

static Err take_date(Cx *cx, Slice raw, Slice *ret_date)
{
    Date date = {};
    char *buffer = NULL;
    *ret_date = SLICE("");
    if (date_parse(cx, raw, &date) != ERR_OK) return ERR_OK;
    TRY(room(cx, DATE_TEXT_SIZE + 1, &buffer));
    *ret_date = date_print(date, buffer);
    return ERR_OK;
}

static bool is_number(Slice s)
{
    return s.size >= 8 && s.size <= 20 && slice_digits(s);
}

// "00000000" stands for "none" in some exports.
static Slice code_of(Slice raw)
{
    bool zeros = true;
    for (size_t i = 0; i < raw.size; i++)
        zeros = zeros && raw.data[i] == '0';
    return (raw.size == 10 || raw.size == 12) && slice_digits(raw) && !zeros ? raw : SLICE("");
}

static Slice check_code_of(Slice raw)
{
    return raw.size >= 5 && raw.size <= 20 && slice_digits(raw) ? raw : SLICE("");
}

static Err parse_list(Cx *cx, Slice text, QrPayload *ret_payload)
{
    Fields raw = {}, trimmed = {};
    bool done = false;
    for (Slice rest = text, part; raw.count < FIELDS_MAX && slice_cut(&rest, ',', &done, &part);) {
        trimmed.at[raw.count] = slice_trim(part);
        raw.at[raw.count++] = part;
    }
    const Slice *at = trimmed.at;
    bool ok = raw.count >= 6 && slice_equal(at[0], SLICE("01")) && slice_digits(at[1]) &&
              (at[1].size == 2 || at[1].size == 3);
    if (!ok) return err_set(cx, ERR_INPUT, "no invoice's QR payload");

    QrPayload payload = {.version = at[0], .kind = at[1]};
    Slice amount = at[4], date = at[5], crc = {};
    bool early = at[2].size == 20 && slice_digits(at[2]);
    if (early && !slice_empty(at[3]) && !is_number(at[3])) {
        payload.form = QR_FORM_PILOT;
        payload.number = at[2];
        amount = at[3];
        date = at[4];
        crc = raw.at[5];
    } else {
        payload.form = QR_FORM_LIST;
        payload.code = code_of(at[2]);
        payload.number = early && slice_empty(at[3]) ? at[2] : at[3];
        payload.check_code = raw.count > 6 ? check_code_of(at[6]) : SLICE("");
        if (raw.count > 7) crc = raw.at[7];
    }
    if (!is_number(payload.number))
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not an invoice number",
                       SLICE_ARG(slice_sub(payload.number, 0, 40)));
    TRY(take_amount(cx, amount, &payload.amount));
    TRY(take_date(cx, date, &payload.date));
    payload.crc = slice_trim(crc);
    payload.crc_state = crc.data == NULL ? QR_CRC_ABSENT : crc_state(text, crc);
    *ret_payload = payload;
    return ERR_OK;
}

// The value of a query's parameter, "" when it is not there.
static Slice parameter(Slice query, Slice name)
{
    bool done = false;
    for (Slice rest = query, part; slice_cut(&rest, '&', &done, &part);)
        if (slice_starts(part, name) && part.size > name.size && part.data[name.size] == '=')
            return slice_sub(part, name.size + 1, SIZE_MAX);
    return SLICE("");
}

static Err parse_url(Cx *cx, Slice text, QrPayload *ret_payload)
{
    bool done = false;
    Slice rest = text, address = {}, query = {};
    (void)slice_cut(&rest, '?', &done, &address);
    query = rest;
    size_t host = slice_find(address, SLICE("://")) + 3;
    Slice tail = slice_sub(address, host, SIZE_MAX), name = {};
    done = false;
    (void)slice_cut(&tail, '/', &done, &name);
    Slice hash = parameter(query, SLICE("hash")), number = parameter(query, SLICE("bill_num"));
    uint64_t fen = 0;
    if (!slice_ends(name, SLICE("chinatax.gov.cn")) || hash.size < 5 || !is_number(number))
        return err_set(cx, ERR_INPUT, "a link, but no invoice's");

    QrPayload payload = {.form = QR_FORM_URL, .number = number};
    payload.check_code = slice_sub(hash, hash.size - 5, 5);
    if (slice_u64(parameter(query, SLICE("total_amount")), &fen) && fen <= MONEY_FEN_MAX) {
        char *buffer = NULL;
        TRY(room(cx, MONEY_TEXT_MAX + 1, &buffer));
        payload.amount = money_print((Money){(int64_t)fen}, buffer);
    }
    *ret_payload = payload;
    return ERR_OK;
}

Err qr_payload_parse(Cx *cx, Slice text, QrPayload *ret_payload)
{
    text = slice_trim(text);
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_sub(text, 3, SIZE_MAX);
    if (slice_starts(text, SLICE("https://")) || slice_starts(text, SLICE("http://")))
        return parse_url(cx, text, ret_payload);
    return parse_list(cx, text, ret_payload);
}

bool qr_payload_is(Cx *cx, Slice text)
{
    QrPayload payload;
    return qr_payload_parse(cx, text, &payload) == ERR_OK;
}

const char *qr_payload_crc_name(QrCrc state)
{
    static const char *const names[] = {
        [QR_CRC_ABSENT] = "absent",
        [QR_CRC_OK] = "ok",
        [QR_CRC_OK_WITHOUT_COMMA] = "ok_without_comma",
        [QR_CRC_MODBUS] = "modbus",
        [QR_CRC_X25] = "x25",
        [QR_CRC_MISMATCH] = "mismatch",
    };
    unsigned index = (unsigned)state;
    return names[index <= QR_CRC_MISMATCH ? index : QR_CRC_MISMATCH];
}
