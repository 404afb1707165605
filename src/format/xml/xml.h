// Xml: a small tree that does not change once it is made, in the arena. DOCTYPE, and with it every
// entity of a document's own, is refused as hostile; depth, nodes and text are limited.
//
// Encodings: UTF-8, UTF-16, ISO-8859-1 by expat; UTF-32 by us; GBK, GB2312, GB18030 by iconv
// (xml_warm opens it).
// Bytes that claim to be UTF-8, are none, and are Chinese text in GB18030 are read as that; those
// that claim a Western encoding and are Chinese text in UTF-8 or GB18030, as what they are.
// Prefixes need not be declared; names are compared without them.
// Threads: any, one Cx each, after xml_warm. Callers: format/ofd/, read/.
#pragma once
#include "base/cx.h"

typedef enum XmlTrouble {
    XML_TROUBLE_NONE,
    XML_TROUBLE_DAMAGED, // truncated, not well-formed, an unknown encoding
    XML_TROUBLE_HOSTILE, // a DOCTYPE, an entity, or past LIMIT_XML_*
} XmlTrouble;

typedef struct XmlAttr {
    Slice name; // with its prefix
    Slice value;
} XmlAttr;

typedef struct XmlNode XmlNode;
struct XmlNode {
    Slice name;  // without its prefix
    Slice space; // last path segment of its namespace ("einv"), "" without one
    Slice text;  // its own characters, CDATA too, joined, not trimmed; those of children not
    const XmlAttr *attrs;
    uint32_t attr_count;
    bool guessed; // of the root: the encoding is not the one that the file claims
    bool mended;  // of the root: the text of the file was changed to be well-formed
    const XmlNode *parent, *first, *sibling;
};

// Before a jail closes: loads iconv's module for GB18030.
void xml_warm(void);
// GBK or GB18030 as UTF-8: what names of files are in, too. ERR_INPUT when it is none.
Err xml_from_chinese(Cx *cx, Slice bytes, Slice *ret_text);
// ERR_INPUT or ERR_LIMIT; `trouble` (may be NULL) then says which sort it is.
Err xml_parse(Cx *cx, Slice bytes, const XmlNode **ret_root, XmlTrouble *trouble);
// The same; what is damaged is tried once more with its text mended (xml_mend.h).
Err xml_parse_mended(Cx *cx, Slice bytes, const XmlNode **ret_root, XmlTrouble *trouble);
// For what these refuse as damaged: a document that goes on behind its last tag, with another or
// with text. *ret_root is nobody's: it holds them all, and is mended. ERR_INPUT when that is not
// it.
Err xml_parse_roots(Cx *cx, Slice bytes, const XmlNode **ret_root);

// All of these take NULL as "no such node" and answer NULL, "" or false for it. A `name` is the
// local name, ASCII case counts; NULL takes any.
const XmlNode *xml_child(const XmlNode *node, const char *name); // first child
const XmlNode *xml_next(const XmlNode *node, const char *name);  // next sibling
// "Header/InherentLabel/InIssuType": the first child of each name.
const XmlNode *xml_find(const XmlNode *node, const char *path);
// Depth first, the node itself first; `after` continues (NULL starts). Below `root` only.
const XmlNode *xml_deep(const XmlNode *root, const XmlNode *after, const char *name);
// Whether the document's encoding was guessed; whether what it says was mended.
bool xml_is_guessed(const XmlNode *node);
bool xml_is_mended(const XmlNode *node);
bool xml_named(const XmlNode *node, const char *name);
Slice xml_text(const XmlNode *node);                        // trimmed
Slice xml_find_text(const XmlNode *node, const char *path); // trimmed
// By local name of the attribute, "" when there is none; trimmed.
Slice xml_attr(const XmlNode *node, const char *name);
// Whether such an attribute is there at all.
bool xml_has_attr(const XmlNode *node, const char *name);
