// Ofd: the parts of an OFD document (GB/T 33190-2016, a zip of XML files) and where they lie.
//
//   OFD.xml                  DocBody+ { DocInfo/CustomDatas/CustomData@Name, DocRoot, Signatures }
//   Doc_N/Document.xml       CommonData/{TemplatePage@ID@BaseLoc, PublicRes, DocumentRes}
//                            Pages/Page@ID@BaseLoc  Attachments  CustomTags
//   …/Attachments.xml        Attachment@Name/FileLoc      …/CustomTags.xml  CustomTag/FileLoc
//
// References are taken as real writers spell them: absolute or relative, in another case than the
// entry's, with blanks around. Where the whole lies in one folder of the zip, that folder is the
// root which absolute references begin at. A part that is missing or broken is left out and counted
// in `damaged`; what is whole can still be read. Callers: read/.
#pragma once
#include "format/xml/xml.h"
#include "format/zip/zip.h"

#define OFD_TEMPLATES_MAX 4 // of one page

typedef struct OfdPage {
    uint64_t id;
    size_t entry; // zip index of its content
    size_t templates[OFD_TEMPLATES_MAX];
    size_t template_count;
} OfdPage;

typedef struct OfdDoc {
    const XmlNode *body; // its DocBody in OFD.xml
    size_t entry;        // zip index of its Document.xml; that of OFD.xml when there is none
    Slice folder;        // of its Document.xml, with '/' at the end; "" at the top
    OfdPage *pages;
    size_t page_count;
    size_t *attachments; // zip indexes, as Attachments.xml lists them
    size_t attachment_count;
    size_t *tags; // zip indexes, as CustomTags.xml lists them
    size_t tag_count;
    bool is_part; // pages of it were left out: what refers to those refers to nothing here
} OfdDoc;

typedef struct Ofd {
    Zip *zip;
    size_t entry; // zip index of OFD.xml
    OfdDoc *docs;
    size_t doc_count;
    size_t page_count;        // of all documents
    size_t damaged;           // parts that were named but could not be read
    ZipTrouble trouble;       // of those parts: hostile outweighs damaged
    bool guessed;             // the encoding of a part, see xml.h
    bool mended;              // the text of a part, see xml.h
    bool is_encrypted;        // GM/T 0099: parts are ciphertext
    struct OfdParsed *parsed; // one a zip entry: a page is asked for more than once
} Ofd;

// ERR_MISSING when the zip holds no OFD.xml: some other format. ERR_LIMIT past LIMIT_OFD_DOCUMENTS
// or LIMIT_OFD_PAGES. Otherwise as zip_open.
Err ofd_open(Cx *cx, Slice bytes, Ofd **ret_ofd, ZipTrouble *trouble);
// The same of a package that is open already.
Err ofd_open_zip(Cx *cx, Zip *zip, Ofd **ret_ofd, ZipTrouble *trouble);
// What a reference in the entry named `from` points to. false when nothing of the kind is there.
bool ofd_resolve(Cx *cx, const Ofd *ofd, Slice from, Slice reference, size_t *ret_entry);
// An entry as XML, parsed once. A failure is counted in ofd->damaged, once.
Err ofd_xml(Cx *cx, Ofd *ofd, size_t entry, const XmlNode **ret_root);
