// QR payload: the text of an invoice's QR code, taken apart. What a kind means and what a wrong
// checksum is worth, others decide.
//
//   01,10,032001600511,31471858,198.04,20201004,01897109054748898321,0813,   a list of fields
//   01,10,22119230671000000011,45.28,20220317,6026                           the rail pilot's
//   https://….shenzhen.chinatax.gov.cn/verify/scan?hash=…&bill_num=…         深圳区块链, a URL
//
// Source: shared facts §2 and §12; the byte table stands in qr_payload.c.
#pragma once
#include "base/cx.h"

typedef enum QrForm {
    QR_FORM_LIST,  // comma separated, number in field 4
    QR_FORM_PILOT, // six fields, number in field 3, no code
    QR_FORM_URL,   // 深圳区块链电子发票; `kind` is ""
} QrForm;

// A hint about how the payload was made, never a proof of anything: it is no signature.
typedef enum QrCrc {
    QR_CRC_ABSENT,
    QR_CRC_OK,               // CRC-16/UMTS up to and including the comma before the CRC
    QR_CRC_OK_WITHOUT_COMMA, // the same without that comma
    QR_CRC_MODBUS,           // CRC-16/MODBUS, either way (rail)
    QR_CRC_X25,              // CRC-16/X-25, either way (some tax offices)
    QR_CRC_MISMATCH,
} QrCrc;

// Every value is trimmed and "" when it is not there; what can't be read as its type is "" as well.
typedef struct QrPayload {
    QrForm form;
    Slice version; // "01"; "" in a URL
    Slice kind;    // as printed: "10" "01" "20" "31" "51" …; for kind_of_qr
    Slice code;    // 发票代码; "" on 数电票
    Slice number;  // 8 or 20 digits
    Slice amount;  // "198.04". Net on old kinds (kind 10: sometimes the total), total on 数电票
    Slice date;    // "2020-10-04"
    Slice check_code; // 20 digits; 深圳区块链: the last five characters of the hash
    Slice crc;        // as printed
    QrCrc crc_state;
} QrPayload;

// ERR_INPUT when `text` is no invoice's payload (a link to a shop, "QRCODE_GEN_ERROR", …);
// ERR_LIMIT past the arena. Values are borrowed from `text` or live in the arena.
Err qr_payload_parse(Cx *cx, Slice text, QrPayload *ret_payload);
// Whether it is worth keeping: what qr_payload_parse takes.
bool qr_payload_is(Cx *cx, Slice text);
// "absent" "ok" "ok_without_comma" "modbus" "x25" "mismatch"
const char *qr_payload_crc_name(QrCrc state);
