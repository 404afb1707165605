#include "http/http_openapi.h"

#include "base/test.h"
#include "format/json/json_in.h"
#include "http/http_schemas.h"

static const JsonValue *member(const JsonValue *value, Slice key)
{
    for (value = json_in_first(value); value != NULL; value = json_in_next(value))
        if (slice_equal(json_in_key(value), key)) return value;
    return NULL;
}

static bool resolves(const JsonValue *root, Slice ref)
{
    Slice rest = ref, key;
    bool done = false;
    if (!slice_cut(&rest, '/', &done, &key) || !slice_equal(key, SLICE("#"))) return false;
    const JsonValue *value = root;
    while (value != NULL && slice_cut(&rest, '/', &done, &key))
        value = member(value, key);
    return value != NULL;
}

// Every "$ref" below `value`.
static int check_refs(const JsonValue *root, const JsonValue *value)
{
    int count = 0;
    for (value = json_in_first(value); value != NULL; value = json_in_next(value)) {
        if (slice_equal(json_in_key(value), SLICE("$ref"))) {
            EXPECT(resolves(root, json_in_string(value)));
            count++;
        }
        if (json_in_is_object(value) || json_in_is_array(value)) count += check_refs(root, value);
    }
    return count;
}

TEST("http_openapi: is JSON, every reference resolves, every route is in it and nothing else")
{
    static const char *const keys[] = {"get", "head", "post", "patch", "delete", "options"};
    Slice json;
    JsonIn *in = NULL;
    EXPECT_OK(http_openapi_print(cx, &json));
    EXPECT_OK(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    EXPECT(slice_equal(json_in_string(json_in_get(root, "openapi")), SLICE("3.1.0")));
    EXPECT(check_refs(root, root) > 50);
    size_t count = 0, operations = 0;
    const Route *routes = routes_all(&count);
    const JsonValue *paths = json_in_get(root, "paths");
    for (size_t i = 0; i < count; i++) {
        const JsonValue *path = member(paths, slice_of(routes[i].pattern));
        const JsonValue *operation = member(path, slice_of(keys[routes[i].method]));
        EXPECT(operation != NULL);
        // `security: []` exactly where strangers may.
        const JsonValue *security = json_in_get(operation, "security");
        EXPECT((security != NULL) == routes[i].open);
        if (security != NULL) EXPECT(json_in_is_array(security) && json_in_first(security) == NULL);
        PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
        if (routes[i].open && routes[i].guarded) EXPECT(permission_may(&stranger, routes[i].act));
        if (!routes[i].open) EXPECT(routes[i].guarded && !permission_may(&stranger, routes[i].act));
        EXPECT(json_in_get(json_in_get(operation, "responses"), "default") != NULL);
    }
    for (const JsonValue *p = json_in_first(paths); p != NULL; p = json_in_next(p))
        for (const JsonValue *o = json_in_first(p); o != NULL; o = json_in_next(o))
            operations++;
    EXPECT(operations == count);
    json_in_close(in);
}

TEST("http_openapi: ids are unique, every path parameter is declared")
{
    size_t count = 0;
    const Route *routes = routes_all(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            EXPECT(strcmp(routes[i].id, routes[k].id) != 0);
    size_t schema_count = 0;
    EXPECT(http_schemas_all(&schema_count) != NULL && schema_count > 20);
}
