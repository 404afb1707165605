#include "read/readers.h"

#include "base/limits.h"
#include "base/test.h"

TEST("readers: what a document is stands in its first bytes")
{
    static const struct {
        Slice bytes;
        Media media;
    } cases[] = {
        {SLICE(""), MEDIA_UNKNOWN},
        {SLICE("x"), MEDIA_UNKNOWN},
        {SLICE("<?xml version='1.0'?><a/>"), MEDIA_XML},
        {SLICE("\xef\xbb\xbf\r\n <EInvoice/>"), MEDIA_XML},
        {SLICE("\xff\xfe<\0?\0x\0m\0l\0"), MEDIA_XML},
        {SLICE("\xfe\xff\0<\0a\0>"), MEDIA_XML},
        {SLICE("<!-- c --><a/>"), MEDIA_XML},
        {SLICE("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"), MEDIA_XML},
        {SLICE("<!DOCTYPE html><html></html>"), MEDIA_UNKNOWN},
        {SLICE("<HTML></HTML>"), MEDIA_UNKNOWN},
        {SLICE("< 5"), MEDIA_UNKNOWN},
        {SLICE("PK\3\4 … OFD.xml … PK\5\6"), MEDIA_OFD},
        {SLICE("PK\3\4 … word/document.xml … PK\5\6"), MEDIA_UNKNOWN},
        {SLICE("PK\5\6"), MEDIA_UNKNOWN},
        {SLICE("%PDF-1.7"), MEDIA_PDF},
        {SLICE("\n\n%PDF-1.4"), MEDIA_PDF},
        {SLICE("\x89PNG\r\n"), MEDIA_IMAGE},
        {SLICE("\xff\xd8\xff\xe0"), MEDIA_IMAGE},
        {SLICE("BM1234"), MEDIA_IMAGE},
        {SLICE("GIF89a"), MEDIA_IMAGE},
        {SLICE("II*\0"), MEDIA_IMAGE},
        {SLICE("MM\0*"), MEDIA_IMAGE},
        {SLICE("RIFF1234WEBP"), MEDIA_IMAGE},
        {SLICE("RIFF1234WAVE"), MEDIA_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(readers_sniff(cases[i].bytes) == cases[i].media);
}

TEST("readers: a document without an invoice always has a reason")
{
    static const struct {
        Slice bytes;
        Reason reason;
    } cases[] = {
        {SLICE(""), REASON_EMPTY},
        {SLICE("hello"), REASON_UNSUPPORTED},
        {SLICE("PK\3\4zip"), REASON_UNSUPPORTED},
        {SLICE("<a>"), REASON_DAMAGED},
        {SLICE("<a/>"), REASON_NOT_INVOICE},
        {SLICE("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), REASON_HOSTILE},
        {SLICE("PK\3\4OFD.xml"), REASON_DAMAGED},
        {SLICE("%PDF-1.7 and no more"), REASON_DAMAGED},
        {SLICE("\x89PNG\r\n"), REASON_DAMAGED},
    };
    static const SealAnswer no_seal = {};
    readers_warm();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ReadJob job = {.bytes = cases[i].bytes, .seal = &no_seal};
        Reading reading = {};
        readers_read(cx, &job, &reading);
        if (reading.reason != cases[i].reason)
            fprintf(stderr, "case %zu: %s " SLICE_FMT "\n", i, reason_row(reading.reason)->code,
                    SLICE_ARG(reading.detail));
        EXPECT(reading.reason == cases[i].reason);
        EXPECT(reading.draft_count == 0);
    }
    ReadJob huge = {.bytes = {"", LIMIT_DOCUMENT_BYTES + 1}, .seal = &no_seal};
    Reading reading = {};
    readers_read(cx, &huge, &reading);
    EXPECT(reading.reason == REASON_TOO_LARGE);
}

TEST("readers: what can't carry a seal has none")
{
    SealAnswer answer = {.seal = {.state = SEAL_VALID}};
    readers_check_seal(cx, SLICE("<a/>"), SLICE(""), &answer);
    EXPECT(answer.seal.state == SEAL_ABSENT && answer.trusted_count == 0);
}
