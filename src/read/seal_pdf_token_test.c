#include "read/seal_pdf_token.h"

#include "base/test.h"

TEST("seal_pdf_token: takes bytes, words and numbers after white space")
{
    Slice rest = SLICE(" \r\n[ 0 12\t345]/Name(x)");
    uint64_t number = 7;
    EXPECT(!seal_pdf_token_byte(&rest, '<') && seal_pdf_token_byte(&rest, '['));
    EXPECT(seal_pdf_token_number(&rest, &number) && number == 0);
    EXPECT(seal_pdf_token_number(&rest, &number) && number == 12);
    EXPECT(seal_pdf_token_number(&rest, &number) && number == 345);
    EXPECT(!seal_pdf_token_number(&rest, &number) && number == 345);
    EXPECT(seal_pdf_token_byte(&rest, ']') && seal_pdf_token_byte(&rest, '/'));
    EXPECT(slice_equal(seal_pdf_token_word(&rest), SLICE("Name")));
    EXPECT(slice_empty(seal_pdf_token_word(&rest)) && seal_pdf_token_byte(&rest, '('));
}

TEST("seal_pdf_token: a key ends where it ends")
{
    Slice rest;
    EXPECT(!seal_pdf_token_after(SLICE("/MediaBox[0]/Mx"), SLICE("/M"), &rest));
    EXPECT(seal_pdf_token_after(SLICE("/MediaBox[0]/M(D:2021)"), SLICE("/M"), &rest));
    EXPECT(slice_equal(rest, SLICE("(D:2021)")));
    EXPECT(seal_pdf_token_after(SLICE("/M"), SLICE("/M"), &rest) && rest.size == 0);
    EXPECT(!seal_pdf_token_after(SLICE(""), SLICE("/M"), &rest));
}
