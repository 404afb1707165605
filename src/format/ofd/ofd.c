#include "format/ofd/ofd.h"

#include "base/limits.h"
#include "base/text.h"

struct OfdParsed {
    const XmlNode *root;
    Err err;
    bool done;
};

static Slice folder_of(Slice name)
{
    for (size_t i = name.size; i > 0; i--)
        if (name.data[i - 1] == '/') return slice_sub(name, 0, i);
    return SLICE("");
}

// "folder" + "reference" with "." and ".." taken out; ".." at the top is dropped.
static bool join(Cx *cx, Slice folder, Slice reference, Slice *ret_path)
{
    Text whole = text_open(cx, 4096);
    if (!slice_starts(reference, SLICE("/"))) text_add(&whole, folder);
    for (size_t i = 0; i < reference.size; i++)
        text_byte(&whole, reference.data[i] == '\\' ? '/' : reference.data[i]);
    if (whole.full) return false;
    Slice parts[32];
    size_t count = 0;
    Slice rest = text_so_far(&whole), part = {};
    bool done = false;
    while (slice_cut(&rest, '/', &done, &part)) {
        if (slice_empty(part) || slice_equal(part, SLICE("."))) continue;
        if (slice_equal(part, SLICE(".."))) {
            count -= count > 0;
            continue;
        }
        if (count == sizeof parts / sizeof parts[0]) return false;
        parts[count++] = part;
    }
    Text path = text_open(cx, 4096);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_byte(&path, '/');
        text_add(&path, parts[i]);
    }
    *ret_path = text_so_far(&path);
    return !path.full;
}

bool ofd_resolve(Cx *cx, const Ofd *ofd, Slice from, Slice reference, size_t *ret_entry)
{
    reference = slice_trim(reference);
    if (slice_empty(reference)) return false;
    // Beside the file that names it; some writers mean the document's folder or the top instead.
    Slice folder = folder_of(from), path = {};
    for (int up = 0; up < 4; up++) {
        if (join(cx, folder, reference, &path) && zip_find(ofd->zip, path, ret_entry)) return true;
        if (slice_empty(folder)) return false;
        folder = folder_of(slice_sub(folder, 0, folder.size - 1));
    }
    return false;
}

static void note(Ofd *ofd, ZipTrouble trouble)
{
    ofd->damaged++;
    if (ofd->trouble != ZIP_TROUBLE_HOSTILE) ofd->trouble = trouble;
}

static Err parse(Cx *cx, Ofd *ofd, size_t entry, const XmlNode **ret_root)
{
    Slice bytes = {};
    ZipTrouble zip = ZIP_TROUBLE_NONE;
    Err err = zip_read(cx, ofd->zip, entry, &bytes, &zip);
    if (err != ERR_OK) {
        note(ofd, zip);
        return err;
    }
    XmlTrouble xml = XML_TROUBLE_NONE;
    err = xml_parse_mended(cx, bytes, ret_root, &xml);
    ofd->guessed = ofd->guessed || (err == ERR_OK && xml_is_guessed(*ret_root));
    ofd->mended = ofd->mended || (err == ERR_OK && xml_is_mended(*ret_root));
    if (err != ERR_OK)
        note(ofd, xml == XML_TROUBLE_HOSTILE ? ZIP_TROUBLE_HOSTILE : ZIP_TROUBLE_DAMAGED);
    return err;
}

Err ofd_xml(Cx *cx, Ofd *ofd, size_t entry, const XmlNode **ret_root)
{
    struct OfdParsed *parsed = &ofd->parsed[entry];
    if (!parsed->done) {
        parsed->err = parse(cx, ofd, entry, &parsed->root);
        parsed->done = true;
        if (parsed->err != ERR_OK) return parsed->err;
    }
    if (parsed->err != ERR_OK)
        return err_set(cx, parsed->err, "entry %zu of the OFD was found broken before", entry);
    *ret_root = parsed->root;
    return ERR_OK;
}

// The root of what `reference` in entry `from` names, NULL when it can't be had.
static const XmlNode *follow(Cx *cx, Ofd *ofd, Slice from, Slice reference, size_t *ret_entry)
{
    const XmlNode *root = NULL;
    if (slice_empty(slice_trim(reference))) return NULL;
    if (!ofd_resolve(cx, ofd, from, reference, ret_entry)) {
        note(ofd, ZIP_TROUBLE_DAMAGED);
        return NULL;
    }
    return ofd_xml(cx, ofd, *ret_entry, &root) == ERR_OK ? root : NULL;
}

static size_t count_children(const XmlNode *node, const char *name)
{
    size_t count = 0;
    for (const XmlNode *at = xml_child(node, name); at != NULL; at = xml_next(at, name))
        count++;
    return count < LIMIT_OFD_PARTS ? count : LIMIT_OFD_PARTS;
}

// The FileLocs of a list (Attachments, CustomTags). An <Attachment>'s FileLoc may be an attribute.
static Err list_files(Cx *cx, Ofd *ofd, const XmlNode *list, size_t from, const char *item,
                      size_t **ret_entries, size_t *ret_count)
{
    size_t room = count_children(list, item);
    size_t *entries = arena_try_array(&cx->arena, room + 1, sizeof *entries);
    if (entries == NULL) return err_set(cx, ERR_LIMIT, "too many files in one document");
    for (const XmlNode *at = xml_child(list, item); at != NULL && *ret_count < room;
         at = xml_next(at, item)) {
        Slice place = xml_find_text(at, "FileLoc");
        if (slice_empty(place)) place = xml_attr(at, "FileLoc");
        if (slice_empty(place)) continue;
        if (ofd_resolve(cx, ofd, zip_name(ofd->zip, from), place, &entries[*ret_count]))
            (*ret_count)++;
        else
            note(ofd, ZIP_TROUBLE_DAMAGED);
    }
    *ret_entries = entries;
    return ERR_OK;
}

static void find_templates(Cx *cx, Ofd *ofd, const XmlNode *document, Slice from,
                           const XmlNode *content, OfdPage *page)
{
    const XmlNode *common = xml_child(document, "CommonData");
    for (const XmlNode *use = xml_child(content, "Template"); use != NULL;
         use = xml_next(use, "Template")) {
        Slice id = xml_attr(use, "TemplateID");
        for (const XmlNode *at = xml_child(common, "TemplatePage"); at != NULL;
             at = xml_next(at, "TemplatePage")) {
            if (!slice_equal(xml_attr(at, "ID"), id)) continue;
            if (page->template_count == OFD_TEMPLATES_MAX) return;
            if (ofd_resolve(cx, ofd, from, xml_attr(at, "BaseLoc"),
                            &page->templates[page->template_count]))
                page->template_count++;
            break;
        }
    }
}

static Err read_pages(Cx *cx, Ofd *ofd, const XmlNode *document, Slice from, OfdDoc *doc)
{
    const XmlNode *pages = xml_child(document, "Pages");
    size_t room = count_children(pages, "Page");
    doc->pages = arena_try_array(&cx->arena, room + 1, sizeof *doc->pages);
    if (doc->pages == NULL) return err_set(cx, ERR_LIMIT, "too many pages");
    for (const XmlNode *at = xml_child(pages, "Page"); at != NULL && doc->page_count < room;
         at = xml_next(at, "Page")) {
        OfdPage *page = &doc->pages[doc->page_count];
        const XmlNode *content = follow(cx, ofd, from, xml_attr(at, "BaseLoc"), &page->entry);
        if (content == NULL) continue;
        if (++ofd->page_count > LIMIT_OFD_PAGES)
            return err_set(cx, ERR_LIMIT, "over %zu pages", LIMIT_OFD_PAGES);
        (void)slice_u64(xml_attr(at, "ID"), &page->id);
        find_templates(cx, ofd, document, from, content, page);
        doc->page_count++;
    }
    return ERR_OK;
}

static Err read_doc(Cx *cx, Ofd *ofd, const XmlNode *body, OfdDoc *doc)
{
    size_t entry = ofd->entry, list = 0;
    doc->body = body;
    doc->entry = entry;
    const XmlNode *document =
        follow(cx, ofd, zip_name(ofd->zip, ofd->entry), xml_find_text(body, "DocRoot"), &entry);
    if (document == NULL) return ERR_OK;
    Slice name = zip_name(ofd->zip, entry);
    doc->entry = entry;
    doc->folder = folder_of(name);
    TRY(read_pages(cx, ofd, document, name, doc));
    const XmlNode *attachments =
        follow(cx, ofd, name, xml_find_text(document, "Attachments"), &list);
    TRY(list_files(cx, ofd, attachments, list, "Attachment", &doc->attachments,
                   &doc->attachment_count));
    const XmlNode *tags = follow(cx, ofd, name, xml_find_text(document, "CustomTags"), &list);
    return list_files(cx, ofd, tags, list, "CustomTag", &doc->tags, &doc->tag_count);
}

Err ofd_open(Cx *cx, Slice bytes, Ofd **ret_ofd, ZipTrouble *trouble)
{
    Zip *zip = NULL;
    TRY(zip_open(cx, bytes, &zip, trouble));
    return ofd_open_zip(cx, zip, ret_ofd, trouble);
}

Err ofd_open_zip(Cx *cx, Zip *zip, Ofd **ret_ofd, ZipTrouble *trouble)
{
    ZipTrouble ignored = ZIP_TROUBLE_NONE;
    if (trouble == NULL) trouble = &ignored;
    Ofd *ofd = arena_alloc(&cx->arena, sizeof *ofd);
    ofd->zip = zip;
    zip_enter(zip, SLICE("OFD.xml"));
    ofd->parsed = arena_alloc(&cx->arena, (zip_count(ofd->zip) + 1) * sizeof *ofd->parsed);
    size_t ignore = 0;
    ofd->is_encrypted = zip_find(ofd->zip, SLICE("Encryptions.xml"), &ignore) ||
                        zip_find(ofd->zip, SLICE("decryptseed.dat"), &ignore);
    if (!zip_find(ofd->zip, SLICE("OFD.xml"), &ofd->entry)) {
        if (!ofd->is_encrypted) return err_set(cx, ERR_MISSING, "a zip without OFD.xml");
        *trouble = ZIP_TROUBLE_ENCRYPTED;
        return err_set(cx, ERR_INPUT, "an encrypted OFD");
    }
    const XmlNode *root = NULL;
    Err err = ofd_xml(cx, ofd, ofd->entry, &root);
    if (err != ERR_OK) {
        *trouble = ofd->is_encrypted ? ZIP_TROUBLE_ENCRYPTED : ofd->trouble;
        return err;
    }
    size_t room = count_children(root, "DocBody");
    if (room > LIMIT_OFD_DOCUMENTS)
        return err_set(cx, ERR_LIMIT, "over %zu documents in one file", LIMIT_OFD_DOCUMENTS);
    ofd->docs = arena_try_array(&cx->arena, room + 1, sizeof *ofd->docs);
    if (ofd->docs == NULL) return err_set(cx, ERR_LIMIT, "too many documents in one file");
    for (const XmlNode *body = xml_child(root, "DocBody"); body != NULL && ofd->doc_count < room;
         body = xml_next(body, "DocBody"))
        TRY(read_doc(cx, ofd, body, &ofd->docs[ofd->doc_count++]));
    *ret_ofd = ofd;
    return ERR_OK;
}
