#include "base/base64.h"
#include "base/test.h"

TEST("base64: what is encoded is decoded, at every length")
{
    char bytes[300];
    cx_random(cx, bytes, sizeof bytes);
    for (size_t size = 0; size < sizeof bytes; size++) {
        Slice again;
        EXPECT_OK(base64_decode(cx, base64_encode(cx, (Slice){bytes, size}), true, &again));
        EXPECT(slice_equal(again, (Slice){bytes, size}));
    }
    EXPECT(slice_equal(base64_encode(cx, SLICE("fooba")), SLICE("Zm9vYmE=")));
}

TEST("base64: strict has one spelling; lenient skips white space only")
{
    Slice bytes;
    static const Slice loose[] = {SLICE("Zm9v\r\nYmE="), SLICE(" Zm9v\tYmE=\n"), SLICE("Zm9vYmF="),
                                  SLICE("Zm9v\nYmE="), SLICE("Zm9vYmE =")};
    for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        EXPECT_OK(base64_decode(cx, loose[i], false, &bytes));
        EXPECT(slice_equal(bytes, SLICE("fooba")));
        EXPECT(base64_decode(cx, loose[i], true, &bytes) == ERR_INPUT);
    }
    static const Slice bad[] = {SLICE("Zm9"),   SLICE("Zm9v===="), SLICE("Zm=v"),
                                SLICE("Zm9*"),  SLICE("Zg==Zg=="), SLICE("Zg== Zg="),
                                SLICE("===="),  SLICE("Zm8====="), SLICE("Zg======"),
                                SLICE("Zm8=*"), SLICE("Zm8=="),    SLICE("Zm9-"),
                                SLICE("Zm9\0")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        EXPECT(base64_decode(cx, bad[i], true, &bytes) == ERR_INPUT);
        EXPECT(base64_decode(cx, bad[i], false, &bytes) == ERR_INPUT);
    }
    EXPECT(base64_decode(cx, SLICE("Zh=="), true, &bytes) == ERR_INPUT); // another "Zg=="
    EXPECT(base64_decode(cx, (Slice){"", SIZE_MAX / 2}, true, &bytes) == ERR_LIMIT);
}

TEST("base64: hexadecimal both ways")
{
    uint8_t bytes[2] = {};
    EXPECT_OK(base64_unhex(cx, SLICE("0aFf"), bytes, 2));
    EXPECT(bytes[0] == 0x0A && bytes[1] == 0xFF);
    EXPECT(slice_equal(base64_hex(cx, (Slice){(char *)bytes, 2}), SLICE("0aff")));
    EXPECT(base64_unhex(cx, SLICE("0aF"), bytes, 2) == ERR_INPUT);
    EXPECT(base64_unhex(cx, SLICE("0aFf0"), bytes, 2) == ERR_INPUT);
    EXPECT(base64_unhex(cx, SLICE("0aFf00"), bytes, 2) == ERR_INPUT);
    EXPECT(base64_unhex(cx, SLICE("0aFg"), bytes, 2) == ERR_INPUT);
    for (int c = 0; c < 256; c++) {
        const char text[] = {'0', (char)c, '0'};
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        EXPECT((base64_unhex(cx, (Slice){text, 2}, bytes, 1) == ERR_OK) == digit);
        EXPECT((base64_unhex(cx, (Slice){text + 1, 2}, bytes, 1) == ERR_OK) == digit);
    }
}
