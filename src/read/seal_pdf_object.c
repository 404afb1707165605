#include "read/seal_pdf_object.h"

#include <stdio.h>
#include <zlib.h>

#include "base/limits.h"
#include "read/seal_pdf_token.h"

#define DICTIONARY_BYTES ((size_t)4096)

static bool find_plain(Slice pdf, uint64_t number, uint64_t generation, Slice *ret_body)
{
    char text[64];
    int size = snprintf(text, sizeof text, "%llu %llu obj", (unsigned long long)number,
                        (unsigned long long)generation);
    bool found = false;
    for (Slice rest = pdf;;) {
        size_t at = slice_find(rest, (Slice){text, (size_t)size});
        if (at == SLICE_NONE) return found;
        const char *from = rest.data + at;
        rest = slice_sub(rest, at + (size_t)size, SIZE_MAX);
        // "129 0 obj" is another object.
        if (from != pdf.data && !seal_pdf_token_is_space(from[-1])) continue;
        *ret_body = rest;
        found = true;
    }
}

static void *arena_for_zlib(void *arena, uInt items, uInt size)
{
    return arena_try_array(arena, items, size);
}

static void free_for_zlib(void *arena, void *memory)
{
    (void)arena, (void)memory; // the arena frees it
}

// At most LIMIT_PDF_OBJECT_STREAM_BYTES of it; "" when it is no deflated stream.
static Err inflate_stream(Cx *cx, Slice packed, Slice *ret_bytes)
{
    *ret_bytes = SLICE("");
    z_stream stream = {.zalloc = arena_for_zlib, .zfree = free_for_zlib, .opaque = &cx->arena};
    char *bytes = arena_try_alloc(&cx->arena, LIMIT_PDF_OBJECT_STREAM_BYTES);
    if (bytes == NULL || inflateInit(&stream) != Z_OK)
        return err_set(cx, ERR_LIMIT, "no memory for an object stream");
    packed = slice_sub(packed, 0, LIMIT_PDF_OBJECT_STREAM_BYTES);
    stream.next_in = (Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.size;
    stream.next_out = (Bytef *)bytes;
    stream.avail_out = LIMIT_PDF_OBJECT_STREAM_BYTES;
    int status = inflate(&stream, Z_FINISH);
    if (status == Z_STREAM_END)
        *ret_bytes = (Slice){bytes, LIMIT_PDF_OBJECT_STREAM_BYTES - stream.avail_out};
    (void)inflateEnd(&stream);
    return ERR_OK;
}

// In an unpacked object stream.
static bool find_packed(Slice bytes, uint64_t count, uint64_t first, uint64_t number,
                        Slice *ret_body)
{
    Slice rest = bytes;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t seen = 0, offset = 0;
        if (!seal_pdf_token_number(&rest, &seen) || !seal_pdf_token_number(&rest, &offset))
            return false;
        if (seen != number || first > bytes.size || offset > bytes.size - first) continue;
        *ret_body = slice_sub(bytes, (size_t)(first + offset), SIZE_MAX);
        return true;
    }
    return false;
}

// One object stream; `at` is where "/ObjStm" stands in it.
static Err look_into(Cx *cx, Slice pdf, size_t at, uint64_t number, Slice *ret_body,
                     bool *ret_found)
{
    size_t from = at > DICTIONARY_BYTES ? at - DICTIONARY_BYTES : 0;
    for (size_t i = at; i > from; i--)
        if (slice_starts(slice_sub(pdf, i - 1, 4), SLICE(" obj"))) from = i + 3;
    size_t size = slice_find(slice_sub(pdf, at, DICTIONARY_BYTES), SLICE("stream"));
    if (size == SLICE_NONE) return ERR_OK;
    Slice dictionary = slice_sub(pdf, from, at - from + size), rest;
    Slice packed = slice_sub(pdf, at + size + 6, SIZE_MAX);
    uint64_t count = 0, first = 0;
    if (!seal_pdf_token_after(dictionary, SLICE("/N"), &rest) ||
        !seal_pdf_token_number(&rest, &count) ||
        !seal_pdf_token_after(dictionary, SLICE("/First"), &rest) ||
        !seal_pdf_token_number(&rest, &first) ||
        slice_find(dictionary, SLICE("/FlateDecode")) == SLICE_NONE)
        return ERR_OK;
    if (slice_starts(packed, SLICE("\r\n")))
        packed = slice_sub(packed, 2, SIZE_MAX);
    else if (slice_starts(packed, SLICE("\n")))
        packed = slice_sub(packed, 1, SIZE_MAX);
    Slice bytes, body;
    TRY(inflate_stream(cx, packed, &bytes));
    if (!find_packed(bytes, count, first, number, &body)) return ERR_OK;
    *ret_body = body;
    *ret_found = true;
    return ERR_OK;
}

Err seal_pdf_object_find(Cx *cx, Slice pdf, uint64_t number, uint64_t generation, Slice *ret_body,
                         bool *ret_found)
{
    *ret_found = find_plain(pdf, number, generation, ret_body);
    // What is packed has generation 0.
    if (*ret_found || generation != 0) return ERR_OK;
    Slice rest = pdf;
    for (size_t i = 0; i < LIMIT_PDF_OBJECT_STREAMS; i++) {
        if (!seal_pdf_token_after(rest, SLICE("/ObjStm"), &rest)) return ERR_OK;
        TRY(look_into(cx, pdf, (size_t)(rest.data - pdf.data), number, ret_body, ret_found));
    }
    return ERR_OK;
}
