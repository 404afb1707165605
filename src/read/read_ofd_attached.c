#include "read/read_ofd_attached.h"

#include "read/read_einvoice.h"

static bool has(const size_t *entries, size_t count, size_t entry)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i] == entry) return true;
    return false;
}

// What the document names already as one of its parts.
static bool is_named(const Ofd *ofd, const OfdDoc *doc, size_t entry)
{
    if (entry == ofd->entry || entry == doc->entry) return true;
    if (has(doc->attachments, doc->attachment_count, entry)) return true;
    if (has(doc->tags, doc->tag_count, entry)) return true;
    for (size_t i = 0; i < doc->page_count; i++) {
        const OfdPage *page = &doc->pages[i];
        if (page->entry == entry || has(page->templates, page->template_count, entry)) return true;
    }
    return false;
}

static bool is_held(const SealAnswer *seal, size_t entry)
{
    for (size_t i = 0; seal != NULL && i < seal->trusted_count; i++)
        if (seal->trusted[i] == entry) return true;
    return seal == NULL;
}

static bool may_be(const Ofd *ofd, const OfdDoc *doc, size_t entry)
{
    static const Slice end = SLICE(".xml");
    Slice name = zip_name(ofd->zip, entry);
    if (name.size <= end.size || zip_is_folder(ofd->zip, entry)) return false;
    if (!slice_equal_nocase(slice_sub(name, name.size - end.size, end.size), end)) return false;
    return (ofd->doc_count == 1 || slice_starts(name, doc->folder)) && !is_named(ofd, doc, entry);
}

// Most parts of a package are none: their bytes say so without being parsed.
static bool is_einvoice(Cx *cx, Ofd *ofd, size_t entry)
{
    Slice bytes = {};
    const XmlNode *root = NULL;
    if (zip_read(cx, ofd->zip, entry, &bytes, NULL) != ERR_OK) return false;
    if (slice_find(bytes, SLICE("EInvoiceData")) == SLICE_NONE) return false;
    return ofd_xml(cx, ofd, entry, &root) == ERR_OK && read_einvoice_find(root) != NULL;
}

Err read_ofd_attached(Cx *cx, Ofd *ofd, const SealAnswer *seal, OfdDoc *doc)
{
    size_t found[16], count = 0;
    for (size_t i = 0; i < zip_count(ofd->zip) && count < sizeof found / sizeof found[0]; i++)
        if (is_held(seal, i) && may_be(ofd, doc, i) && is_einvoice(cx, ofd, i)) found[count++] = i;
    if (count == 0) return ERR_OK;
    size_t *all = arena_try_array(&cx->arena, doc->attachment_count + count, sizeof *all);
    if (all == NULL) return err_set(cx, ERR_LIMIT, "too many files in one document");
    for (size_t i = 0; i < doc->attachment_count; i++)
        all[i] = doc->attachments[i];
    for (size_t i = 0; i < count; i++)
        all[doc->attachment_count + i] = found[i];
    doc->attachments = all;
    doc->attachment_count += count;
    return ERR_OK;
}
