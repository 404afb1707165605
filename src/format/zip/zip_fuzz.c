// Property: whatever opens has names that are harmless and all different, an entry reads to exactly
// the size that was announced, failure always says which sort of trouble it is, and what can be
// opened can be peeked into and shows the same names.
#include <assert.h>

#include "format/zip/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        unsigned seen = 0;
        assert(zip_peek((Slice){(const char *)data, size}, &name, 1, &seen) && seen == 1);
        size_t found = SIZE_MAX;
        assert(zip_find(zip, name, &found) && found == i);
        Err read = zip_read(&cx, zip, i, &bytes, &trouble);
        assert(read == ERR_OK ? bytes.size == zip_size(zip, i) : trouble != ZIP_TROUBLE_NONE);
    }
    cx_done(&cx);
    return 0;
}
