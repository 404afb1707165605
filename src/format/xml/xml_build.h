// Xml_build: how both XML readers make their tree: one frame for each open element, text gathered
// there and copied once when the element ends. Only for files of this folder.
#pragma once
#include "base/limits.h"
#include "base/text.h"
#include "format/xml/xml.h"

typedef struct XmlFrame {
    XmlNode *node, *last_child;
    Text text;       // reused by every element of this depth
    bool has_spaces; // declares namespaces
    Slice prefix;
} XmlFrame;

typedef struct XmlBuild {
    Cx *cx;
    XmlNode *root;
    XmlFrame frames[LIMIT_XML_DEPTH + 1]; // 0 is not used
    size_t depth, nodes;
    Err err;
    XmlTrouble trouble;
} XmlBuild;

// `name` with its prefix; the slices must live as long as the arena. After the first failure
// (build->err) nothing happens any more.
void xml_build_open(XmlBuild *build, Slice name, const XmlAttr *attrs, size_t attr_count);
void xml_build_text(XmlBuild *build, Slice text);
void xml_build_close(XmlBuild *build);
// Record a failure, once.
void xml_build_fail(XmlBuild *build, Err err, XmlTrouble trouble, const char *what);
