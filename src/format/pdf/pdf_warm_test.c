#include "base/test.h"
#include "format/pdf/pdf.h"

TEST("pdf_warm: may be called again and again")
{
    for (int i = 0; i < 3; i++)
        pdf_warm();
    Pdf *pdf = NULL;
    EXPECT(pdf_open(cx, SLICE("%PDF-"), &pdf) == ERR_INPUT);
}
