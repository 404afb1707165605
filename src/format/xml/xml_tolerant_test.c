#include "format/xml/xml_tolerant.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"

TEST("xml tolerant: what real tag files write wrong is read all the same")
{
    static const Slice cases[] = {
        SLICE("<:eInvoice xmlns:=\"\"><ofd:No><ofd:ObjectRef PageRef=\"1\">64</ofd:ObjectRef>"
              "</ofd:No></:eInvoice>"),
        SLICE("<?xml version='1.0'?><!DOCTYPE x><e><No><ObjectRef PageRef=1>64</ObjectRef></No>"),
        SLICE("<e><No a='&'><ObjectRef PageRef='1' / ><ObjectRef PageRef='1'>64</x></ObjectRef>"),
        SLICE("<e xmlns:=''><No><ObjectRef PageRef=\"1\"><![CDATA[64]]></No></e>"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        EXPECT_OK(xml_tolerant_parse(cx, cases[i], &root));
        const XmlNode *ref = xml_find(root, "No/ObjectRef");
        if (i == 2) ref = xml_deep(root, ref, "ObjectRef");
        EXPECT(slice_equal(xml_text(ref), SLICE("64")));
        EXPECT(slice_equal(xml_attr(ref, "PageRef"), SLICE("1")));
    }
}

TEST("xml tolerant: entities of XML are turned, others stay")
{
    const XmlNode *root = NULL;
    EXPECT_OK(xml_tolerant_parse(cx, SLICE("<a>1 &lt; 2 & 3 &x; &amp;</a>"), &root));
    EXPECT(slice_equal(xml_text(root), SLICE("1 < 2 & 3 &x; &")));
}

TEST("xml tolerant: no tag is an error, and depth has its limit")
{
    const XmlNode *root = NULL;
    EXPECT(xml_tolerant_parse(cx, SLICE(""), &root) == ERR_INPUT);
    EXPECT(xml_tolerant_parse(cx, SLICE("text"), &root) == ERR_INPUT);
    Text deep = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i <= LIMIT_XML_DEPTH; i++)
        text_add(&deep, SLICE("<a>"));
    EXPECT(xml_tolerant_parse(cx, text_so_far(&deep), &root) == ERR_LIMIT);
}
