#include "format/xml/xml_path.h"

#include "base/test.h"

static const XmlNode *parsed(Cx *cx, Slice xml)
{
    const XmlNode *root = NULL;
    return xml_parse(cx, xml, &root, NULL) == ERR_OK ? root : NULL;
}

TEST("xml path: case does not count, the first that says something does")
{
    const XmlNode *root = parsed(cx, SLICE("<A><b/><B><C> </C><c>1</c></B><b><C>2</C></b></A>"));
    EXPECT(xml_path_named(root, "a") && !xml_path_named(NULL, "a"));
    EXPECT(slice_equal(xml_path_text(root, "b/c"), SLICE("1")));
    EXPECT(xml_path_find(root, "B") == root->first && xml_path_find(root, "b/c") == NULL);
    const XmlNode *second = xml_path_next(xml_path_child(root, "B"), "b");
    EXPECT(slice_equal(xml_path_text(second, "C"), SLICE("1")));
    EXPECT(xml_path_child(NULL, "b") == NULL && xml_path_next(NULL, "b") == NULL);
    EXPECT(slice_empty(xml_path_text(root, "b/x")) && slice_empty(xml_path_text(NULL, "b")));
    size_t count = 0;
    for (const XmlNode *at = xml_path_deep(root, NULL, "C"); at; at = xml_path_deep(root, at, "c"))
        count++;
    EXPECT(count == 3);
}

TEST("xml path: attributes stand in for elements that say nothing")
{
    static const struct {
        Slice xml, value;
    } cases[] = {
        {SLICE("<a><b c=' 1 '/></a>"), SLICE("1")},
        {SLICE("<a><b C='1'><c/></b></a>"), SLICE("1")},
        {SLICE("<a><b c='1'><c>2</c></b></a>"), SLICE("2")},
        {SLICE("<a><b><c value='1'/></b></a>"), SLICE("1")},
        {SLICE("<a><b><c value='1'>2</c></b></a>"), SLICE("2")},
        {SLICE("<a><b><c value='1'><d/></c></b></a>"), SLICE("")},
        {SLICE("<a c='1'><b/></a>"), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = parsed(cx, cases[i].xml);
        EXPECT(root != NULL && slice_equal(xml_path_text(root, "b/c"), cases[i].value));
    }
}
