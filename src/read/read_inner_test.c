#include "read/read_inner.h"

#include "base/base64.h"
#include "base/test.h"

#define INVOICE                                                                                    \
    "<EInvoice><Header><EIid>24440000000000000017</EIid></Header><EInvoiceData/></EInvoice>"

static size_t count_in(Cx *cx, Slice xml, Slice *ret_last)
{
    const XmlNode *root = NULL;
    size_t count = 0;
    EXPECT_OK(xml_parse(cx, xml, &root, NULL));
    const XmlNode *at = read_inner_next(cx, root, NULL, ret_last);
    for (; at != NULL; at = read_inner_next(cx, root, at, ret_last))
        count++;
    return count;
}

TEST("read inner: in CDATA, escaped, in Base64, with or without a mark")
{
    Slice plain = SLICE(INVOICE), last = {};
    Slice marked = SLICE("\xEF\xBB\xBF" INVOICE);
    EXPECT(count_in(cx, SLICE("<a><b><![CDATA[ " INVOICE "\n]]></b></a>"), &last) == 1);
    EXPECT(slice_equal(last, plain));
    EXPECT(count_in(cx, SLICE("<a><![CDATA[\xEF\xBB\xBF" INVOICE "]]></a>"), &last) == 1);
    EXPECT(slice_equal(last, plain));
    Slice coded = base64_encode(cx, plain), wide = base64_encode(cx, marked);
    EXPECT(count_in(cx, cx_printf(cx, "<a>" SLICE_FMT "</a>", SLICE_ARG(coded)), &last) == 1);
    EXPECT(slice_equal(last, plain));
    EXPECT(count_in(cx, cx_printf(cx, "<a>" SLICE_FMT "</a>", SLICE_ARG(wide)), &last) == 1);
    EXPECT(slice_equal(last, marked));
    Slice both = cx_printf(cx, "<a><b>" SLICE_FMT "</b><b><![CDATA[%s]]></b></a>", SLICE_ARG(coded),
                           INVOICE);
    EXPECT(count_in(cx, both, &last) == 2);
}

TEST("read inner: other texts are none")
{
    Slice last = {};
    static const Slice cases[] = {
        SLICE("<a>" INVOICE "</a>"), // it is there itself
        SLICE("<a><![CDATA[<html><body>The quick brown fox jumps over the lazy dog and so on"
              "</body></html>]]></a>"),
        SLICE("<a>EInvoiceData is what this text speaks of, and it is long enough to be one</a>"),
        SLICE("<a>PEVJbnZvaWNlPg==PEVJbnZvaWNlPg==PEVJbnZvaWNlPg==PEVJbnZvaWNlPg==PEVJbnZ</a>"),
        SLICE("<a><![CDATA[<EInvoiceData/>]]></a>"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(count_in(cx, cases[i], &last) == 0);
}
