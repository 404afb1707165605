#include "format/ofd/ofd_res.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"

#define STYLES_DEEP 8 // relative to one another; in a circle they say nothing more

static void add_picture(Cx *cx, Ofd *ofd, Slice from, Slice base, const XmlNode *media, OfdRes *res)
{
    struct OfdResItem item = {};
    Slice file = slice_trim(xml_find_text(media, "MediaFile"));
    Text path = text_open(cx, 4096);
    if (res->count == LIMIT_OFD_PARTS || slice_empty(file)) return;
    if (!slice_u64(xml_attr(media, "ID"), &item.id)) return;
    text_add(&path, slice_trim(base));
    if (path.size > 0 && !slice_ends(text_so_far(&path), SLICE("/"))) text_byte(&path, '/');
    text_add(&path, file);
    if (path.full) return;
    // Some writers leave BaseLoc out of the way, some repeat it in the file's name.
    if (ofd_resolve(cx, ofd, from, text_so_far(&path), &item.entry) ||
        ofd_resolve(cx, ofd, from, file, &item.entry))
        res->items[res->count++] = item;
}

static void add_styles(const XmlNode *list, OfdRes *res)
{
    for (const XmlNode *at = xml_child(list, "DrawParam"); at != NULL;
         at = xml_next(at, "DrawParam")) {
        struct OfdResStyle style = {.node = at};
        if (res->style_count == LIMIT_OFD_PARTS || !slice_u64(xml_attr(at, "ID"), &style.id))
            continue;
        res->styles[res->style_count++] = style;
    }
}

static void add_list(Cx *cx, Ofd *ofd, Slice from, Slice reference, OfdRes *res)
{
    size_t entry = 0;
    const XmlNode *root = NULL;
    if (!ofd_resolve(cx, ofd, from, reference, &entry)) return;
    if (ofd_xml(cx, ofd, entry, &root) != ERR_OK) return;
    for (const XmlNode *list = xml_child(root, "MultiMedias"); list != NULL;
         list = xml_next(list, "MultiMedias"))
        for (const XmlNode *at = xml_child(list, "MultiMedia"); at != NULL;
             at = xml_next(at, "MultiMedia"))
            add_picture(cx, ofd, zip_name(ofd->zip, entry), xml_attr(root, "BaseLoc"), at, res);
    for (const XmlNode *list = xml_child(root, "DrawParams"); list != NULL;
         list = xml_next(list, "DrawParams"))
        add_styles(list, res);
}

static void add_lists(Cx *cx, Ofd *ofd, Slice from, const XmlNode *node, const char *name,
                      OfdRes *res)
{
    for (const XmlNode *at = xml_child(node, name); at != NULL; at = xml_next(at, name))
        add_list(cx, ofd, from, xml_text(at), res);
}

static int by_id(const void *a, const void *b)
{
    const struct OfdResStyle *p = a, *q = b;
    return p->id < q->id ? -1 : p->id > q->id;
}

Err ofd_res_read(Cx *cx, Ofd *ofd, const OfdDoc *doc, OfdRes *ret_res)
{
    const XmlNode *root = NULL;
    OfdRes res = {.items = arena_try_array(&cx->arena, LIMIT_OFD_PARTS, sizeof *res.items),
                  .styles = arena_try_array(&cx->arena, LIMIT_OFD_PARTS, sizeof *res.styles)};
    if (res.items == NULL || res.styles == NULL)
        return err_set(cx, ERR_LIMIT, "no room for the lists of pictures and styles");
    if (ofd_xml(cx, ofd, doc->entry, &root) == ERR_OK) {
        Slice from = zip_name(ofd->zip, doc->entry);
        const XmlNode *common = xml_child(root, "CommonData");
        add_lists(cx, ofd, from, common, "PublicRes", &res);
        add_lists(cx, ofd, from, common, "DocumentRes", &res);
    }
    for (size_t i = 0; i < doc->page_count; i++)
        if (ofd_xml(cx, ofd, doc->pages[i].entry, &root) == ERR_OK)
            add_lists(cx, ofd, zip_name(ofd->zip, doc->pages[i].entry), root, "PageRes", &res);
    if (res.style_count > 0) qsort(res.styles, res.style_count, sizeof *res.styles, by_id);
    *ret_res = res;
    return ERR_OK;
}

bool ofd_res_find(const OfdRes *res, Slice id, size_t *ret_entry)
{
    uint64_t number = 0;
    if (!slice_u64(slice_trim(id), &number)) return false;
    for (size_t i = 0; i < res->count; i++) {
        if (res->items[i].id != number) continue;
        *ret_entry = res->items[i].entry;
        return true;
    }
    return false;
}

// Asked for each of many thousand objects.
static const XmlNode *style_of(const OfdRes *res, Slice id)
{
    struct OfdResStyle key = {};
    if (!slice_u64(id, &key.id) || res->style_count == 0) return NULL;
    const struct OfdResStyle *found =
        bsearch(&key, res->styles, res->style_count, sizeof key, by_id);
    return found == NULL ? NULL : found->node;
}

// What the element itself says.
static const XmlNode *said_by(const XmlNode *node, const char *name, const char *attr)
{
    if (name != NULL) return xml_child(node, name);
    return xml_has_attr(node, attr) ? node : NULL;
}

static const XmlNode *said_by_style(const OfdRes *res, const XmlNode *node, const char *name,
                                    const char *attr)
{
    const XmlNode *said = NULL, *style = style_of(res, xml_attr(node, "DrawParam"));
    for (size_t deep = 0; style != NULL && said == NULL && deep < STYLES_DEEP; deep++) {
        said = said_by(style, name, attr);
        style = style_of(res, xml_attr(style, "Relative"));
    }
    return said;
}

const XmlNode *ofd_res_style(const OfdRes *res, const XmlNode *object, const char *name,
                             const char *attr)
{
    const XmlNode *said = said_by(object, name, attr), *layer = object->parent;
    if (said == NULL) said = said_by_style(res, object, name, attr);
    while (layer != NULL && !xml_named(layer, "Layer"))
        layer = layer->parent;
    return said == NULL && layer != NULL ? said_by_style(res, layer, name, attr) : said;
}

static bool draws(Cx *cx, Ofd *ofd, const OfdRes *res, size_t content, size_t entry)
{
    const XmlNode *root = NULL;
    size_t picture = 0;
    if (ofd_xml(cx, ofd, content, &root) != ERR_OK) return false;
    for (const XmlNode *at = xml_deep(root, NULL, "ImageObject"); at != NULL;
         at = xml_deep(root, at, "ImageObject"))
        if (ofd_res_find(res, xml_attr(at, "ResourceID"), &picture) && picture == entry)
            return true;
    return false;
}

bool ofd_res_on_page(Cx *cx, Ofd *ofd, const OfdRes *res, const OfdPage *page, size_t entry)
{
    bool found = draws(cx, ofd, res, page->entry, entry);
    for (size_t i = 0; i < page->template_count && !found; i++)
        found = draws(cx, ofd, res, page->templates[i], entry);
    return found;
}
