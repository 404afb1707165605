#include "validate/rule_cases.h"

TEST("rule_qr_crc: a wrong checksum is a hint, a missing one nothing")
{
    static const struct {
        Slice qr;
        bool silent;
    } cases[] = {
        {SLICE(""), true},
        {SLICE("QRCODE_GEN_ERROR"), true},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,B146"), true},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,"), true},
        {SLICE("01,32,,24112000000052340515,42.36,20240602,,B146"), false},
        {SLICE("01,32,,24112000000052340515,42.35,20240602,,888"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.qr = cases[i].qr};
        if (cases[i].silent)
            EXPECT(rule_cases_silent(cx, rule_qr_crc, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_qr_crc, &draft, "qr_crc", "", SEVERITY_INFO));
    }
}
