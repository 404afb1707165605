#include "format/xml/xml_mend.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"

TEST("xml mend: what was not escaped is, and says that it was")
{
    static const struct {
        Slice before, after;
    } cases[] = {
        {SLICE("<a>A&B</a>"), SLICE("<a>A&amp;B</a>")},
        {SLICE("<a b='?x=1&y=2'>&</a>"), SLICE("<a b='?x=1&amp;y=2'>&amp;</a>")},
        {SLICE("<a>AT&T; &nbsp;&lt;</a>"), SLICE("<a>AT&amp;T; &amp;nbsp;&lt;</a>")},
        {SLICE("<a>&#; &#x; &#65 &#xG; &#1114112;</a>"),
         SLICE("<a>&amp;#; &amp;#x; &amp;#65 &amp;#xG; &amp;#1114112;</a>")},
        {SLICE("<a><5kg < 6 <</a>"), SLICE("<a>&lt;5kg &lt; 6 &lt;</a>")},
        {SLICE("<a>]]></a>"), SLICE("<a>]]&gt;</a>")},
        {SLICE("<a>1\v2\f3\x02"
               "4&#11;5&#x1F;6&#0;\xEF\xBF\xBE</a>"),
         SLICE("<a>1 2 34 56</a>")},
        {SLICE("<a><![CDATA[A&B\x01<5]]></a>"), SLICE("<a><![CDATA[A&B<5]]></a>")},
        {SLICE("<a>&#xD842;&#57271;</a>"), SLICE("<a>𠮷</a>")},
        {SLICE("<a>\xED\xA1\x82\xED\xBE\xB7</a>"), SLICE("<a>𠮷</a>")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice text = {};
        bool values = false;
        EXPECT(xml_mend(cx, cases[i].before, &text, &values) && values);
        EXPECT(slice_equal(text, cases[i].after));
    }
}

TEST("xml mend: what is around the values goes without a word, what is in order stays")
{
    static const struct {
        Slice before, after;
    } cases[] = {
        {SLICE("<?xml version='1.0'?><?xml encoding='?'?><a/>"), SLICE("<a/>")},
        {SLICE("<!-- a -- b --><?XML?>\xEF\xBB\xBF<a>1<!----->2</a>"), SLICE("<a>12</a>")},
        {SLICE("<a/>\0\0 \x1A\r\n\xEF\xBB\xBF\xE3\x80\x80\xC2\xA0"), SLICE("<a/>")},
        {SLICE("<a>\xEF\xBB\xBF&amp;&#0065;&#x4e00;&lt;&gt;&quot;&apos; > \"</a>"),
         SLICE("<a>\xEF\xBB\xBF&amp;&#0065;&#x4e00;&lt;&gt;&quot;&apos; > \"</a>")},
        {SLICE("<a><发票>票</发票></a>"), SLICE("<a><发票>票</发票></a>")},
        // Refused by the parser afterwards: nothing is put where something is missing.
        {SLICE("<a><b>1</a>"), SLICE("<a><b>1</a>")},
        {SLICE("<a>A<B>C</a>"), SLICE("<a>A<B>C</a>")},
        {SLICE("<a>\xE5\xA4</a>"), SLICE("<a>\xE5\xA4</a>")},
        {SLICE("<a>\xED\xA1\x82</a>"), SLICE("<a>\xED\xA1\x82</a>")},
        {SLICE("<!DOCTYPE a [<!ENTITY x SYSTEM 'y'>]><a/>"),
         SLICE("<!DOCTYPE a [<!ENTITY x SYSTEM 'y'>]><a/>")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice text = {};
        bool values = true;
        EXPECT(xml_mend(cx, cases[i].before, &text, &values) && !values);
        EXPECT(slice_equal(text, cases[i].after));
    }
}

TEST("xml mend: half a character, what does not end, and NUL in the middle are not mended")
{
    static const Slice cases[] = {
        SLICE("<a>&#xD842;</a>"), SLICE("<a>&#xD842;&#65;</a>"), SLICE("<a>\0</a>"),
        SLICE("<a><!-- </a>"),    SLICE("<a><? </a>"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice text = {};
        bool values = false;
        EXPECT(!xml_mend(cx, cases[i], &text, &values));
    }
}

TEST("xml mend: places and bytes have limits")
{
    Slice out = {};
    bool values = false;
    char *bytes = arena_alloc(&cx->arena, LIMIT_XML_MENDED_BYTES + 1);
    memset(bytes, 'x', LIMIT_XML_MENDED_BYTES + 1);
    EXPECT(xml_mend(cx, (Slice){bytes, LIMIT_XML_MENDED_BYTES}, &out, &values) && !values);
    EXPECT(!xml_mend(cx, (Slice){bytes, LIMIT_XML_MENDED_BYTES + 1}, &out, &values));
    memset(bytes, '&', LIMIT_XML_MENDS + 1);
    EXPECT(xml_mend(cx, (Slice){bytes, LIMIT_XML_MENDS}, &out, &values) && values);
    EXPECT(out.size == LIMIT_XML_MENDS * 5);
    EXPECT(!xml_mend(cx, (Slice){bytes, LIMIT_XML_MENDS + 1}, &out, &values));
}
