#include "read/read_inner.h"

#include "base/base64.h"

#define INNER_MIN 64 // bytes: no invoice is shorter

// In any case of letters. It stands in the text however often that is escaped.
static bool names_data(Slice text)
{
    static const Slice name = SLICE("EInvoiceData");
    for (size_t at = 0; at + name.size <= text.size; at++)
        if ((text.data[at] | ' ') == 'e' &&
            slice_equal_nocase((Slice){text.data + at, name.size}, name))
            return true;
    return false;
}

// "<", and "<" behind a byte order mark, begin so in Base64.
static bool is_base64(Slice text)
{
    bool begins = slice_starts(text, SLICE("P")) || slice_starts(text, SLICE("77u/P"));
    for (size_t at = 0; begins && at < text.size; at++) {
        char c = text.data[at];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        begins = letter || memchr("+/=\n\r\t ", c, 7) != NULL;
    }
    return begins;
}

static bool is_inner(Cx *cx, const XmlNode *node, Slice *ret_bytes)
{
    Slice text = xml_text(node), bytes = {};
    if (text.size < INNER_MIN) return false;
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_sub(text, 3, SIZE_MAX);
    if (is_base64(text) && base64_decode(cx, text, false, &bytes) == ERR_OK) text = bytes;
    bool begins = slice_starts(text, SLICE("<")) || slice_starts(text, SLICE("\xEF\xBB\xBF<"));
    if (!begins || !names_data(text)) return false;
    *ret_bytes = text;
    return true;
}

const XmlNode *read_inner_next(Cx *cx, const XmlNode *root, const XmlNode *after, Slice *ret_bytes)
{
    const XmlNode *node = xml_deep(root, after, NULL);
    while (node != NULL && !is_inner(cx, node, ret_bytes))
        node = xml_deep(root, node, NULL);
    return node;
}
