// Property: whatever opens has names that are harmless and all different, an entry reads to exactly
// the size that was announced, failure always says which sort of trouble it is, and what can be
// opened can be peeked into and shows the same names. A folder is entered exactly when the peek
// said so, and then again changes nothing.
#include <assert.h>

#include "base/utf8.h"
#include "format/zip/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entered(Zip *zip, Slice bytes)
{
    static const Slice wanted = SLICE("OFD.xml");
    size_t before = SIZE_MAX, entered = SIZE_MAX, again = SIZE_MAX;
    bool top = zip_find(zip, wanted, &before), wrapped = zip_peek_wrapped(bytes, wanted);
    assert(!top || !wrapped);
    zip_enter(zip, wanted);
    assert(zip_find(zip, wanted, &entered) == (top || wrapped) && (!top || entered == before));
    zip_enter(zip, wanted);
    assert(zip_find(zip, wanted, &again) == (top || wrapped) && again == entered);
    for (size_t i = 0; i < zip_count(zip); i++)
        assert(zip_name(zip, i).size > 0 && zip_name(zip, i).data[0] != '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    Zip *zip = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    Err err = zip_open(&cx, (Slice){(const char *)data, size}, &zip, &trouble);
    assert((err == ERR_OK) == (trouble == ZIP_TROUBLE_NONE));
    unsigned ignored = 0;
    (void)zip_peek((Slice){(const char *)data, size}, NULL, 0, &ignored);
    for (size_t i = 0; err == ERR_OK && i < zip_count(zip); i++) {
        Slice name = zip_name(zip, i), bytes = {};
        assert(name.size > 0 && name.data[0] != '/' && slice_find(name, SLICE("../")) != 0);
        // In GBK it may be the second half of a character.
        assert(memchr(name.data, '\\', name.size) == NULL || !utf8_is(name));
        unsigned seen = 0;
        assert(zip_peek((Slice){(const char *)data, size}, &name, 1, &seen) && seen == 1);
        size_t found = SIZE_MAX;
        assert(zip_find(zip, name, &found) && found == i);
        Err read = zip_read(&cx, zip, i, &bytes, &trouble);
        assert(read == ERR_OK ? bytes.size == zip_size(zip, i) : trouble != ZIP_TROUBLE_NONE);
    }
    if (err == ERR_OK) check_entered(zip, (Slice){(const char *)data, size});
    cx_done(&cx);
    return 0;
}
