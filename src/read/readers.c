#include "read/readers.h"

#include "format/pdf/pdf.h"
#include "read/read_ofd_eyes.h"

ReaderFn *const readers_all[MEDIA_COUNT] = {
    [MEDIA_XML] = read_xml,     [MEDIA_OFD] = read_ofd_eyes, [MEDIA_PDF] = read_pdf,
    [MEDIA_IMAGE] = read_image, [MEDIA_ZIP] = read_zip,
};

void readers_warm(void)
{
    reader_warm();
    pdf_warm();
}
