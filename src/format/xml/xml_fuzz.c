// Property: what expat accepts, the tolerant scanner reads as the same tree of the same names
// (documents of one byte an ASCII character alone: it does not convert), and mending them changes
// nothing.
#include <assert.h>

#include "format/xml/xml.h"
#include "format/xml/xml_mend.h"
#include "format/xml/xml_tolerant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_plain(Slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((uint8_t)text.data[i] >= 0x80 || text.data[i] == 0) return false;
    // A comment's or declaration's '>' and entities in attributes are beyond the tolerant scanner.
    return slice_find(text, SLICE("<?")) == SLICE_NONE &&
           slice_find(text, SLICE("<!")) == SLICE_NONE;
}

static void check_mended(Cx *cx, Slice bytes, const XmlNode *strict)
{
    const XmlNode *root = NULL;
    Slice text = {};
    bool values = false;
    if (!xml_mend(cx, bytes, &text, &values) || strict == NULL || !is_plain(bytes)) return;
    assert(!values && xml_parse(cx, text, &root, NULL) == ERR_OK);
    const XmlNode *a = xml_deep(strict, NULL, NULL), *b = xml_deep(root, NULL, NULL);
    for (; a != NULL && b != NULL; a = xml_deep(strict, a, NULL), b = xml_deep(root, b, NULL))
        assert(slice_equal(a->name, b->name) && slice_equal(a->text, b->text));
    assert(a == NULL && b == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    Slice bytes = {(const char *)data, size};
    const XmlNode *strict = NULL, *loose = NULL;
    XmlTrouble trouble = XML_TROUBLE_NONE;
    Err err = xml_parse(&cx, bytes, &strict, &trouble);
    assert((err == ERR_OK) == (trouble == XML_TROUBLE_NONE));
    check_mended(&cx, bytes, err == ERR_OK ? strict : NULL);
    Err loosely = xml_tolerant_parse(&cx, bytes, &loose);
    if (err == ERR_OK && is_plain(bytes)) {
        assert(loosely == ERR_OK);
        const XmlNode *a = xml_deep(strict, NULL, NULL), *b = xml_deep(loose, NULL, NULL);
        while (a != NULL && b != NULL) {
            assert(slice_equal(a->name, b->name) && a->attr_count == b->attr_count);
            a = xml_deep(strict, a, NULL);
            b = xml_deep(loose, b, NULL);
        }
        assert(a == NULL && b == NULL);
    }
    cx_done(&cx);
    return 0;
}
