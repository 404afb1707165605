// What a document is, by its first bytes:
//
//   EF BB BF | FE FF | FF FE | white space, then '<' + letter | '?' | '!'   XML (HTML is none)
//     with NULs between them in UTF-16 and UTF-32
//   "PK\3\4" | "PK\5\6", and "OFD.xml" in its directory                   OFD
//     "folder/OFD.xml", and all else further down in that folder            OFD
//     no directory, and "OFD.xml" in the bytes, or cut off and "Doc_"       OFD
//     what marks an office document or a program in its directory           unknown
//     else                                                                  zip
//   "%PDF-" within the first 1,024 bytes (ISO 32000-1 annex H.3.4.1)        PDF
//   89 "PNG" | FF D8 FF | "BM" | "GIF8" | "II*\0" | "MM\0*" | "RIFF…WEBP"   image
#include "read/reader.h"

#include "base/limits.h"
#include "format/xml/xml.h"
#include "format/zip/zip.h"
#include "model/wire.h"
#include "read/read_copies.h"
#include "read/read_put.h"
#include "read/seal_warm.h"

#define PDF_HEADER_WITHIN 1024
#define XML_BEGIN_WITHIN  1024 // so much white space before the first tag and no more

static bool is_image(Slice bytes)
{
    static const Slice magics[] = {SLICE("\x89PNG"), SLICE("\xff\xd8\xff"), SLICE("BM"),
                                   SLICE("GIF8"),    SLICE("II*\0"),        SLICE("MM\0*")};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (slice_starts(bytes, magics[i])) return true;
    return slice_starts(bytes, SLICE("RIFF")) && slice_equal(slice_sub(bytes, 8, 4), SLICE("WEBP"));
}

// In UTF-16 every other byte is NUL, in UTF-32 three of four: skipped, which is enough to see the
// first tag.
static bool is_xml(Slice bytes)
{
    static const Slice mark = SLICE("\xef\xbb\xbf");
    char head[8];
    size_t size = 0, at = 0;
    if (slice_starts(bytes, SLICE("\xfe\xff")) || slice_starts(bytes, SLICE("\xff\xfe"))) at = 2;
    if (slice_starts(bytes, SLICE("\0\0\xfe\xff"))) at = 4;
    for (; at < bytes.size && at < XML_BEGIN_WITHIN && size < sizeof head; at++) {
        char c = bytes.data[at];
        if (size == 0 && slice_starts((Slice){bytes.data + at, bytes.size - at}, mark)) {
            at += mark.size - 1; // one may stand twice, or behind white space
            continue;
        }
        bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (c != '\0' && !(space && size == 0)) head[size++] = c;
    }
    if (size < 2 || head[0] != '<') return false;
    char c = head[1];
    if (slice_equal_nocase((Slice){head, size < 5 ? size : 5}, SLICE("<html"))) return false;
    if (size == sizeof head && slice_equal_nocase((Slice){head, 7}, SLICE("<!DOCTY")))
        return slice_find(slice_sub(bytes, 0, 64), SLICE("html")) == SLICE_NONE;
    return c == '?' || c == '!' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

// Half a download has lost the directory at its end, and maybe OFD.xml with it: it is a damaged
// OFD, not an unknown format, and its owner should be told to fetch it again.
static bool looks_like_ofd(Slice bytes)
{
    if (slice_find(bytes, SLICE("OFD.xml")) != SLICE_NONE) return true;
    bool cut = slice_find(bytes, SLICE("PK\5\6")) == SLICE_NONE;
    return cut && slice_find(bytes, SLICE("Doc_")) != SLICE_NONE;
}

// Not by the bytes: a zip of OFDs holds their names as well.
static Media sniff_zip(Slice bytes)
{
    static const Slice names[] = {SLICE("OFD.xml"),
                                  SLICE("[Content_Types].xml"),
                                  SLICE("META-INF/MANIFEST.MF"),
                                  SLICE("AndroidManifest.xml"),
                                  SLICE("mimetype"),
                                  SLICE("word/document.xml"),
                                  SLICE("xl/workbook.xml"),
                                  SLICE("ppt/presentation.xml")};
    unsigned found = 0;
    if (!zip_peek(bytes, names, sizeof names / sizeof names[0], &found))
        return looks_like_ofd(bytes) ? MEDIA_OFD : MEDIA_ZIP;
    if ((found & 1) != 0) return MEDIA_OFD;
    if (found != 0) return MEDIA_UNKNOWN;
    return zip_peek_wrapped(bytes, names[0]) ? MEDIA_OFD : MEDIA_ZIP;
}

Media reader_sniff(Slice bytes)
{
    if (slice_starts(bytes, SLICE("PK\3\4")) || slice_starts(bytes, SLICE("PK\5\6")))
        return sniff_zip(bytes);
    if (is_image(bytes)) return MEDIA_IMAGE;
    if (slice_find(slice_sub(bytes, 0, PDF_HEADER_WITHIN), SLICE("%PDF-")) != SLICE_NONE)
        return MEDIA_PDF;
    return is_xml(bytes) ? MEDIA_XML : MEDIA_UNKNOWN;
}

// What a reader's Err means, unless the reader said the reason itself.
static Reason reason_of(Err err)
{
    if (err == ERR_LIMIT) return REASON_HOSTILE;
    return err == ERR_DENIED ? REASON_ENCRYPTED : REASON_DAMAGED;
}

static void read_by_media(Cx *cx, ReaderFn *reader, const ReadJob *job, Reading *reading)
{
    Err err = reader(cx, job, reading);
    if (err == ERR_OK) {
        if (reading->draft_count + reading->entry_count > 0)
            reading->reason = REASON_NONE;
        else if (reading->reason == REASON_NONE)
            reading->reason = REASON_NOT_INVOICE;
        return;
    }
    // Half an invoice is none.
    reading->drafts = NULL;
    reading->draft_count = 0;
    reading->entry_count = reading->skipped_count = 0;
    if (reading->reason == REASON_NONE) reading->reason = reason_of(err);
    if (slice_empty(reading->detail))
        reading->detail = cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
}

void reader_run(Cx *cx, ReaderFn *const *readers, const ReadJob *job, Reading *ret_reading)
{
    Reading reading = {.media = MEDIA_UNKNOWN, .detail = {"", 0}};
    if (job->bytes.size == 0)
        reading.reason = REASON_EMPTY;
    else if (job->bytes.size > LIMIT_DOCUMENT_BYTES)
        reading.reason = REASON_TOO_LARGE;
    else
        reading.media = reader_sniff(job->bytes);
    if (readers[reading.media] != NULL)
        read_by_media(cx, readers[reading.media], job, &reading);
    else if (reading.reason == REASON_NONE)
        reading.reason = REASON_UNSUPPORTED;
    for (size_t i = 0; i < reading.draft_count; i++) {
        read_put_settle(&reading.drafts[i]);
        read_copies_drop(cx, &reading.drafts[i]);
    }
    *ret_reading = reading;
}

Err reader_answer(Cx *cx, ReaderFn *const *readers, const ReadJob *job, Slice trust_pem,
                  ReaderSay *say, Slice *ret_answer)
{
    SealAnswer seal = {};
    Reading reading = {};
    Slice verdict = {};
    seal_check(cx, job->bytes, trust_pem, &seal);
    TRY(wire_encode_seal(cx, &seal.seal, &verdict));
    TRY(say(cx, verdict));
    const ReadJob sealed = {.bytes = job->bytes, .seal = &seal, .skip_qr = job->skip_qr};
    reader_run(cx, readers, &sealed, &reading);
    return wire_encode(cx, &reading, ret_answer);
}

void reader_warm(void)
{
    xml_warm();
    // When it fails it fails again with the first seal, which is then said to be broken.
    (void)seal_warm();
}
