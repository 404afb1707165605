// Form: a request's body that is one flat JSON object of texts: what people's endpoints take.
#pragma once
#include "base/cx.h"

#define HTTP_FORM_BYTES ((size_t)16'384) // of a body
#define HTTP_FORM_TEXT  ((size_t)4096)   // of one value
#define HTTP_FORM_NAME  ((size_t)40)     // of a member's name that is said again

typedef struct HttpField {
    const char *name;
    Slice *value; // "" when it is not there, with data NULL
    bool required;
} HttpField;

// ERR_INPUT "<key>: is not known here"; a key that is no name of a field is not said again.
Err http_form_unknown(Cx *cx, Slice key);
// ERR_INPUT "<field>: is required", "<field>: is no text", "<field>: is too long"; also when it is
// no object, or has a member that is not known. A whole number is taken for its text.
Err http_form_parse(Cx *cx, Slice json, const HttpField *fields, size_t count);
