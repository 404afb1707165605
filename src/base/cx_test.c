#include "base/cx.h"
#include "base/test.h"

TEST("cx: copies are our own; C strings refuse an inner NUL; too much is a limit")
{
    char bytes[] = "abc";
    Slice copy;
    EXPECT(cx_copy(cx, (Slice){bytes, 3}, &copy) == ERR_OK);
    bytes[0] = 'x';
    EXPECT(slice_equal(copy, SLICE("abc")));

    const char *text = NULL;
    EXPECT(cx_cstr(cx, SLICE("a\0b"), &text) == ERR_INPUT && text == NULL);
    EXPECT(cx_cstr(cx, SLICE("ab"), &text) == ERR_OK && text[2] == '\0');
    EXPECT(cx_copy(cx, (Slice){bytes, SIZE_MAX}, &copy) == ERR_LIMIT);
    EXPECT(slice_equal(cx_printf(cx, "%d-%s", 7, "x"), SLICE("7-x")));
    for (int width = 250; width < 260; width++) {
        Slice wide = cx_printf(cx, "%*d", width, 7);
        EXPECT(wide.size == (size_t)width && wide.data[width - 1] == '7' &&
               wide.data[width] == '\0');
    }
}
