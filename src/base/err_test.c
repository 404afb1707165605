#include "base/err.h"
#include "base/test.h"

TEST("err: wrapping puts our step before the cause and keeps the kind")
{
    Err err = err_set(cx, ERR_INPUT, "amount '%s' is not a number", "x");
    err = err_wrap(cx, err, "line %d", 3);
    EXPECT(err == ERR_INPUT);
    EXPECT(slice_equal(err_text(cx), SLICE("line 3: amount 'x' is not a number")));
}

TEST("err: a text longer than its room is cut, never overrun")
{
    char longer[2000];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    EXPECT(err_set(cx, ERR_LIMIT, "%s", longer) == ERR_LIMIT);
    EXPECT(err_wrap(cx, ERR_LIMIT, "x") == ERR_LIMIT);
    EXPECT(err_text(cx).size < sizeof cx->err_text);
    EXPECT(slice_equal(slice_of(err_name(ERR_LIMIT)), SLICE("limit")));
}
