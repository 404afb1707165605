#include "desk/invoice/verify/verify_tag.h"

#include "base/test.h"

TEST("verify_tag: the vectors of the paper and of its reference code")
{
    uint8_t key[VERIFY_TAG_KEY_SIZE];
    char text[16];
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)i;
        text[i] = (char)i;
    }
    EXPECT(verify_tag(key, (Slice){text, 15}) == UINT64_C(0xa129ca6149be45e5));
    EXPECT(verify_tag(key, SLICE("")) == UINT64_C(0x726fdb47dd0e0e31));
    VerifyTag wide = verify_tag_wide(key, (Slice){text, 15});
    EXPECT(wide.low == UINT64_C(0x11a8b03399e99354) && wide.high == UINT64_C(0xd9c3cf970fec087e));
    wide = verify_tag_wide(key, SLICE(""));
    EXPECT(wide.low == UINT64_C(0xe6a825ba047f81a3) && wide.high == UINT64_C(0x930255c71472f66d));
    key[0] ^= 1;
    EXPECT(verify_tag(key, (Slice){text, 15}) != UINT64_C(0xa129ca6149be45e5));
}
