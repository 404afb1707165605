#include "format/xml/xml_build.h"

void xml_build_fail(XmlBuild *build, Err err, XmlTrouble trouble, const char *what)
{
    if (build->err != ERR_OK) return;
    build->err = err_set(build->cx, err, "%s", what);
    build->trouble = trouble;
}

static Slice prefix_of(Slice name, Slice *ret_local)
{
    const char *colon = memchr(name.data, ':', name.size);
    size_t at = colon == NULL ? 0 : (size_t)(colon - name.data);
    *ret_local = colon == NULL ? name : slice_sub(name, at + 1, name.size);
    return slice_sub(name, 0, at);
}

static Slice last_segment(Slice address)
{
    while (address.size > 0 && address.data[address.size - 1] == '/')
        address.size--;
    for (size_t i = address.size; i > 0; i--)
        if (address.data[i - 1] == '/') return slice_sub(address, i, address.size);
    return address;
}

static bool declares(const XmlAttr *attr)
{
    return slice_starts(attr->name, SLICE("xmlns")) &&
           (attr->name.size == 5 || attr->name.data[5] == ':');
}

// The namespace that `prefix` stands for at the innermost frame; "" when nobody declares it.
static Slice space_of(const XmlBuild *build, Slice prefix)
{
    for (size_t depth = build->depth; depth > 0; depth--) {
        const XmlFrame *frame = &build->frames[depth];
        if (depth < build->depth && slice_equal(frame->prefix, prefix)) return frame->node->space;
        if (!frame->has_spaces) continue;
        for (size_t i = 0; i < frame->node->attr_count; i++) {
            const XmlAttr *attr = &frame->node->attrs[i];
            if (!declares(attr)) continue;
            Slice of = attr->name.size == 5 ? SLICE("") : slice_sub(attr->name, 6, SIZE_MAX);
            if (slice_equal(of, prefix)) return last_segment(slice_trim(attr->value));
        }
    }
    return SLICE("");
}

static bool room_for_node(XmlBuild *build)
{
    if (build->err != ERR_OK) return false;
    if (build->depth == LIMIT_XML_DEPTH) {
        xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "elements are nested too deep");
        return false;
    }
    if (++build->nodes > LIMIT_XML_NODES) {
        xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "too many elements");
        return false;
    }
    return true;
}

void xml_build_open(XmlBuild *build, Slice name, const XmlAttr *attrs, size_t attr_count)
{
    if (!room_for_node(build)) return;
    XmlNode *node = arena_try_alloc(&build->cx->arena, sizeof *node);
    if (node == NULL) {
        xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "the document needs too much memory");
        return;
    }
    XmlFrame *parent = &build->frames[build->depth++];
    XmlFrame *frame = &build->frames[build->depth];
    node->attrs = attrs;
    node->attr_count = (uint32_t)attr_count; // LIMIT_XML_ATTRIBUTES at most
    node->text = SLICE("");
    if (build->depth > 1) {
        node->parent = parent->node;
        if (parent->last_child == NULL)
            parent->node->first = node;
        else
            parent->last_child->sibling = node;
        parent->last_child = node;
    } else if (build->root == NULL) {
        build->root = node;
    }
    frame->node = node;
    frame->last_child = NULL;
    frame->text.size = 0;
    if (frame->text.arena == NULL) frame->text = text_open(build->cx, LIMIT_XML_TEXT_BYTES);
    frame->has_spaces = false;
    for (size_t i = 0; i < attr_count && !frame->has_spaces; i++)
        frame->has_spaces = declares(&attrs[i]);
    frame->prefix = prefix_of(name, &node->name);
    node->space = space_of(build, frame->prefix);
}

void xml_build_text(XmlBuild *build, Slice text)
{
    if (build->err != ERR_OK || build->depth == 0) return;
    XmlFrame *frame = &build->frames[build->depth];
    text_add(&frame->text, text);
    if (frame->text.full)
        xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "an element's text is too long");
}

void xml_build_close(XmlBuild *build)
{
    if (build->err != ERR_OK || build->depth == 0) return;
    XmlFrame *frame = &build->frames[build->depth--];
    Slice text = text_so_far(&frame->text);
    bool blank = true; // the white space between elements is no text
    for (size_t i = 0; i < text.size && blank; i++)
        blank = text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r');
    if (blank) return;
    if (cx_copy(build->cx, text, &frame->node->text) != ERR_OK)
        xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "the document needs too much memory");
}
