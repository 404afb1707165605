// What is taken for an address has no byte that could end a header or a command, and is taken
// again.
#include <assert.h>

#include "base/limits.h"
#include "desk/people/notify/notify_address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice text = {(const char *)data, size};
    NotifyAddress address = {};
    if (notify_address_parse(&cx, text, &address) == ERR_OK) {
        Err again = notify_address_mail(&cx, address.mail);
        assert(again == ERR_OK);
        for (size_t i = 0; i < address.mail.size; i++)
            assert(address.mail.data[i] > ' ' && address.mail.data[i] <= '~' &&
                   address.mail.data[i] != '<' && address.mail.data[i] != '>');
        for (size_t i = 0; i < address.name.size; i++)
            assert((uint8_t)address.name.data[i] >= ' ');
    }
    if (notify_address_web(&cx, text) == ERR_OK)
        for (size_t i = 0; i < size; i++)
            assert(data[i] > ' ' && data[i] <= '~');
    if (notify_address_phone(&cx, text) == ERR_OK) assert(size <= 16);
    cx_done(&cx);
    return 0;
}
