// Xml_path: values by their path, from documents whose writers took liberties: the case of ASCII
// letters in names does not count; of several elements of one name the first that says something
// does; a value may be an attribute of the element whose child it should be, or the attribute
// "value" of its own.
//
// NULL is "no such node", as in xml.h.
#pragma once
#include "format/xml/xml.h"

bool xml_path_named(const XmlNode *node, const char *name);
const XmlNode *xml_path_child(const XmlNode *node, const char *name); // first child
const XmlNode *xml_path_next(const XmlNode *node, const char *name);  // next sibling
// As xml_deep.
const XmlNode *xml_path_deep(const XmlNode *root, const XmlNode *after, const char *name);
// "Header/InherentLabel/InIssuType": the first child of each name.
const XmlNode *xml_path_find(const XmlNode *node, const char *path);
// Trimmed, "" when none says anything.
Slice xml_path_text(const XmlNode *node, const char *path);
