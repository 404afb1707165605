#include "model/reading.h"

#include "base/limits.h"

static const char *const media_names[MEDIA_COUNT] = {
    [MEDIA_UNKNOWN] = "unknown", [MEDIA_XML] = "xml",     [MEDIA_OFD] = "ofd",
    [MEDIA_PDF] = "pdf",         [MEDIA_IMAGE] = "image", [MEDIA_ZIP] = "zip",
};

const char *reading_media_name(Media media)
{
    unsigned index = (unsigned)media;
    return media_names[index < MEDIA_COUNT ? index : MEDIA_UNKNOWN];
}

bool reading_media_of(Slice name, Media *ret_media)
{
    for (unsigned i = 0; i < MEDIA_COUNT; i++) {
        if (!slice_equal(name, slice_of(media_names[i]))) continue;
        *ret_media = (Media)i;
        return true;
    }
    return false;
}

Err reading_add_draft(Cx *cx, Reading *reading, Draft **ret_draft)
{
    size_t count = reading->draft_count;
    if (count >= LIMIT_DRAFTS)
        return err_set(cx, ERR_LIMIT, "over %zu invoices in one document", LIMIT_DRAFTS);
    // Room doubles at powers of two. A draft's address changes when it does: fill one, then ask for
    // the next.
    if ((count & (count - 1)) == 0) {
        Draft *drafts = arena_try_array(&cx->arena, count == 0 ? 1 : count * 2, sizeof *drafts);
        if (drafts == NULL) return err_set(cx, ERR_LIMIT, "no room for %zu invoices", count + 1);
        if (count > 0) memcpy(drafts, reading->drafts, count * sizeof *drafts);
        reading->drafts = drafts;
    }
    reading->drafts[count] = (Draft){};
    reading->draft_count++;
    *ret_draft = &reading->drafts[count];
    return ERR_OK;
}
