#include "http/http_schemas.h"

#include "base/test.h"
#include "format/json/json_in.h"

TEST("http_schemas: each is JSON, named once")
{
    size_t count = 0;
    const HttpSchema *schemas = http_schemas_all(&count);
    for (size_t i = 0; i < count; i++) {
        JsonIn *in = NULL;
        EXPECT_OK(json_in_open(cx, slice_of(schemas[i].json), &in));
        EXPECT(json_in_is_object(json_in_root(in)));
        json_in_close(in);
        for (size_t k = 0; k < i; k++)
            EXPECT(strcmp(schemas[i].name, schemas[k].name) != 0);
    }
    EXPECT(slice_find(http_schemas_parameter(SLICE("limit")), SLICE("200")) != SLICE_NONE);
    EXPECT(slice_equal(http_schemas_parameter(SLICE("other")), SLICE("{\"type\":\"string\"}")));
}
