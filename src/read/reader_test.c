#include "read/reader.h"

#include "base/test.h"

TEST("reader: what a document is stands in its first bytes")
{
    static const struct {
        Slice bytes;
        Media media;
    } cases[] = {
        {SLICE(""), MEDIA_UNKNOWN},
        {SLICE("x"), MEDIA_UNKNOWN},
        {SLICE("<?xml version='1.0'?><a/>"), MEDIA_XML},
        {SLICE("\xef\xbb\xbf\r\n <EInvoice/>"), MEDIA_XML},
        {SLICE(" \xef\xbb\xbf\xef\xbb\xbf<EInvoice/>"), MEDIA_XML},
        {SLICE("a\xef\xbb\xbf<EInvoice/>"), MEDIA_UNKNOWN},
        {SLICE("\xff\xfe<\0?\0x\0m\0l\0"), MEDIA_XML},
        {SLICE("\xfe\xff\0<\0a\0>"), MEDIA_XML},
        {SLICE("<!-- c --><a/>"), MEDIA_XML},
        {SLICE("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"), MEDIA_XML},
        {SLICE("<!DOCTYPE html><html></html>"), MEDIA_UNKNOWN},
        {SLICE("<HTML></HTML>"), MEDIA_UNKNOWN},
        {SLICE("< 5"), MEDIA_UNKNOWN},
        {SLICE("PK\3\4 … OFD.xml … PK\5\6"), MEDIA_OFD},
        {SLICE("PK\3\4 … word/document.xml … PK\5\6"), MEDIA_ZIP},
        {SLICE("PK\3\4 … Doc_0/Document.xml …"), MEDIA_OFD}, // half a download
        {SLICE("PK\3\4 … Doc_0/Document.xml … PK\5\6"), MEDIA_ZIP},
        {SLICE("PK\5\6"), MEDIA_ZIP},
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
        EXPECT(reader_sniff(cases[i].bytes) == cases[i].media);
}
