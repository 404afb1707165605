#include "format/ofd/ofd_text.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "format/ofd/ofd_frame.h"

#define SIZE_UM 3175   // 9 points, where a TextObject gives none
#define BOX_UM  90'000 // no column of a table is as wide

int32_t ofd_text_micrometres(Slice number)
{
    return ofd_frame_clamped(ofd_frame_number(number, 1000));
}

// Sum of the first `steps` numbers of a DeltaX: "3.175 g 4 1.5875 3.175". Writers may give more
// numbers than there are characters.
static int64_t delta_sum(Slice deltas, size_t steps)
{
    Slice number = {};
    int64_t sum = 0;
    while (steps > 0 && ofd_frame_next(&deltas, &number)) {
        uint64_t times = 1;
        if (slice_equal(number, SLICE("g"))) {
            Slice count = {};
            if (!ofd_frame_next(&deltas, &count) || !slice_u64(count, &times)) break;
            if (!ofd_frame_next(&deltas, &number)) break;
        }
        if (times > steps) times = steps;
        steps -= times;
        sum = ofd_frame_clamped(sum + ofd_frame_clamped(ofd_frame_number(number, 1000)) *
                                          (int64_t)(times > 10'000 ? 10'000 : times));
    }
    return sum;
}

static size_t count_characters(Slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

// Half a size for ASCII, a whole one for the rest: what the fonts of invoices do, nearly.
static int64_t natural_width(Slice text, int64_t size_um)
{
    int64_t halves = 0;
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_head(text, &point);
        halves += size <= 1 ? 1 : 2;
        text = slice_sub(text, size == 0 ? 1 : size, SIZE_MAX);
    }
    int64_t width = halves < 20'000 ? halves * size_um / 2 : OFD_FAR_UM;
    return width > OFD_FAR_UM ? OFD_FAR_UM : width;
}

typedef struct Frame { // one TextObject
    OfdFrame own;
    int64_t size_um;
    uint64_t id;
} Frame;

static Frame frame_of(const XmlNode *object)
{
    Frame frame = {.own = ofd_frame_of(object)};
    frame.size_um = ofd_text_micrometres(xml_attr(object, "Size"));
    if (frame.size_um <= 0) frame.size_um = SIZE_UM;
    (void)slice_u64(xml_attr(object, "ID"), &frame.id);
    return frame;
}

static void place(const Frame *frame, const XmlNode *code, int64_t x, int64_t y, OfdText *item)
{
    const int64_t *m = frame->own.matrix;
    size_t steps = count_characters(item->text) - (item->text.size > 0);
    bool stepped = steps > 0 && xml_has_attr(code, "DeltaX");
    int64_t width = stepped ? delta_sum(xml_attr(code, "DeltaX"), steps) + frame->size_um / 2
                            : natural_width(item->text, frame->size_um);
    int64_t down = delta_sum(xml_attr(code, "DeltaY"), steps);
    int64_t at_x = frame->own.box[0] + (m[0] * x + m[2] * y) / OFD_MICRO + m[4];
    item->x1 = ofd_frame_clamped(at_x);
    item->x2 = ofd_frame_clamped(at_x + m[0] * width / OFD_MICRO);
    item->y = ofd_frame_clamped(frame->own.box[1] + (m[1] * x + m[3] * y) / OFD_MICRO + m[5]);
    item->vertical = down > frame->size_um / 2 && (!stepped || width < down);
    item->left = ofd_frame_clamped(frame->own.box[0]);
    item->right = ofd_frame_clamped(frame->own.box[0] + frame->own.box[2]);
    // A box that is smaller than its text, turned inside out, or half a page, says nothing.
    int32_t box = item->right - item->left;
    if (box < item->x2 - item->x1 || box > BOX_UM || item->vertical) {
        item->left = item->x1;
        item->right = item->x2;
    }
}

typedef struct Gather {
    OfdTexts *texts;
    size_t room, page, entry;
    bool template;
} Gather;

// A space at the end of a piece parts the words of a text that goes on in the next one. What stands
// around a line break is how the file is laid out, and no part of the text.
static Slice with_blanks(Slice whole, Slice text)
{
    size_t from = (size_t)(text.data - whole.data), end = from + text.size;
    Slice before = slice_sub(whole, 0, from), behind = slice_sub(whole, end, SIZE_MAX);
    bool first = slice_ends(before, SLICE(" ")) && slice_find(before, SLICE("\n")) == SLICE_NONE;
    bool last = slice_starts(behind, SLICE(" ")) && slice_find(behind, SLICE("\n")) == SLICE_NONE;
    return slice_sub(whole, from - first, text.size + first + last);
}

static Err add_object(Cx *cx, Gather *gather, const XmlNode *object)
{
    Frame frame = frame_of(object);
    int64_t x = 0, y = 0; // a TextCode without X or Y goes on from the one before
    for (const XmlNode *code = xml_child(object, "TextCode"); code != NULL;
         code = xml_next(code, "TextCode")) {
        if (xml_has_attr(code, "X")) x = ofd_text_micrometres(xml_attr(code, "X"));
        if (xml_has_attr(code, "Y")) y = ofd_text_micrometres(xml_attr(code, "Y"));
        Slice text = xml_text(code);
        if (slice_empty(text)) continue;
        OfdTexts *texts = gather->texts;
        if (texts->count == LIMIT_OFD_TEXTS)
            return err_set(cx, ERR_LIMIT, "over %zu pieces of text", LIMIT_OFD_TEXTS);
        if (texts->count == gather->room) {
            size_t room = gather->room == 0 ? 128 : gather->room * 2;
            OfdText *items = arena_try_array(&cx->arena, room, sizeof *items);
            if (items == NULL) return err_set(cx, ERR_LIMIT, "no room for the text of the pages");
            if (texts->count > 0) memcpy(items, texts->items, texts->count * sizeof *items);
            texts->items = items;
            gather->room = room;
        }
        OfdText *item = &texts->items[texts->count++];
        *item = (OfdText){.id = frame.id,
                          .page = gather->page,
                          .entry = gather->entry,
                          .template = gather->template,
                          .text = text,
                          .raw = with_blanks(code->text, text)};
        place(&frame, code, x, y, item);
    }
    return ERR_OK;
}

static Err add_content(Cx *cx, Ofd *ofd, Gather *gather, size_t entry)
{
    const XmlNode *root = NULL;
    Err err = ofd_xml(cx, ofd, entry, &root);
    if (err == ERR_LIMIT) return err;
    if (err != ERR_OK) return ERR_OK; // counted in ofd->damaged
    gather->entry = entry;
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        if (xml_named(at, "TextObject")) TRY(add_object(cx, gather, at));
        if (xml_named(at, "ImageObject") && !gather->template) gather->texts->images++;
    }
    return ERR_OK;
}

Err ofd_text_read(Cx *cx, Ofd *ofd, const OfdDoc *doc, OfdTexts *ret_texts)
{
    OfdTexts texts = {};
    Gather gather = {.texts = &texts};
    for (size_t i = 0; i < doc->page_count; i++) {
        const OfdPage *page = &doc->pages[i];
        gather.page = i;
        gather.template = true;
        for (size_t t = 0; t < page->template_count; t++)
            TRY(add_content(cx, ofd, &gather, page->templates[t]));
        gather.template = false;
        TRY(add_content(cx, ofd, &gather, page->entry));
    }
    *ret_texts = texts;
    return ERR_OK;
}
