#include "commit/uuid7.h"

void uuid7_make(Cx *cx, uint8_t ret_id[static UUID7_SIZE])
{
    uint64_t ms = cx_now_ms(cx);
    cx_random(cx, ret_id + 6, UUID7_SIZE - 6);
    for (size_t i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(ms >> (40 - 8 * i));
    ret_id[6] = (uint8_t)((ret_id[6] & 0x0F) | 0x70); // version 7
    ret_id[8] = (uint8_t)((ret_id[8] & 0x3F) | 0x80); // variant
}
