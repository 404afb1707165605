#include "format/qr/qr_payload.h"

#include "base/test.h"

TEST("qr_payload: every payload of the facts")
{
    static const struct {
        Slice text;
        QrForm form;
        Slice kind, code, number, amount, date, check_code;
        QrCrc crc;
    } cases[] = {
        {SLICE("01,10,032001600511,31471858,198.04,20201004,01897109054748898321,0813,"),
         QR_FORM_LIST, SLICE("10"), SLICE("032001600511"), SLICE("31471858"), SLICE("198.04"),
         SLICE("2020-10-04"), SLICE("01897109054748898321"), QR_CRC_OK},
        {SLICE("01,10,031001900511,04875996,57,20200420,77669856890717802165,64CF,"), QR_FORM_LIST,
         SLICE("10"), SLICE("031001900511"), SLICE("04875996"), SLICE("57.00"), SLICE("2020-04-20"),
         SLICE("77669856890717802165"), QR_CRC_OK},
        {SLICE("01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633,"),
         QR_FORM_LIST, SLICE("10"), SLICE("044001629111"), SLICE("40406705"), SLICE("240.60"),
         SLICE("2021-02-04"), SLICE("09702709422776238605"), QR_CRC_OK},
        {SLICE("01,10,050001700111,12235358,10000.00,20200805,16630282980991510014,7257"),
         QR_FORM_LIST, SLICE("10"), SLICE("050001700111"), SLICE("12235358"), SLICE("10000.00"),
         SLICE("2020-08-05"), SLICE("16630282980991510014"), QR_CRC_OK},
        {SLICE("01,01,1200154130,03630024,94339.62,20160621,,9335,"), QR_FORM_LIST, SLICE("01"),
         SLICE("1200154130"), SLICE("03630024"), SLICE("94339.62"), SLICE("2016-06-21"), SLICE(""),
         QR_CRC_OK},
        {SLICE("01,04,4200161350,00015045,165106.00,20160501,48114255542168294433,DBFE,"),
         QR_FORM_LIST, SLICE("04"), SLICE("4200161350"), SLICE("00015045"), SLICE("165106.00"),
         SLICE("2016-05-01"), SLICE("48114255542168294433"), QR_CRC_OK},
        {SLICE("01,31,,24112000000048542163,4449.00,20240528,,B2B6"), QR_FORM_LIST, SLICE("31"),
         SLICE(""), SLICE("24112000000048542163"), SLICE("4449.00"), SLICE("2024-05-28"), SLICE(""),
         QR_CRC_OK},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,B146"), QR_FORM_LIST, SLICE("32"),
         SLICE(""), SLICE("24112000000052340515"), SLICE("42.35"), SLICE("2024-06-02"), SLICE(""),
         QR_CRC_OK},
        {SLICE("01,32,,26327000000479692585,56.20,2026-03-09,,"), QR_FORM_LIST, SLICE("32"),
         SLICE(""), SLICE("26327000000479692585"), SLICE("56.20"), SLICE("2026-03-09"), SLICE(""),
         QR_CRC_ABSENT},
        {SLICE("01,61,,23448784110000000648,100.00,20230303,,89f5"), QR_FORM_LIST, SLICE("61"),
         SLICE(""), SLICE("23448784110000000648"), SLICE("100.00"), SLICE("2023-03-03"), SLICE(""),
         QR_CRC_MISMATCH},
        {SLICE("01,10,22119230671000000011,45.28,20220317,6026"), QR_FORM_PILOT, SLICE("10"),
         SLICE(""), SLICE("22119230671000000011"), SLICE("45.28"), SLICE("2022-03-17"), SLICE(""),
         QR_CRC_MODBUS},
        {SLICE(" 01,31, ,24942000000003727672,684.40,20240129, ,2D77 "), QR_FORM_LIST, SLICE("31"),
         SLICE(""), SLICE("24942000000003727672"), SLICE("684.40"), SLICE("2024-01-29"), SLICE(""),
         QR_CRC_OK},
        {SLICE("01,20,144002309010,01956673,800.99,20240318,00000000008590046300,360F"),
         QR_FORM_LIST, SLICE("20"), SLICE("144002309010"), SLICE("01956673"), SLICE("800.99"),
         SLICE("2024-03-18"), SLICE("00000000008590046300"), QR_CRC_MISMATCH},
        {SLICE("01,61,,9223372036854775807,620,20210728,,7890"), QR_FORM_LIST, SLICE("61"),
         SLICE(""), SLICE("9223372036854775807"), SLICE("620.00"), SLICE("2021-07-28"), SLICE(""),
         QR_CRC_MISMATCH},
        {SLICE("01,32,24112000000052340515,,42.35,20240602,,B146"), QR_FORM_LIST, SLICE("32"),
         SLICE(""), SLICE("24112000000052340515"), SLICE("42.35"), SLICE("2024-06-02"), SLICE(""),
         QR_CRC_MISMATCH},
        {SLICE("https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=0123456789abcdef&"
               "bill_num=00171102&total_amount=1234"),
         QR_FORM_URL, SLICE(""), SLICE(""), SLICE("00171102"), SLICE("12.34"), SLICE(""),
         SLICE("bcdef"), QR_CRC_ABSENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        QrPayload payload = {};
        EXPECT_OK(qr_payload_parse(cx, cases[i].text, &payload));
        EXPECT(payload.form == cases[i].form);
        EXPECT(slice_equal(payload.kind, cases[i].kind));
        EXPECT(slice_equal(payload.code, cases[i].code));
        EXPECT(slice_equal(payload.number, cases[i].number));
        EXPECT(slice_equal(payload.amount, cases[i].amount));
        EXPECT(slice_equal(payload.date, cases[i].date));
        EXPECT(slice_equal(payload.check_code, cases[i].check_code));
        EXPECT(payload.crc_state == cases[i].crc);
    }
}

TEST("qr_payload: the checksums in use, and their names")
{
    static const struct {
        Slice text;
        QrCrc crc;
        const char *name;
    } cases[] = {
        {SLICE("01,10,044001500111,00000001,1.00,20200101,12345678901234567890,3498,"),
         QR_CRC_OK_WITHOUT_COMMA, "ok_without_comma"},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,070F"), QR_CRC_X25, "x25"},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,B146"), QR_CRC_OK, "ok"},
        {SLICE("01,32,,24112000000052340515,42.36,20240602,,B146"), QR_CRC_MISMATCH, "mismatch"},
        {SLICE("01,32,,24112000000052340515,42.36,20240602,,"), QR_CRC_ABSENT, "absent"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        QrPayload payload = {};
        EXPECT_OK(qr_payload_parse(cx, cases[i].text, &payload));
        EXPECT(payload.crc_state == cases[i].crc);
        EXPECT(strcmp(qr_payload_crc_name(payload.crc_state), cases[i].name) == 0);
    }
}

TEST("qr_payload: values that can't be read are left out, the rest stays")
{
    static const struct {
        Slice text, code, amount, date, check_code;
        QrCrc crc;
    } cases[] = {
        {SLICE("01,10,000000000000,31471858,abc,20201399,xyz,888"), SLICE(""), SLICE(""), SLICE(""),
         SLICE(""), QR_CRC_MISMATCH},
        {SLICE("01,10,032001600511,31471858,1.00,20201001"), SLICE("032001600511"), SLICE("1.00"),
         SLICE("2020-10-01"), SLICE(""), QR_CRC_ABSENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        QrPayload payload = {};
        EXPECT_OK(qr_payload_parse(cx, cases[i].text, &payload));
        EXPECT(slice_equal(payload.code, cases[i].code));
        EXPECT(slice_equal(payload.amount, cases[i].amount));
        EXPECT(slice_equal(payload.date, cases[i].date));
        EXPECT(slice_equal(payload.check_code, cases[i].check_code));
        EXPECT(payload.crc_state == cases[i].crc);
    }
}

TEST("qr_payload: what is no invoice's payload is refused")
{
    static const Slice cases[] = {
        SLICE(""),
        SLICE("QRCODE_GEN_ERROR"),
        SLICE("01,10,032001600511,31471858,198.04"),
        SLICE("02,10,032001600511,31471858,198.04,20201004,,0813"),
        SLICE("01,xx,032001600511,31471858,198.04,20201004,,0813"),
        SLICE("01,10,032001600511,3147185x,198.04,20201004,,0813"),
        SLICE("01,10,,,,,,"),
        SLICE("https://example.com/scan?hash=0123456789&bill_num=00171102"),
        SLICE("https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=01&bill_num=00171102"),
        SLICE("https://chinatax.gov.cn.example.com/?hash=0123456789&bill_num=00171102"),
        SLICE("http://"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        QrPayload payload = {.version = SLICE("untouched")};
        EXPECT(qr_payload_parse(cx, cases[i], &payload) == ERR_INPUT);
        EXPECT(slice_equal(payload.version, SLICE("untouched")));
        EXPECT(!qr_payload_is(cx, cases[i]));
    }
}
