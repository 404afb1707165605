// <name a="v" b='v' c=v>text</name>  <name/>  <!-- -->  <? ?>  <![CDATA[ ]]>  <!DOCTYPE >
//
// An end tag closes the nearest open element of its name and all inside it; one that closes none is
// passed over. What is open at the end is closed there.
#include "format/xml/xml_tolerant.h"

#include "format/xml/xml_build.h"

typedef struct Scan {
    XmlBuild build;
    Slice rest;
    Slice names[LIMIT_XML_DEPTH + 1]; // of the open elements, with prefixes
} Scan;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ends_name(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '/' || c == '"' || c == '\'';
}

static void skip(Scan *scan, size_t size)
{
    scan->rest = slice_sub(scan->rest, size, SIZE_MAX);
}

static void skip_space(Scan *scan)
{
    while (scan->rest.size > 0 && is_space(scan->rest.data[0]))
        skip(scan, 1);
}

// Up to and past `end`; everything when it does not come.
static Slice take_to(Scan *scan, Slice end)
{
    size_t at = slice_find(scan->rest, end);
    Slice taken = slice_sub(scan->rest, 0, at);
    skip(scan, at == SLICE_NONE ? scan->rest.size : at + end.size);
    return taken;
}

static Slice take_name(Scan *scan)
{
    size_t size = 0;
    while (size < scan->rest.size && !is_space(scan->rest.data[size]) &&
           !ends_name(scan->rest.data[size]))
        size++;
    Slice name = slice_sub(scan->rest, 0, size);
    skip(scan, size);
    return name;
}

static void add_text(Scan *scan, Slice text)
{
    static const struct {
        Slice entity, means;
    } entities[] = {{SLICE("&lt;"), SLICE("<")},
                    {SLICE("&gt;"), SLICE(">")},
                    {SLICE("&amp;"), SLICE("&")},
                    {SLICE("&quot;"), SLICE("\"")},
                    {SLICE("&apos;"), SLICE("'")}};
    while (text.size > 0) {
        const char *amp = memchr(text.data, '&', text.size);
        size_t plain = amp == NULL ? text.size : (size_t)(amp - text.data);
        xml_build_text(&scan->build, slice_sub(text, 0, plain));
        text = slice_sub(text, plain, SIZE_MAX);
        if (text.size == 0) return;
        size_t size = 1;
        Slice means = SLICE("&");
        for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
            if (!slice_starts(text, entities[i].entity)) continue;
            size = entities[i].entity.size;
            means = entities[i].means;
        }
        xml_build_text(&scan->build, means);
        text = slice_sub(text, size, SIZE_MAX);
    }
}

static Slice take_value(Scan *scan)
{
    if (scan->rest.size == 0 || scan->rest.data[0] != '=') return SLICE("");
    skip(scan, 1);
    skip_space(scan);
    if (scan->rest.size == 0) return SLICE("");
    char quote = scan->rest.data[0];
    if (quote != '"' && quote != '\'') return take_name(scan);
    skip(scan, 1);
    return take_to(scan, (Slice){&quote, 1});
}

static void open_tag(Scan *scan)
{
    Slice name = take_name(scan);
    XmlAttr some[LIMIT_XML_ATTRIBUTES];
    size_t count = 0;
    bool ends = false;
    for (;;) {
        skip_space(scan);
        if (scan->rest.size == 0 || scan->rest.data[0] == '<') break;
        char c = scan->rest.data[0];
        if (c == '>') {
            skip(scan, 1);
            break;
        }
        Slice key = take_name(scan);
        if (key.size == 0) { // a stray '/', '=' or quote
            ends = c == '/';
            skip(scan, 1);
            continue;
        }
        ends = false;
        skip_space(scan);
        Slice value = take_value(scan);
        if (count < LIMIT_XML_ATTRIBUTES) some[count++] = (XmlAttr){key, value};
    }
    XmlAttr *attrs = arena_try_array(&scan->build.cx->arena, count, sizeof *attrs);
    if (attrs == NULL) {
        xml_build_fail(&scan->build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "too much memory");
        return;
    }
    if (count > 0) memcpy(attrs, some, count * sizeof *attrs);
    xml_build_open(&scan->build, name, attrs, count);
    if (scan->build.err != ERR_OK) return;
    scan->names[scan->build.depth] = name;
    if (ends) xml_build_close(&scan->build);
}

static void close_tag(Scan *scan)
{
    Slice name = slice_trim(take_to(scan, SLICE(">")));
    size_t depth = scan->build.depth;
    while (depth > 0 && !slice_equal(scan->names[depth], name))
        depth--;
    while (depth > 0 && scan->build.depth >= depth && scan->build.err == ERR_OK)
        xml_build_close(&scan->build);
}

static void step(Scan *scan)
{
    if (scan->rest.data[0] != '<') {
        size_t at = slice_find(scan->rest, SLICE("<"));
        add_text(scan, slice_sub(scan->rest, 0, at));
        skip(scan, at);
    } else if (slice_starts(scan->rest, SLICE("<!--"))) {
        (void)take_to(scan, SLICE("-->"));
    } else if (slice_starts(scan->rest, SLICE("<![CDATA["))) {
        skip(scan, 9);
        xml_build_text(&scan->build, take_to(scan, SLICE("]]>")));
    } else if (slice_starts(scan->rest, SLICE("<?"))) {
        (void)take_to(scan, SLICE("?>"));
    } else if (slice_starts(scan->rest, SLICE("<!"))) {
        (void)take_to(scan, SLICE(">"));
    } else if (slice_starts(scan->rest, SLICE("</"))) {
        skip(scan, 2);
        close_tag(scan);
    } else {
        skip(scan, 1);
        open_tag(scan);
    }
}

Err xml_tolerant_parse(Cx *cx, Slice bytes, const XmlNode **ret_root)
{
    Scan *scan = arena_alloc(&cx->arena, sizeof *scan);
    scan->build.cx = cx;
    scan->rest = bytes;
    while (scan->rest.size > 0 && scan->build.err == ERR_OK)
        step(scan);
    while (scan->build.depth > 0 && scan->build.err == ERR_OK)
        xml_build_close(&scan->build);
    if (scan->build.err != ERR_OK) return scan->build.err;
    if (scan->build.root == NULL) return err_set(cx, ERR_INPUT, "no XML tag in it");
    *ret_root = scan->build.root;
    return ERR_OK;
}
