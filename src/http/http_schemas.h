// The shapes of the interface, as JSON Schema 2020-12 (OpenAPI 3.1): one row each.
#pragma once
#include "base/slice.h"

typedef struct HttpSchema {
    const char *name, *json;
} HttpSchema;

const HttpSchema *http_schemas_all(size_t *ret_count);
// Of a query parameter or a header, by name; {"type":"string"} for what is not listed.
Slice http_schemas_parameter(Slice name);
