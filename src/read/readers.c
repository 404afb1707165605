#include "read/readers.h"

#include "format/pdf/pdf.h"

// Readers that have not landed yet say that they don't know the format.
#if !__has_include("read/read_ofd.c") ||                                                           \
                   !__has_include("read/read_pdf.c") ||                                            \
                                  !__has_include("read/read_image.c") ||                           \
                                                 !__has_include("read/seal.c")
static Err read_later(Cx *cx, const ReadJob *job, Reading *reading)
{
    (void)cx, (void)job;
    reading->reason = REASON_UNSUPPORTED;
    return ERR_OK;
}
#if !__has_include("read/read_ofd.c")
#define read_ofd read_later
#endif
#if !__has_include("read/read_pdf.c")
#define read_pdf read_later
#endif
#if !__has_include("read/read_image.c")
#define read_image read_later
#endif
#endif

static ReaderFn *const readers[MEDIA_COUNT] = {
    [MEDIA_XML] = read_xml,
    [MEDIA_OFD] = read_ofd,
    [MEDIA_PDF] = read_pdf,
    [MEDIA_IMAGE] = read_image,
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
