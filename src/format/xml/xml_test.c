#include "format/xml/xml.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"

TEST("xml: names lose their prefix, namespaces all but their last segment, CDATA joins")
{
    static const Slice text = SLICE(
        "<?xml version='1.0'?><ofd:A xmlns:ofd='http://www.ofdspec.org/2016' xmlns='x/y/einv/'>\n"
        " <ofd:B ID='7' ofd:Name=' n '> one <![CDATA[<two>]]> &amp; three </ofd:B><C/>"
        "<B>last</B><bad:D>d</bad:D></ofd:A>");
    const XmlNode *root = NULL;
    EXPECT_OK(xml_parse(cx, text, &root, NULL));
    EXPECT(xml_named(root, "A") && slice_equal(root->space, SLICE("2016")));
    EXPECT(slice_empty(root->text));
    const XmlNode *b = xml_child(root, "B");
    EXPECT(slice_equal(xml_text(b), SLICE("one <two> & three")));
    EXPECT(slice_equal(xml_attr(b, "ID"), SLICE("7")));
    EXPECT(slice_equal(xml_attr(b, "Name"), SLICE("n")));
    EXPECT(!xml_has_attr(b, "name") && slice_empty(xml_attr(b, "name")));
    const XmlNode *last = xml_next(b, "B");
    EXPECT(slice_equal(xml_text(last), SLICE("last")));
    EXPECT(slice_equal(last->space, SLICE("einv")));
    EXPECT(slice_equal(xml_find(root, "D")->space, SLICE("")));
    EXPECT(xml_next(last, "B") == NULL && xml_child(NULL, "B") == NULL);
}

TEST("xml: paths and the depth-first walk stay below their root")
{
    static const Slice text = SLICE("<a><b><c>1</c></b><b><c>2</c><d><c>3</c></d></b></a>");
    const XmlNode *root = NULL;
    EXPECT_OK(xml_parse(cx, text, &root, NULL));
    EXPECT(slice_equal(xml_find_text(root, "b/c"), SLICE("1")));
    EXPECT(xml_find(root, "b/x/c") == NULL && slice_empty(xml_find_text(root, "x")));
    size_t count = 0;
    for (const XmlNode *c = xml_deep(root, NULL, "c"); c != NULL; c = xml_deep(root, c, "c"))
        count++;
    EXPECT(count == 3);
    const XmlNode *first = xml_child(root, "b");
    const XmlNode *c = xml_deep(first, NULL, "c");
    EXPECT(c != NULL && xml_deep(first, c, "c") == NULL);
    EXPECT(xml_deep(first, NULL, "b") == first);
}

TEST("xml: GBK, GB18030, UTF-16 and a BOM are read")
{
    static const Slice cases[] = {
        SLICE("<?xml version=\"1.0\" encoding=\"gbk\"?><a>\xb7\xa2\xc6\xb1</a>"),
        SLICE("<?xml version='1.0' encoding = 'GB2312' ?><a>\xb7\xa2\xc6\xb1</a>"),
        SLICE("<?xml version='1.0' encoding='GB18030'?><a>\xb7\xa2\xc6\xb1</a>"),
        SLICE("\xef\xbb\xbf<?xml version='1.0' encoding='GBK'?><a>发票</a>"),
        SLICE("<?xml version='1.0' encoding='GBK'?><a>发票</a>"), // says one, is the other
        SLICE("<?xml version='1.0' encoding='utf8'?><a>发票</a>"),
        SLICE("\r\n <a>发票</a>"),
        SLICE(" \xef\xbb\xbf\xef\xbb\xbf\n<?xml version='1.0'?><a>发票</a>"),
        SLICE("<?xml version='1.0' encoding='MS936'?><a>\xb7\xa2\xc6\xb1</a>"),
        SLICE("<?xml version='1.0' encoding='ISO-8859-1'?><a>发票</a>"),
        SLICE("<?xml version='1.0' encoding='us-ascii'?><a>发票</a>"),
        // Without a mark, and with a declaration that is wrong.
        SLICE("<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0001\0.\0000\0'\0 \0e\0n\0c\0"
              "o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0008\0'\0?\0>\0<\0a\0>\0\xd1\x53\x68\x79<\0/\0"
              "a\0>\0"),
        SLICE("\0<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0001\0.\0000\0'\0 \0e\0n"
              "\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0008\0'\0?\0>\0<\0a\0>"
              "\x53\xd1\x79\x68\0<\0/\0a\0>"),
        SLICE("\xff\xfe<\0a\0>\0\xd1\x53\x68\x79<\0/\0a\0>\0"),
        // Saved anew by an editor that left the declaration alone.
        SLICE("\xff\xfe<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0001\0.\0000\0'\0 \0e\0n\0"
              "c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0008\0'\0?\0>\0<\0a\0>\0\xd1\x53\x68\x79<\0"
              "/\0a\0>\0"),
    };
    xml_warm();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        EXPECT_OK(xml_parse(cx, cases[i], &root, NULL));
        EXPECT(slice_equal(xml_text(root), SLICE("发票")));
    }
}

// Each byte of ASCII, and 发 for '*', as a character of four bytes; the low end first or last.
static Slice in_utf32(Cx *cx, const char *mark, const char *text, bool little)
{
    Text wide = text_open(cx, LIMIT_MIB);
    text_add(&wide,
             mark[0] == '\0' ? SLICE("") : (Slice){little ? "\xff\xfe\0" : "\0\0\xfe\xff", 4});
    for (; *text != '\0'; text++) {
        const char bytes[4] = {*text == '*' ? '\xd1' : *text, *text == '*' ? '\x53' : '\0'};
        for (size_t i = 0; i < 4; i++)
            text_byte(&wide, bytes[little ? i : 3 - i]);
    }
    return text_so_far(&wide);
}

TEST("xml: UTF-32 is read, whatever it claims, mended where it may be, and refused as any other")
{
    static const struct {
        const char *text;
        XmlTrouble trouble;
        bool mended;
    } cases[] = {
        {"<a>*</a>", XML_TROUBLE_NONE, false},
        {"<?xml version='1.0' encoding='UTF-32'?>\n<a>*</a>", XML_TROUBLE_NONE, false},
        {"<?xml version='1.0' encoding='utf-8'?><a>*</a>", XML_TROUBLE_NONE, false},
        {"<?xml version='1.0' encoding='GBK'?><a>*</a>", XML_TROUBLE_NONE, false},
        {"<a b='&'>*</a>", XML_TROUBLE_NONE, true},
        {"<a>*", XML_TROUBLE_DAMAGED, false},
        {"<!DOCTYPE a [<!ENTITY x '*'>]><a>&x;</a>", XML_TROUBLE_HOSTILE, false},
    };
    for (size_t i = 0; i < 4 * (sizeof cases / sizeof cases[0]); i++) {
        const XmlNode *root = NULL;
        XmlTrouble trouble = XML_TROUBLE_DAMAGED, whole = XML_TROUBLE_NONE;
        Slice bytes = in_utf32(cx, i % 4 < 2 ? "mark" : "", cases[i / 4].text, i % 2 == 0);
        Err err = xml_parse_mended(cx, bytes, &root, &trouble);
        EXPECT(trouble == cases[i / 4].trouble);
        EXPECT((err == ERR_OK) == (trouble == XML_TROUBLE_NONE));
        EXPECT(slice_equal(xml_text(root), err == ERR_OK ? SLICE("发") : SLICE("")));
        EXPECT(xml_is_mended(root) == cases[i / 4].mended && !xml_is_guessed(root));
        // Half a character at the end.
        bytes = slice_sub(bytes, 0, bytes.size - 1);
        EXPECT(xml_parse_mended(cx, bytes, &root, &whole) == ERR_INPUT);
        EXPECT(whole == XML_TROUBLE_DAMAGED);
    }
}

TEST("xml: damaged and hostile documents are told apart")
{
    static const struct {
        Slice text;
        XmlTrouble trouble;
    } cases[] = {
        {SLICE(""), XML_TROUBLE_DAMAGED},
        {SLICE("<a>"), XML_TROUBLE_DAMAGED},
        {SLICE("<a></b>"), XML_TROUBLE_DAMAGED},
        {SLICE("<a>&unknown;</a>"), XML_TROUBLE_DAMAGED},
        {SLICE("<a>\xb7</a>"), XML_TROUBLE_DAMAGED},
        {SLICE("<?xml version='1.0' encoding='GBK'?><a>\xb7</a>"), XML_TROUBLE_DAMAGED},
        {SLICE("<?xml version='1.0' encoding='KOI-77'?><a/>"), XML_TROUBLE_DAMAGED},
        {SLICE("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
         XML_TROUBLE_HOSTILE},
        {SLICE("<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a>&y;</a>"),
         XML_TROUBLE_HOSTILE},
        {SLICE("<!DOCTYPE html><a/>"), XML_TROUBLE_HOSTILE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        XmlTrouble trouble = XML_TROUBLE_NONE;
        EXPECT(xml_parse(cx, cases[i].text, &root, &trouble) == ERR_INPUT);
        EXPECT(trouble == cases[i].trouble && root == NULL);
    }
}

TEST("xml: depth, nodes and attributes have limits")
{
    Text deep = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i < 100'000; i++)
        text_add(&deep, SLICE("<a>"));
    Text wide = text_open(cx, LIMIT_MIB);
    text_add(&wide, SLICE("<a>"));
    for (size_t i = 0; i < LIMIT_XML_NODES; i++)
        text_add(&wide, SLICE("<b/>"));
    text_add(&wide, SLICE("</a>"));
    Text many = text_open(cx, LIMIT_MIB);
    text_add(&many, SLICE("<a"));
    for (size_t i = 0; i <= LIMIT_XML_ATTRIBUTES; i++)
        text_printf(&many, " a%zu=''", i);
    text_add(&many, SLICE("/>"));
    const Slice cases[] = {text_so_far(&deep), text_so_far(&wide), text_so_far(&many)};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        XmlTrouble trouble = XML_TROUBLE_NONE;
        EXPECT(xml_parse(cx, cases[i], &root, &trouble) == ERR_LIMIT);
        EXPECT(trouble == XML_TROUBLE_HOSTILE);
    }
}

TEST("xml: GBK that claims to be UTF-8 is read, UTF-8 never as GBK, broken UTF-8 not at all")
{
#define GBK_TEXT  "\xb7\xa2\xc6\xb1\xb9\xba\xc2\xf2\xb7\xbd" // 发票购买方
#define UTF8_DECL "<?xml version='1.0' encoding='UTF-8'?>"
    static const struct {
        Slice bytes;
        bool parsed, guessed;
        Slice text;
    } cases[] = {
        {SLICE(UTF8_DECL "<a>" GBK_TEXT "</a>"), true, true, SLICE("发票购买方")},
        {SLICE("<?xml version='1.0'?><a>" GBK_TEXT "</a>"), true, true, SLICE("发票购买方")},
        {SLICE(" \n<a><b/>" GBK_TEXT "</a>"), true, true, SLICE("发票购买方")},
        {SLICE("<a>\x81\x30\x81\x30\xb7\xa2</a>"), false, false, SLICE("")}, // a control
        {SLICE("<a>发票购买方</a>"), true, false, SLICE("发票购买方")},
        {SLICE("<a>abc</a>"), true, false, SLICE("abc")},
        {SLICE("<?xml version='1.0' encoding='utf8'?><a>" GBK_TEXT "</a>"), true, true,
         SLICE("发票购买方")},
        {SLICE("<a>\xc3\xa9\xc3\xa9</a>"), true, false, SLICE("éé")},
        {SLICE(UTF8_DECL "<a>发票\xe8\xb4购买方名</a>"), false, false, SLICE("")},
        // As GB18030 that were 鍙戠ㄨ喘涔版柟: a byte of 票 is missing.
        {SLICE("<a>发\xe7\xa8购买方</a>"), false, false, SLICE("")},
        {SLICE("<a>" GBK_TEXT "\xb7</a>"), false, false, SLICE("")},
        {SLICE("<a>" GBK_TEXT "\xff\xff</a>"), false, false, SLICE("")},
        {SLICE("<a>" GBK_TEXT "\xaa\xa1</a>"), false, false, SLICE("")},         // for private use
        {SLICE("<a>" GBK_TEXT "\xd8\x38\x97\x34</a>"), false, false, SLICE("")}, // U+F0000
        {SLICE("<a>" GBK_TEXT "\x84\x31\xa4\x37</a>"), false, false, SLICE("")}, // U+FFFD
        {SLICE("\xef\xbb\xbf<a>" GBK_TEXT "</a>"), false, false, SLICE("")},
        {SLICE("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xb7\xa2</a>"), true, false,
         SLICE("·¢")},
        {SLICE("<?xml version='1.0' encoding='ISO-8859-1'?><a>" GBK_TEXT "</a>"), true, true,
         SLICE("发票购买方")},
        {SLICE("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9l\xe8ve \xe0 c\xf4t\xe9 d\xfb "
               "\xe9t\xe9</a>"),
         true, false, SLICE("élève à côté dû été")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        XmlTrouble trouble = XML_TROUBLE_NONE;
        EXPECT((xml_parse(cx, cases[i].bytes, &root, &trouble) == ERR_OK) == cases[i].parsed);
        EXPECT(trouble == (cases[i].parsed ? XML_TROUBLE_NONE : XML_TROUBLE_DAMAGED));
        EXPECT(slice_equal(xml_text(root), cases[i].text));
        EXPECT(xml_is_guessed(root) == cases[i].guessed);
        EXPECT(xml_is_guessed(xml_child(root, NULL)) ==
               (cases[i].guessed && xml_child(root, NULL) != NULL));
    }
}

TEST("xml: mended is read and says so; what is whole, damaged or hostile stays what it is")
{
    static const struct {
        Slice bytes;
        XmlTrouble trouble;
        bool mended;
        Slice text;
    } cases[] = {
        {SLICE("<a>A&amp;B</a>"), XML_TROUBLE_NONE, false, SLICE("A&B")},
        {SLICE("<a>A&B</a>"), XML_TROUBLE_NONE, true, SLICE("A&B")},
        {SLICE("<?xml version='1.0' encoding='GBK'?><a>\xb7\xa2&\xc6\xb1</a>"), XML_TROUBLE_NONE,
         true, SLICE("发&票")},
        {SLICE("<?xml version='1.0' encoding='GBK'?><a>A&发票</a>"), XML_TROUBLE_NONE, true,
         SLICE("A&发票")},
        {SLICE("<?xml version='1.0' encoding='utf8mb4'?><a>发票</a>"), XML_TROUBLE_NONE, false,
         SLICE("发票")},
        {SLICE("<a>发票</a>\0\0"), XML_TROUBLE_NONE, false, SLICE("发票")},
        {SLICE("<a>A&B"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<a>A&B</b>"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<a>A&B</a><b/>"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<a>发票A&B\xe5\xa4</a>"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<a b=1>A&B</a>"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<a>A&<!DOCTYPE x></a>"), XML_TROUBLE_DAMAGED, false, SLICE("")},
        {SLICE("<?xml?><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), XML_TROUBLE_HOSTILE, false,
         SLICE("")},
        {SLICE("<!DOCTYPE a><a>A&B</a>"), XML_TROUBLE_HOSTILE, false, SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        XmlTrouble trouble = XML_TROUBLE_DAMAGED;
        Err err = xml_parse_mended(cx, cases[i].bytes, &root, &trouble);
        EXPECT(trouble == cases[i].trouble);
        EXPECT((err == ERR_OK) == (trouble == XML_TROUBLE_NONE));
        EXPECT(slice_equal(xml_text(root), cases[i].text));
        EXPECT(xml_is_mended(root) == cases[i].mended);
    }
}

TEST("xml: what is mended keeps to every limit, and too large it is not mended")
{
    Text deep = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i < 1000; i++)
        text_add(&deep, SLICE("<a>&"));
    const XmlNode *root = NULL;
    XmlTrouble trouble = XML_TROUBLE_NONE;
    EXPECT(xml_parse_mended(cx, text_so_far(&deep), &root, &trouble) == ERR_LIMIT);
    EXPECT(trouble == XML_TROUBLE_HOSTILE);
    Text large = text_open(cx, 2 * LIMIT_XML_MENDED_BYTES);
    text_add(&large, SLICE("<a>&"));
    while (large.size < LIMIT_XML_MENDED_BYTES)
        text_add(&large, SLICE("<b> x</b>"));
    text_add(&large, SLICE("</a>"));
    EXPECT(xml_parse_mended(cx, text_so_far(&large), &root, &trouble) == ERR_INPUT);
    EXPECT(trouble == XML_TROUBLE_DAMAGED);
}
