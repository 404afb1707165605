#include "read/read_ofd_eyes.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "format/image/image_qr_fixture.h"
#include "format/zip/zip_fixture.h"

#define NUMBER "25442000000000000001"

static size_t finds, pictures;

static Err find(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft, size_t *pixels_left,
                Slice *ret_payload, size_t *ret_entry)
{
    (void)cx, (void)ofd, (void)doc, (void)draft;
    finds++;
    --*pixels_left;
    *ret_payload = SLICE("01,32,," NUMBER ",318.00,20250307,,");
    *ret_entry = 0;
    return ERR_OK;
}

static Err apply(Cx *cx, Slice graph_code, size_t *pixels_left, Draft *draft)
{
    (void)cx, (void)graph_code, (void)pixels_left, (void)draft;
    pictures++;
    return ERR_OK;
}

static ReadJob job_of(Cx *cx, Slice attachment)
{
    static const SealAnswer no_seal = {};
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocInfo/><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "P.xml", .bytes = SLICE("<Page/>")},
        {.name = "original_invoice.xml", .bytes = attachment}};
    return (ReadJob){zip_fixture_make(cx, entries, 4), &no_seal, false};
}

TEST("read ofd eyes: the QR code is what the eyes say, and without them there is none")
{
    ReadJob job = job_of(cx, SLICE("<none/>"));
    size_t pixels_left = LIMIT_QR_PIXELS;
    OfdEyes eyes = {find, apply, &pixels_left};
    Reading seen = {.media = MEDIA_OFD}, blind = {.media = MEDIA_OFD};
    finds = 0;
    EXPECT_OK(read_ofd_with(cx, &job, &eyes, &seen));
    EXPECT(finds == 1 && pixels_left == LIMIT_QR_PIXELS - 1);
    EXPECT(seen.draft_count == 1 && slice_equal(seen.drafts[0].number, SLICE(NUMBER)));
    EXPECT_OK(read_ofd(cx, &job, &blind));
    EXPECT(finds == 1 && blind.draft_count == 0 && blind.reason == REASON_NOT_INVOICE);
}

TEST("read ofd eyes: a GraphCode that is text needs none, one that is a picture does")
{
    const char *codes[] = {"01,10,044001900113,00000017,1.00,20201010,1,1,", "iVBORw0KGgo="};
    for (size_t i = 0; i < 2; i++) {
        Slice code = slice_of(codes[i]);
        Slice attachment = cx_printf(
            cx,
            "<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'><fp:InvoiceCode>"
            "044001900113</fp:InvoiceCode><fp:InvoiceNo>00000017</fp:InvoiceNo><fp:GraphCode>%s"
            "</fp:GraphCode></eInvoice>",
            codes[i]);
        ReadJob job = job_of(cx, attachment);
        size_t pixels_left = LIMIT_QR_PIXELS;
        OfdEyes eyes = {find, apply, &pixels_left};
        Reading reading = {.media = MEDIA_OFD};
        pictures = 0;
        EXPECT_OK(read_ofd(cx, &job, &reading));
        EXPECT(pictures == 0 && reading.draft_count == 1);
        EXPECT(slice_equal(reading.drafts[0].qr, i == 0 ? code : SLICE("")));
        reading = (Reading){.media = MEDIA_OFD};
        EXPECT_OK(read_ofd_with(cx, &job, &eyes, &reading));
        EXPECT(pictures == i && reading.draft_count == 1);
    }
}

TEST("read ofd eyes: pictures are looked at unless the job says not to")
{
    Slice payload = SLICE("01,10,044001900113,00000017,1.00,20201010,1,1,");
    Slice picture = base64_encode(cx, image_qr_fixture(cx, payload.data));
    ReadJob job =
        job_of(cx, cx_printf(cx,
                             "<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'>"
                             "<fp:InvoiceCode>044001900113</fp:InvoiceCode><fp:InvoiceNo>00000017"
                             "</fp:InvoiceNo><fp:GraphCode>" SLICE_FMT "</fp:GraphCode></eInvoice>",
                             SLICE_ARG(picture)));
    for (int skip = 0; skip < 2; skip++) {
        Reading reading = {.media = MEDIA_OFD};
        job.skip_qr = skip == 1;
        EXPECT_OK(read_ofd_eyes(cx, &job, &reading));
        EXPECT(reading.draft_count == 1);
        EXPECT(slice_equal(reading.drafts[0].qr, skip == 1 ? SLICE("") : payload));
    }
}
