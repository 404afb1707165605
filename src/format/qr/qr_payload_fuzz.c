// What is taken holds canonical values, and a list put together from them is taken as the same.
#include <assert.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/qr/qr_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    QrPayload once = {}, twice = {};
    Slice text = {(const char *)data, size};
    if (qr_payload_parse(&cx, text, &once) == ERR_OK && once.form == QR_FORM_LIST) {
        const Slice fields[] = {once.version, once.kind, once.code,       once.number,
                                once.amount,  once.date, once.check_code, once.crc};
        Text list = text_open(&cx, 2 * size + 100);
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            if (i > 0) text_byte(&list, ',');
            text_add(&list, fields[i]);
        }
        Slice again = text_so_far(&list);
        Err err = qr_payload_parse(&cx, again, &twice);
        assert(err == ERR_OK && twice.form == once.form);
        assert(slice_equal(once.code, twice.code) && slice_equal(once.number, twice.number));
        assert(slice_equal(once.amount, twice.amount) && slice_equal(once.date, twice.date));
        assert(slice_equal(once.check_code, twice.check_code));
        assert(slice_equal(once.crc, twice.crc));
    }
    cx_done(&cx);
    return 0;
}
