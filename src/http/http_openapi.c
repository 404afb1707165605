#include "http/http_openapi.h"

#include "base/limits.h"
#include "http/http_parts.h"
#include "http/http_schemas.h"

// Paths are grouped: a path's operations must stand in one object, whatever their order in the
// table.
#define TEXT_MAX (4 * LIMIT_MIB)

static void print_ref(JsonOut *out, Cx *cx, Slice schema)
{
    json_out_object(out);
    json_out_pair(out, "$ref", cx_printf(cx, "#/components/schemas/" SLICE_FMT, SLICE_ARG(schema)));
    json_out_end_object(out);
}

// "media/type Schema" -> "content": {"media/type": {"schema": {"$ref": …}}}
static void print_content(JsonOut *out, Cx *cx, Slice content)
{
    Slice rest = content, media;
    bool done = false;
    (void)slice_cut(&rest, ' ', &done, &media);
    json_out_key(out, SLICE("content"));
    json_out_object(out);
    json_out_key(out, media);
    json_out_object(out);
    json_out_key(out, SLICE("schema"));
    print_ref(out, cx, rest);
    json_out_end_object(out);
    json_out_end_object(out);
}

static void print_parameter(JsonOut *out, Slice name, const char *in, bool required)
{
    json_out_object(out);
    json_out_pair(out, "name", name);
    json_out_pair(out, "in", slice_of(in));
    json_out_key(out, SLICE("required"));
    json_out_bool(out, required);
    json_out_key(out, SLICE("schema"));
    json_out_raw(out, http_schemas_parameter(name));
    json_out_end_object(out);
}

static void print_parameters(JsonOut *out, const Route *route)
{
    json_out_key(out, SLICE("parameters"));
    json_out_array(out);
    Slice rest = slice_of(route->pattern), part;
    bool done = false;
    while (slice_cut(&rest, '/', &done, &part))
        if (slice_starts(part, SLICE("{")))
            print_parameter(out, slice_sub(part, 1, part.size - 2), "path", true);
    rest = slice_of(route->query);
    for (done = false; slice_cut(&rest, ' ', &done, &part);)
        if (part.size > 0) print_parameter(out, part, "query", false);
    rest = slice_of(route->headers);
    for (done = false; slice_cut(&rest, ' ', &done, &part);)
        if (part.size > 0)
            print_parameter(out, part, "header",
                            slice_starts(part, SLICE("Tus-")) ||
                                slice_equal(part, SLICE("Upload-Offset")) ||
                                slice_equal(part, SLICE("Upload-Length")));
    json_out_end_array(out);
}

static void print_problem(JsonOut *out, Slice status)
{
    json_out_key(out, status);
    json_out_object(out);
    json_out_pair(out, "$ref", SLICE("#/components/responses/Problem"));
    json_out_end_object(out);
}

static void print_responses(JsonOut *out, Cx *cx, const Route *route)
{
    json_out_key(out, SLICE("responses"));
    json_out_object(out);
    json_out_key(out, cx_printf(cx, "%d", route->status));
    json_out_object(out);
    json_out_pair(out, "description", slice_of(route->zh));
    if (route->response[0] != '\0') print_content(out, cx, slice_of(route->response));
    json_out_end_object(out);
    // Every route is counted, every one that is not open refuses a stranger, what takes JSON takes
    // nothing else, and lists no parameter that they don't know.
    bool json = slice_starts(slice_of(route->request), SLICE("application/json"));
    bool filtered = !route->open && route->method == METHOD_GET && route->query[0] != '\0';
    const char *usual[] = {filtered ? "400" : "", route->open ? "" : "401", json ? "415" : "",
                           "429"};
    Slice rest = slice_of(route->problems), status;
    bool done = false;
    while (slice_cut(&rest, ' ', &done, &status))
        if (status.size > 0) print_problem(out, status);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (slice_find(slice_of(route->problems), slice_of(usual[i])) == SLICE_NONE)
            print_problem(out, slice_of(usual[i]));
    json_out_key(out, SLICE("default"));
    json_out_object(out);
    json_out_pair(out, "$ref", SLICE("#/components/responses/Problem"));
    json_out_end_object(out);
    json_out_end_object(out);
}

static void print_operation(JsonOut *out, Cx *cx, const Route *route)
{
    static const char *const keys[] = {"get", "head", "post", "patch", "delete", "options"};
    json_out_key(out, slice_of(keys[route->method]));
    json_out_object(out);
    json_out_pair(out, "operationId", slice_of(route->id));
    json_out_pair(out, "summary", slice_of(route->zh));
    json_out_pair(out, "description", slice_of(route->en));
    if (route->open) {
        json_out_key(out, SLICE("security"));
        json_out_array(out);
        json_out_end_array(out);
    }
    print_parameters(out, route);
    if (route->request[0] != '\0') {
        json_out_key(out, SLICE("requestBody"));
        json_out_object(out);
        json_out_key(out, SLICE("required"));
        json_out_bool(out, true);
        print_content(out, cx, slice_of(route->request));
        json_out_end_object(out);
    }
    print_responses(out, cx, route);
    json_out_end_object(out);
}

static bool first_of_path(const Route *routes, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(routes[k].pattern, routes[i].pattern) == 0) return false;
    return true;
}

static void print_paths(JsonOut *out, Cx *cx)
{
    size_t count = 0;
    const Route *routes = routes_all(&count);
    json_out_key(out, SLICE("paths"));
    json_out_object(out);
    for (size_t i = 0; i < count; i++) {
        if (!first_of_path(routes, i)) continue;
        json_out_key(out, slice_of(routes[i].pattern));
        json_out_object(out);
        for (size_t k = i; k < count; k++)
            if (strcmp(routes[k].pattern, routes[i].pattern) == 0)
                print_operation(out, cx, &routes[k]);
        json_out_end_object(out);
    }
    json_out_end_object(out);
}

static void print_components(JsonOut *out, Cx *cx)
{
    size_t count = 0;
    const HttpSchema *schemas = http_schemas_all(&count);
    json_out_key(out, SLICE("components"));
    json_out_object(out);
    json_out_key(out, SLICE("securitySchemes"));
    json_out_raw(out, SLICE("{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":"
                            "\"__Host-fapiao\",\"description\":\"登录后的会话 a session\"},"
                            "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":"
                            "\"程序用的访问令牌 a program's token\"}}"));
    json_out_key(out, SLICE("responses"));
    json_out_object(out);
    json_out_key(out, SLICE("Problem"));
    json_out_object(out);
    json_out_pair(out, "description", SLICE("问题说明（RFC 9457）"));
    print_content(out, cx, SLICE("application/problem+json Problem"));
    json_out_end_object(out);
    json_out_end_object(out);
    json_out_key(out, SLICE("schemas"));
    json_out_object(out);
    for (size_t i = 0; i < count; i++) {
        json_out_key(out, slice_of(schemas[i].name));
        json_out_raw(out, slice_of(schemas[i].json));
    }
    json_out_end_object(out);
    json_out_end_object(out);
}

Err http_openapi_print(Cx *cx, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, TEXT_MAX);
    json_out_object(&out);
    json_out_pair(&out, "openapi", SLICE("3.1.0"));
    json_out_key(&out, SLICE("info"));
    json_out_object(&out);
    json_out_pair(&out, "title", SLICE("发票 fapiao"));
    json_out_pair(&out, "version", SLICE(VERSION_TEXT));
    json_out_end_object(&out);
    json_out_key(&out, SLICE("security"));
    json_out_raw(&out, SLICE("[{\"session\":[]},{\"token\":[]}]"));
    print_paths(&out, cx);
    print_components(&out, cx);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err http_openapi_get(Call *call)
{
    call_json(call, 200, call->http->openapi);
    return ERR_OK;
}
