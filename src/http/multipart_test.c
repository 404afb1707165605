#include "http/multipart.h"

#include "base/test.h"

#define TYPE SLICE("multipart/form-data; boundary=XyZ")

TEST("multipart: a file and a field, byte for byte")
{
    static const char body[] =
        "--XyZ\r\n"
        "Content-Disposition: form-data; name=\"note\"\r\n\r\n"
        "hi\r\n"
        "--XyZ  \r\n"
        "content-type: application/pdf\r\n"
        "Content-Disposition: form-data; name=file; filename=\"C:\\x\\a;\\\"b.pdf\"\r\n"
        "\r\n"
        "\r\n--Xy\r\n\0\xff--XyZ\r\n"
        "--XyZ--\r\nepilogue";
    Multipart form;
    EXPECT_OK(multipart_parse(cx, TYPE, (Slice){body, sizeof body - 1}, &form));
    EXPECT(form.count == 2);
    EXPECT(slice_equal(multipart_find(&form, SLICE("note"))->bytes, SLICE("hi")));
    const MultipartPart *file = multipart_find(&form, SLICE("file"));
    EXPECT(file->is_file && slice_equal(file->file_name, SLICE("a;\"b.pdf")));
    EXPECT(slice_equal(file->type, SLICE("application/pdf")));
    EXPECT(slice_equal(file->bytes, SLICE("\r\n--Xy\r\n\0\xff--XyZ")));
    EXPECT(multipart_find(&form, SLICE("other")) == NULL);
    EXPECT(multipart_file(&form, SLICE("other")) == file); // the only one there is
    form.parts[0].is_file = true;
    EXPECT(multipart_file(&form, SLICE("other")) == NULL); // which of the two?
    EXPECT(multipart_file(&form, SLICE("file")) == file);
}

TEST("multipart: names in UTF-8, both ways")
{
    static const char body[] = "preamble\r\n--XyZ\r\n"
                               "Content-Disposition: form-data; name=\"file\"; "
                               "filename*=UTF-8''%E5%8F%91%E7%A5%A8.ofd; filename=\"x\"\r\n\r\n\r\n"
                               "--XyZ--";
    Multipart form;
    EXPECT_OK(multipart_parse(cx, SLICE("Multipart/Form-Data; charset=x; boundary=\"XyZ\""),
                              (Slice){body, sizeof body - 1}, &form));
    EXPECT(slice_equal(form.parts[0].file_name, SLICE("发票.ofd")));
    EXPECT(form.parts[0].bytes.size == 0);
}

TEST("multipart: what is not well-formed is refused")
{
    static const struct {
        Slice type, body;
    } cases[] = {
        {SLICE("text/plain"), SLICE("")},
        {SLICE("multipart/form-data"), SLICE("--X\r\n")},
        {SLICE("multipart/form-data; boundary="), SLICE("--\r\n")},
        {SLICE("multipart/form-data; boundary=\"a\x01\""), SLICE("--a\x01\r\n")},
        {TYPE, SLICE("")},
        {TYPE, SLICE("--XyZ")},
        {TYPE, SLICE("--XyZ\r\n")},
        {TYPE, SLICE("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end")},
        {TYPE, SLICE("--XyZ\r\nContent-Disposition: attachment\r\n\r\n\r\n--XyZ--")},
        {TYPE, SLICE("--XyZ\r\nno colon\r\n\r\n\r\n--XyZ--")},
        {TYPE, SLICE("--XyZ\r\nContent-Type: text/plain\r\n\r\n\r\n--XyZ--")},
        {TYPE, SLICE("--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--XyZ--")},
        {TYPE, SLICE("--XyZ\r\nContent-Disposition: form-data; name=a\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--XyZ--")},
        {TYPE, SLICE("--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XyZz\r\n")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Multipart form;
        EXPECT(multipart_parse(cx, cases[i].type, cases[i].body, &form) == ERR_INPUT);
    }
}

TEST("multipart: parts have a limit")
{
    Slice body = SLICE("");
    for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
        body =
            cx_printf(cx, SLICE_FMT "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n",
                      SLICE_ARG(body));
    body = cx_printf(cx, SLICE_FMT "--XyZ--", SLICE_ARG(body));
    Multipart form;
    EXPECT(multipart_parse(cx, TYPE, body, &form) == ERR_LIMIT);
}
