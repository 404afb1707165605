#include "format/xml/xml_path.h"

static bool is_named(const XmlNode *node, Slice name)
{
    return slice_equal_nocase(node->name, name);
}

static const XmlNode *first_named(const XmlNode *node, Slice name)
{
    while (node != NULL && !is_named(node, name))
        node = node->sibling;
    return node;
}

bool xml_path_named(const XmlNode *node, const char *name)
{
    return node != NULL && is_named(node, slice_of(name));
}

const XmlNode *xml_path_child(const XmlNode *node, const char *name)
{
    return node == NULL ? NULL : first_named(node->first, slice_of(name));
}

const XmlNode *xml_path_next(const XmlNode *node, const char *name)
{
    return node == NULL ? NULL : first_named(node->sibling, slice_of(name));
}

const XmlNode *xml_path_deep(const XmlNode *root, const XmlNode *after, const char *name)
{
    Slice wanted = slice_of(name);
    const XmlNode *node = xml_deep(root, after, NULL);
    while (node != NULL && !is_named(node, wanted))
        node = xml_deep(root, node, NULL);
    return node;
}

const XmlNode *xml_path_find(const XmlNode *node, const char *path)
{
    Slice rest = slice_of(path), part = {};
    bool done = false;
    while (node != NULL && slice_cut(&rest, '/', &done, &part))
        node = first_named(node->first, part);
    return node;
}

static Slice attribute(const XmlNode *node, Slice name)
{
    for (size_t i = 0; i < node->attr_count; i++)
        if (slice_equal_nocase(node->attrs[i].name, name)) return slice_trim(node->attrs[i].value);
    return SLICE("");
}

static Slice own_value(const XmlNode *node)
{
    Slice text = xml_text(node);
    bool bare = slice_empty(text) && node->first == NULL;
    return bare ? attribute(node, SLICE("value")) : text;
}

// As deep as the path has parts.
static Slice value_below(const XmlNode *node, Slice path)
{
    Slice rest = path, part = {};
    bool done = false;
    if (!slice_cut(&rest, '/', &done, &part)) return SLICE("");
    for (const XmlNode *at = first_named(node->first, part); at != NULL;
         at = first_named(at->sibling, part)) {
        Slice value = done ? own_value(at) : value_below(at, rest);
        if (!slice_empty(value)) return value;
    }
    return done ? attribute(node, part) : SLICE("");
}

Slice xml_path_text(const XmlNode *node, const char *path)
{
    return node == NULL ? SLICE("") : value_below(node, slice_of(path));
}
