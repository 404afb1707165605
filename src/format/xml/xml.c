// <?xml version="1.0" encoding="GBK"?>   optional; a BOM (EF BB BF, FE FF, FF FE; xml_utf32.h)
//                                        stands before it (EF BB BF maybe twice, and behind white
//                                        space)
// <!DOCTYPE …>                           refused: nothing of ours carries one
// <p:name xmlns:p="…/einv" a="v">text<![CDATA[text]]>&lt;</p:name>
#include "format/xml/xml.h"

#include <expat.h>
#include <iconv.h>
#include <limits.h>

#include "base/utf8.h"
#include "format/xml/xml_build.h"
#include "format/xml/xml_mend.h"
#include "format/xml/xml_utf32.h"

#define WESTERN_HIGH_MIN 8 // bytes: Chinese of four characters is no Western text

// Kept open for good: iconv loads a module from disk, which a jailed reader can't.
static _Thread_local iconv_t chinese_open; // 0 until opened

static iconv_t chinese(void)
{
    if (chinese_open == NULL) {
        iconv_t fresh = iconv_open("UTF-8", "GB18030");
        if (fresh != (iconv_t)-1) chinese_open = fresh;
    }
    return chinese_open;
}

void xml_warm(void)
{
    (void)chinese();
}

// What <?xml … encoding="…"?> says, "" without it.
static Slice declared_encoding(Slice bytes)
{
    if (!slice_starts(bytes, SLICE("<?xml"))) return SLICE("");
    Slice head = slice_sub(bytes, 0, 256);
    head = slice_sub(head, 0, slice_find(head, SLICE("?>")));
    size_t at = slice_find(head, SLICE("encoding"));
    if (at == SLICE_NONE) return SLICE("");
    Slice rest = slice_trim(slice_sub(head, at + 8, SIZE_MAX));
    if (!slice_starts(rest, SLICE("="))) return SLICE("");
    rest = slice_trim(slice_sub(rest, 1, SIZE_MAX));
    if (rest.size == 0) return SLICE("");
    const char *end = memchr(rest.data + 1, rest.data[0], rest.size - 1);
    return end == NULL ? SLICE("") : slice_sub(rest, 1, (size_t)(end - rest.data) - 1);
}

static bool is_chinese_encoding(Slice name)
{
    static const Slice names[] = {SLICE("GBK"),        SLICE("GB2312"), SLICE("GB18030"),
                                  SLICE("GB-18030"),   SLICE("CP936"),  SLICE("MS936"),
                                  SLICE("GB_2312-80"), SLICE("x-GBK"),  SLICE("EUC-CN")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_equal_nocase(name, names[i])) return true;
    return false;
}

// Taken from an example, or a program's default: with any of them every byte is some character, so
// that Chinese text would be read as rubbish.
static bool is_western_encoding(Slice name)
{
    static const Slice names[] = {SLICE("ISO-8859-1"), SLICE("ISO8859-1"),    SLICE("ISO8859_1"),
                                  SLICE("latin1"),     SLICE("windows-1252"), SLICE("US-ASCII"),
                                  SLICE("ASCII")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_equal_nocase(name, names[i])) return true;
    return false;
}

// Some writers declare GBK and write UTF-8: no GBK text of any length is well-formed UTF-8.
static bool is_utf8(Slice bytes)
{
    size_t wide = 0;
    while (bytes.size > 0) {
        size_t size = utf8_head(bytes, NULL);
        if (size == 0) return false;
        wide += size >= 3;
        bytes = slice_sub(bytes, size, SIZE_MAX);
    }
    return wide > 0;
}

Err xml_from_chinese(Cx *cx, Slice bytes, Slice *ret_text)
{
    if (chinese() == NULL) return err_set(cx, ERR_INPUT, "no converter for GB18030");
    size_t room = bytes.size + bytes.size / 2 + 16; // two bytes become three at the most
    char *text = arena_try_alloc(&cx->arena, room);
    if (text == NULL) return err_set(cx, ERR_LIMIT, "the document needs too much memory");
    char *in = (char *)(uintptr_t)bytes.data, *out = text;
    size_t in_left = bytes.size, out_left = room;
    (void)iconv(chinese(), NULL, NULL, NULL, NULL);
    if (iconv(chinese(), &in, &in_left, &out, &out_left) == (size_t)-1)
        return err_set(cx, ERR_INPUT, "no GB18030 text at byte %zu", bytes.size - in_left);
    *ret_text = (Slice){text, room - out_left};
    return ERR_OK;
}

// What a text of ours may hold: no controls, nothing for private use.
static bool is_text(Slice utf8)
{
    while (utf8.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_head(utf8, &point);
        bool control = (point < ' ' && point != '\t' && point != '\n' && point != '\r') ||
                       (point >= 0x7f && point < 0xa0);
        bool private = (point >= 0xe000 && point <= 0xf8ff) || point >= 0xf0000;
        if (size == 0 || control || private || point == 0xfffd) return false;
        utf8 = slice_sub(utf8, size, SIZE_MAX);
    }
    return true;
}

// Text that is no UTF-8, and not UTF-8 with an error in it: of that most bytes are still right, and
// as GB18030 it would be other characters.
static bool is_foreign(Slice bytes)
{
    size_t high = 0, right = 0;
    bool valid = true;
    for (size_t at = 0; at < bytes.size;) {
        at += utf8_ascii_head((Slice){bytes.data + at, bytes.size - at});
        if (at == bytes.size) break;
        size_t size = utf8_head((Slice){bytes.data + at, bytes.size - at}, NULL);
        valid = valid && size > 0;
        high += size == 0 ? 1 : size;
        right += size >= 3 ? size : 0;
        at += size == 0 ? 1 : size;
    }
    return !valid && right * 2 < high;
}

// Bytes beyond ASCII that stand in pairs, and enough of them to be no accident.
static bool is_in_pairs(Slice bytes)
{
    size_t high = 0, run = 0;
    for (size_t at = 0; at < bytes.size; at++) {
        bool is_high = (unsigned char)bytes.data[at] >= 0xA1;
        if ((unsigned char)bytes.data[at] >= 0x80 && !is_high) return false;
        if (!is_high && run % 2 != 0) return false;
        run = is_high ? run + 1 : 0;
        high += is_high;
    }
    return run % 2 == 0 && high >= WESTERN_HIGH_MIN;
}

// Some writers declare UTF-8, or nothing, and write GBK.
static bool guess_chinese(Cx *cx, Slice *bytes)
{
    Slice name = declared_encoding(*bytes), text = {};
    bool claimed = name.size == 0 || slice_equal_nocase(name, SLICE("utf-8")) ||
                   slice_equal_nocase(name, SLICE("utf8")) ||
                   (is_western_encoding(name) && is_in_pairs(*bytes));
    if (!claimed || !slice_starts(*bytes, SLICE("<")) || !is_foreign(*bytes)) return false;
    if (xml_from_chinese(cx, *bytes, &text) != ERR_OK || !is_text(text)) return false;
    *bytes = text;
    return true;
}

typedef struct Run {
    XmlBuild build;
    XML_Parser parser;
    bool guessed;
} Run;

static Run *run_open(Cx *cx)
{
    Run *run = arena_try_alloc(&cx->arena, sizeof *run);
    if (run != NULL) run->build.cx = cx;
    return run;
}

static void stop_on_failure(Run *run)
{
    if (run->build.err != ERR_OK) (void)XML_StopParser(run->parser, XML_FALSE);
}

static void XMLCALL on_open(void *user, const char *name, const char **pairs)
{
    Run *run = user;
    Cx *cx = run->build.cx;
    size_t count = 0;
    while (pairs[2 * count] != NULL)
        count++;
    XmlAttr *attrs = NULL;
    Slice own_name = SLICE("");
    bool fits = count <= LIMIT_XML_ATTRIBUTES && cx_copy(cx, slice_of(name), &own_name) == ERR_OK;
    if (fits && count > 0) {
        attrs = arena_try_array(&cx->arena, count, sizeof *attrs);
        fits = attrs != NULL;
    }
    for (size_t i = 0; fits && i < count; i++)
        fits = cx_copy(cx, slice_of(pairs[2 * i]), &attrs[i].name) == ERR_OK &&
               cx_copy(cx, slice_of(pairs[2 * i + 1]), &attrs[i].value) == ERR_OK;
    if (fits)
        xml_build_open(&run->build, own_name, attrs, count);
    else
        xml_build_fail(&run->build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "attributes over the limit");
    stop_on_failure(run);
}

static void XMLCALL on_close(void *user, const char *name)
{
    Run *run = user;
    (void)name;
    xml_build_close(&run->build);
    stop_on_failure(run);
}

static void XMLCALL on_text(void *user, const char *text, int size)
{
    Run *run = user;
    xml_build_text(&run->build, (Slice){text, (size_t)size});
    stop_on_failure(run);
}

static void XMLCALL on_doctype(void *user, const char *name, const char *system, const char *public,
                               int internal)
{
    Run *run = user;
    (void)name, (void)system, (void)public, (void)internal;
    xml_build_fail(&run->build, ERR_INPUT, XML_TROUBLE_HOSTILE, "a DOCTYPE is not allowed");
    stop_on_failure(run);
}

static void parser_free(XML_Parser *parser)
{
    if (*parser != NULL) XML_ParserFree(*parser);
}

static Err run_expat(Cx *cx, Run *run, Slice bytes, const char *encoding)
{
    // owned: expat allocates by itself; the guard frees it on every path out.
    __attribute__((cleanup(parser_free))) XML_Parser parser = XML_ParserCreate(encoding);
    if (parser == NULL) return err_set(cx, ERR_LIMIT, "no memory for an XML parser");
    run->parser = parser;
    XML_SetUserData(parser, run);
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    enum XML_Status status = XML_Parse(parser, bytes.data, (int)bytes.size, XML_TRUE);
    if (run->build.err != ERR_OK) return run->build.err;
    if (status == XML_STATUS_OK && run->build.root != NULL) return ERR_OK;
    run->build.trouble = XML_TROUBLE_DAMAGED;
    return err_set(cx, ERR_INPUT, "not well-formed XML: %s at line %lu",
                   XML_ErrorString(XML_GetErrorCode(parser)),
                   (unsigned long)XML_GetCurrentLineNumber(parser));
}

// Past byte order marks and white space, in whatever order programs have put them there.
static Slice skip_head(Slice bytes, bool *ret_marked)
{
    static const Slice mark = SLICE("\xEF\xBB\xBF");
    for (;;) {
        bool marked = slice_starts(bytes, mark);
        bool blank = bytes.size > 1 && memchr("\n\r \t", bytes.data[0], 4) != NULL;
        if (!marked && !blank) return bytes;
        *ret_marked = *ret_marked || marked;
        bytes = slice_sub(bytes, marked ? mark.size : 1, SIZE_MAX);
    }
}

// Two bytes a character: by its mark, or by the first tag where there is none.
static const char *wide_encoding(Slice bytes)
{
    if (slice_starts(bytes, SLICE("\xFF\xFE")) || slice_starts(bytes, SLICE("\xFE\xFF")))
        return "UTF-16";
    if (slice_starts(bytes, SLICE("<\0"))) return "UTF-16LE";
    return slice_starts(bytes, SLICE("\0<")) ? "UTF-16BE" : NULL;
}

static Err unreadable(Run *run, Err err)
{
    run->build.trouble = err == ERR_INPUT ? XML_TROUBLE_DAMAGED : XML_TROUBLE_HOSTILE;
    return err;
}

// In which encoding *bytes are, NULL for what they say themselves; they become UTF-8 where expat
// does not know it.
static Err settle(Cx *cx, Run *run, Slice *bytes, const char **ret_encoding)
{
    bool marked = xml_utf32_is(*bytes); // then it is UTF-8 now
    Err err = marked ? xml_utf32_text(cx, *bytes, bytes) : ERR_OK;
    if (err != ERR_OK) return unreadable(run, err);
    *bytes = skip_head(*bytes, &marked);
    // Saved anew by an editor, it may still claim to be UTF-8.
    *ret_encoding = wide_encoding(*bytes);
    if (marked) *ret_encoding = "UTF-8"; // whatever the declaration says
    Slice declared = declared_encoding(*bytes);
    // Expat knows it by its right name alone.
    if (slice_equal_nocase(declared, SLICE("utf8"))) *ret_encoding = "UTF-8";
    if (is_western_encoding(declared) && is_utf8(*bytes)) *ret_encoding = "UTF-8";
    if (*ret_encoding == NULL && is_chinese_encoding(declared)) {
        err = is_utf8(*bytes) ? ERR_OK : xml_from_chinese(cx, *bytes, bytes);
        if (err != ERR_OK) return unreadable(run, err);
        *ret_encoding = "UTF-8";
    }
    if (!marked && guess_chinese(cx, bytes)) {
        run->guessed = true;
        *ret_encoding = "UTF-8";
    }
    if (bytes->size > INT_MAX) {
        run->build.trouble = XML_TROUBLE_HOSTILE;
        return err_set(cx, ERR_LIMIT, "%zu bytes of XML are too many", bytes->size);
    }
    return ERR_OK;
}

Err xml_parse(Cx *cx, Slice bytes, const XmlNode **ret_root, XmlTrouble *trouble)
{
    Run *run = run_open(cx);
    if (trouble != NULL) *trouble = XML_TROUBLE_HOSTILE;
    if (run == NULL) return err_set(cx, ERR_LIMIT, "the document needs too much memory");
    const char *encoding = NULL;
    Err err = settle(cx, run, &bytes, &encoding);
    if (err == ERR_OK) err = run_expat(cx, run, bytes, encoding);
    if (trouble != NULL) *trouble = run->build.trouble;
    if (err != ERR_OK) return err;
    run->build.root->guessed = run->guessed;
    *ret_root = run->build.root;
    return ERR_OK;
}

// ERR_INPUT when it can't be mended; else as the second parse ended.
static Err run_mended(Cx *cx, Run *run, Slice bytes)
{
    const char *encoding = NULL;
    Slice text = {};
    bool values = false;
    if (settle(cx, run, &bytes, &encoding) != ERR_OK || wide_encoding(bytes) != NULL ||
        !xml_mend(cx, bytes, &text, &values))
        return err_set(cx, ERR_INPUT, "it can't be mended");
    TRY(run_expat(cx, run, text, "UTF-8"));
    run->build.root->guessed = run->guessed;
    run->build.root->mended = values;
    return ERR_OK;
}

Err xml_parse_mended(Cx *cx, Slice bytes, const XmlNode **ret_root, XmlTrouble *trouble)
{
    XmlTrouble first = XML_TROUBLE_NONE;
    Err err = xml_parse(cx, bytes, ret_root, &first);
    if (trouble != NULL) *trouble = first;
    if (first != XML_TROUBLE_DAMAGED) return err;
    Slice said = cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
    Run *run = run_open(cx);
    Err again = run == NULL ? ERR_LIMIT : run_mended(cx, run, bytes);
    if (again == ERR_OK) {
        *ret_root = run->build.root;
        if (trouble != NULL) *trouble = XML_TROUBLE_NONE;
        return ERR_OK;
    }
    // What was hidden behind the first error is not let pass as mere damage.
    if (run != NULL && run->build.trouble == XML_TROUBLE_HOSTILE) {
        if (trouble != NULL) *trouble = XML_TROUBLE_HOSTILE;
        return again;
    }
    return err_set(cx, err, SLICE_FMT, SLICE_ARG(said));
}

Err xml_parse_roots(Cx *cx, Slice bytes, const XmlNode **ret_root)
{
    static const Slice open = SLICE("<roots>"), close = SLICE("</roots>");
    Run *run = run_open(cx);
    const char *encoding = NULL;
    Slice inner = {}, whole = {};
    bool values = false;
    if (run == NULL || settle(cx, run, &bytes, &encoding) != ERR_OK ||
        wide_encoding(bytes) != NULL || !xml_mend(cx, bytes, &inner, &values))
        return err_set(cx, ERR_INPUT, "no documents one behind the other");
    Text text = text_open(cx, open.size + inner.size + close.size);
    text_add(&text, open);
    text_add(&text, inner);
    text_add(&text, close);
    TRY(text_done(cx, &text, &whole));
    TRY(run_expat(cx, run, whole, "UTF-8"));
    run->build.root->guessed = run->guessed;
    run->build.root->mended = true;
    *ret_root = run->build.root;
    return ERR_OK;
}

static const XmlNode *root_of(const XmlNode *node)
{
    while (node != NULL && node->parent != NULL)
        node = node->parent;
    return node;
}

bool xml_is_guessed(const XmlNode *node)
{
    const XmlNode *root = root_of(node);
    return root != NULL && root->guessed;
}

bool xml_is_mended(const XmlNode *node)
{
    const XmlNode *root = root_of(node);
    return root != NULL && root->mended;
}

bool xml_named(const XmlNode *node, const char *name)
{
    return node != NULL && (name == NULL || slice_equal(node->name, slice_of(name)));
}

static const XmlNode *first_named(const XmlNode *node, const char *name)
{
    while (node != NULL && !xml_named(node, name))
        node = node->sibling;
    return node;
}

const XmlNode *xml_child(const XmlNode *node, const char *name)
{
    return node == NULL ? NULL : first_named(node->first, name);
}

const XmlNode *xml_next(const XmlNode *node, const char *name)
{
    return node == NULL ? NULL : first_named(node->sibling, name);
}

const XmlNode *xml_find(const XmlNode *node, const char *path)
{
    Slice rest = slice_of(path), part = {};
    bool done = false;
    while (node != NULL && slice_cut(&rest, '/', &done, &part)) {
        const XmlNode *child = node->first;
        while (child != NULL && !slice_equal(child->name, part))
            child = child->sibling;
        node = child;
    }
    return node;
}

const XmlNode *xml_deep(const XmlNode *root, const XmlNode *after, const char *name)
{
    const XmlNode *node = after;
    if (root == NULL) return NULL;
    if (node == NULL && xml_named(root, name)) return root;
    if (node == NULL) node = root;
    for (;;) {
        if (node->first != NULL) {
            node = node->first;
        } else {
            while (node != root && node->sibling == NULL)
                node = node->parent;
            if (node == root) return NULL;
            node = node->sibling;
        }
        if (xml_named(node, name)) return node;
    }
}

Slice xml_text(const XmlNode *node)
{
    return node == NULL ? SLICE("") : slice_trim(node->text);
}

Slice xml_find_text(const XmlNode *node, const char *path)
{
    return xml_text(xml_find(node, path));
}

static const XmlAttr *attribute(const XmlNode *node, const char *name)
{
    Slice wanted = slice_of(name);
    for (size_t i = 0; node != NULL && i < node->attr_count; i++) {
        const XmlAttr *attr = &node->attrs[i];
        if (slice_equal(attr->name, wanted)) return attr;
        bool prefixed = attr->name.size > wanted.size && slice_ends(attr->name, wanted) &&
                        attr->name.data[attr->name.size - wanted.size - 1] == ':';
        if (prefixed && !slice_starts(attr->name, SLICE("xmlns:"))) return attr;
    }
    return NULL;
}

Slice xml_attr(const XmlNode *node, const char *name)
{
    const XmlAttr *attr = attribute(node, name);
    return attr == NULL ? SLICE("") : slice_trim(attr->value);
}

bool xml_has_attr(const XmlNode *node, const char *name)
{
    return attribute(node, name) != NULL;
}
