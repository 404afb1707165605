#include "read/seal_pdf_object.h"

#include <zlib.h>

#include "base/test.h"

static Slice packed(Cx *cx, Slice objects, const char *dictionary)
{
    uLongf size = compressBound(objects.size);
    char *bytes = arena_alloc(&cx->arena, size);
    EXPECT(compress((Bytef *)bytes, &size, (const Bytef *)objects.data, objects.size) == Z_OK);
    Slice head = cx_printf(cx, "%%PDF-1.5\n7 0 obj\n<<%s>>\nstream\n", dictionary);
    char *pdf = arena_alloc(&cx->arena, head.size + size + 20);
    memcpy(pdf, head.data, head.size);
    memcpy(pdf + head.size, bytes, size);
    memcpy(pdf + head.size + size, "\nendstream\nendobj\n", 18);
    return (Slice){pdf, head.size + size + 18};
}

TEST("seal_pdf_object: finds the last plain definition, and no object whose number only ends so")
{
    Slice pdf =
        SLICE("%PDF-1.4\n29 0 obj (no) endobj\n9 0 obj (old) endobj\n9 0 obj (new) endobj\n");
    Slice body;
    bool found = false;
    EXPECT_OK(seal_pdf_object_find(cx, pdf, 9, 0, &body, &found));
    EXPECT(found && slice_starts(body, SLICE(" (new)")));
    EXPECT_OK(seal_pdf_object_find(cx, pdf, 9, 1, &body, &found));
    EXPECT(!found);
    EXPECT_OK(seal_pdf_object_find(cx, SLICE("%PDF-1.4\n29 0 obj"), 9, 0, &body, &found));
    EXPECT(!found);
}

TEST("seal_pdf_object: finds what is packed in an object stream")
{
    static const struct {
        const char *dictionary;
        bool found;
    } cases[] = {
        {"/Type/ObjStm/N 2/First 10/Filter/FlateDecode", true},
        {"/First 10 /Filter/FlateDecode /N 2 /Type /ObjStm", true},
        {"/Type/ObjStm/N 1/First 10/Filter/FlateDecode", false}, // the second is not told
        {"/Type/ObjStm/N 2/First 9999/Filter/FlateDecode", false},
        {"/Type/ObjStm/N 99999999999/First 10/Filter/FlateDecode", true},
        {"/Type/ObjStm/N 2/First 10/Filter/LZWDecode", false},
        {"/Type/ObjStm/N 2/Filter/FlateDecode", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice pdf = packed(cx, SLICE("8 0 9 5   <00> <aabb>"), cases[i].dictionary);
        Slice body;
        bool found = false;
        EXPECT_OK(seal_pdf_object_find(cx, pdf, 9, 0, &body, &found));
        EXPECT(found == cases[i].found && (!found || slice_equal(body, SLICE("<aabb>"))));
    }
}

TEST("seal_pdf_object: a bomb is left alone")
{
    size_t size = (size_t)16 << 20;
    char *zeros = arena_alloc(&cx->arena, size);
    Slice pdf = packed(cx, (Slice){zeros, size}, "/Type/ObjStm/N 2/First 10/Filter/FlateDecode");
    Slice body;
    bool found = true;
    EXPECT_OK(seal_pdf_object_find(cx, pdf, 9, 0, &body, &found));
    EXPECT(!found);
}
