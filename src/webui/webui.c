#include "webui/webui.h"

#define INDEX_PATH SLICE("/index.html")

#define ZH                                                                                         \
    "<p>服务在运行，但这次构建没有带上网页界面。"                              \
    "在源码目录执行 make build 后重新启动；命令行和接口照常可用。</p>"

// No style and no script of its own: the page's policy allows neither inline.
#define NOT_BUILT                                                                                  \
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"                           \
    "<meta name=\"viewport\" content=\"width=device-width\"><title>fapiao</title></head><body>"    \
    "<h1>fapiao</h1>" ZH                                                                           \
    "<p lang=\"en\">The server is running, but this build carries no web screen. Run make build "  \
    "in the source folder and start again; commands and API work as usual.</p>"                    \
    "<p><a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></body></html>\n"

static const WebuiFile not_built = {
    .path = SLICE("/index.html"),
    .type = SLICE("text/html; charset=utf-8"),
    .etag = SLICE("\"not-built\""),
    .bytes = SLICE(NOT_BUILT),
    .plain = SLICE(NOT_BUILT),
};

static const WebuiFile *file_at(Slice path)
{
    for (size_t i = 0; i < webui_file_count; i++) {
        if (slice_equal(webui_files[i].path, path)) return &webui_files[i];
    }
    if (webui_file_count == 0 && slice_equal(path, not_built.path)) return &not_built;
    return NULL;
}

// An address of the page itself: its last part names no file.
static bool is_page_address(Slice path)
{
    for (size_t i = path.size; i > 0 && path.data[i - 1] != '/'; i--) {
        if (path.data[i - 1] == '.') return false;
    }
    return true;
}

bool webui_find(Slice path, WebuiFile *ret_file)
{
    if (!slice_starts(path, SLICE("/")) || slice_starts(path, SLICE("/api/"))) return false;
    const WebuiFile *file = file_at(is_page_address(path) ? INDEX_PATH : path);
    if (file == NULL) return false;
    *ret_file = *file;
    return true;
}

bool webui_built(void)
{
    return webui_file_count > 0;
}
