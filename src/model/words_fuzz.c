// What words_parse takes, words_print writes, and that is taken again with the same value.
#include <assert.h>

#include "base/limits.h"
#include "model/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Money money = {}, again = {};
    if (words_parse(&cx, (Slice){(const char *)data, size}, &money) == ERR_OK) {
        Err err = words_parse(&cx, words_print(&cx, money), &again);
        assert(err == ERR_OK && again.fen == money.fen);
    }
    // Any bytes are an amount, too.
    int64_t fen = 0;
    memcpy(&fen, data, size < sizeof fen ? size : sizeof fen);
    money.fen = fen % (MONEY_FEN_MAX + 1);
    Err err = words_parse(&cx, words_print(&cx, money), &again);
    assert(err == ERR_OK && again.fen == money.fen);
    cx_done(&cx);
    return 0;
}
