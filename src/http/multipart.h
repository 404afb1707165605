// multipart/form-data (RFC 7578) over Slices: nothing is copied, everything has a limit.
#pragma once
#include "base/cx.h"

#define MULTIPART_PARTS_MAX    16
#define MULTIPART_BOUNDARY_MAX 70 // RFC 2046 §5.1.1

typedef struct MultipartPart {
    Slice name;
    Slice file_name; // "" when it is no file; percent-encoding of RFC 5987 undone
    bool is_file;
    Slice type; // Content-Type, "" when none
    Slice bytes;
} MultipartPart;

typedef struct Multipart {
    MultipartPart parts[MULTIPART_PARTS_MAX];
    size_t count;
} Multipart;

// ERR_INPUT when `content_type` is no multipart/form-data or the body is not well-formed, ERR_LIMIT
// past MULTIPART_PARTS_MAX.
Err multipart_parse(Cx *cx, Slice content_type, Slice body, Multipart *ret_multipart);
// NULL when there is none.
const MultipartPart *multipart_find(const Multipart *multipart, Slice name);
// The part of that name, else the only one that is a file, whatever its name; NULL when there is
// none or it can't be told which.
const MultipartPart *multipart_file(const Multipart *multipart, Slice name);
