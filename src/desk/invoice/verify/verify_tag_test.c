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
    key[0] ^= 1;
    EXPECT(verify_tag(key, (Slice){text, 15}) != UINT64_C(0xa129ca6149be45e5));
}
