#include "read/readers.h"

#include "format/pdf/pdf.h"
#include "read/read_ofd_eyes.h"

static ReaderFn *const readers[MEDIA_COUNT] = {
    [MEDIA_XML] = read_xml,     [MEDIA_OFD] = read_ofd_eyes, [MEDIA_PDF] = read_pdf,
    [MEDIA_IMAGE] = read_image, [MEDIA_ZIP] = read_zip,
};

void readers_read(Cx *cx, const ReadJob *job, Reading *ret_reading)
{
    reader_run(cx, readers, job, ret_reading);
}

void readers_warm(void)
{
    reader_warm();
    pdf_warm();
}
