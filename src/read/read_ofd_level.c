// How far values are off is what most labels agree on, of all that stands right of each within a
// row's distance. A row too far is no answer: the first label has no value above it, and the last
// none below.
#include "read/read_ofd_level.h"

#include <stdlib.h>

#include "read/read_ofd_label.h"

#define FAR_UM     3500   // looked so far above and below a label
#define MOST_UM    1800   // what is off by more is another row's
#define LEAST_UM   400    // less is as fonts differ
#define ALIKE_UM   300    // two that are off by the same
#define RIGHT_UM   25'000 // from a label to its value
#define LEFT_UM    600    // a value may begin so far in its label
#define PLACES_MAX 64     // labels looked at on a page; a form has some twenty
#define OFF_MAX    256    // values
#define VOTES_MIN  4      // labels that must agree

typedef struct Place {
    int32_t x1, x2, y; // of the label
    int32_t right;     // where its value has ended
} Place;

typedef struct Off {
    size_t place;
    int32_t down;
} Off;

typedef struct Form {
    Place places[PLACES_MAX];
    Off offs[OFF_MAX]; // by place
    size_t place_count, off_count;
} Form;

static void add_off(Form *form, size_t place, int32_t down)
{
    if (form->off_count < OFF_MAX) form->offs[form->off_count++] = (Off){place, down};
}

static bool is_in_label(const Form *form, const OfdText *piece)
{
    for (size_t i = 0; i < form->place_count; i++) {
        const Place *place = &form->places[i];
        if (piece->x1 >= place->x1 && piece->x1 < place->x2 && abs(piece->y - place->y) < ALIKE_UM)
            return true;
    }
    return false;
}

// The labels of a row whose values stand somewhere right of them. One that shares its piece with
// its value says that nothing is off.
static void find_places(const Row *row, Form *form)
{
    for (size_t at = 0, next = 0; at < row->folded.size; at = next) {
        const OfdLabel *label = read_ofd_label_at(row, at);
        size_t end = label == NULL ? 0 : at + label->word.size;
        next = read_ofd_label_next(row, label == NULL ? at + 1 : end);
        if (label == NULL || form->place_count == PLACES_MAX) continue;
        const OfdText *last = read_ofd_rows_piece(row, end - 1);
        bool shared = end < row->folded.size && read_ofd_rows_piece(row, end) == last;
        int32_t right = next < row->folded.size ? read_ofd_rows_x(row, next) : INT32_MAX;
        if (right > last->x2 + RIGHT_UM) right = last->x2 + RIGHT_UM;
        form->places[form->place_count++] =
            (Place){read_ofd_rows_x(row, at), last->x2, last->y, shared ? 0 : right};
        if (shared && row->folded.data[end] != ':') add_off(form, form->place_count - 1, 0);
    }
}

static void find_offs(const Rows *rows, Form *form)
{
    for (size_t i = 0; i < form->place_count; i++) {
        const Place *place = &form->places[i];
        for (size_t r = 0; r < rows->count; r++) {
            const Row *row = &rows->items[r];
            if (abs(row->y - place->y) > 2 * FAR_UM) continue;
            for (size_t p = 0; p < row->count; p++) {
                const OfdText *piece = row->pieces[p];
                bool right = piece->x1 >= place->x2 - LEFT_UM && piece->x1 < place->right;
                int32_t down = piece->y - place->y;
                if (!piece->template && right && abs(down) <= FAR_UM) add_off(form, i, down);
            }
        }
    }
}

// How many labels have a value that is off by so much.
static size_t votes(const Form *form, int32_t down)
{
    size_t count = 0, last = SIZE_MAX;
    for (size_t i = 0; i < form->off_count; i++) {
        if (form->offs[i].place == last || abs(form->offs[i].down - down) > ALIKE_UM) continue;
        last = form->offs[i].place;
        count++;
    }
    return count;
}

// 0 when they are where they should be, or nobody knows.
static int32_t most_agree(const Form *form)
{
    size_t best = 0, asked = 0;
    int32_t down = 0;
    for (size_t i = 0; i < form->off_count; i++) {
        const Off *off = &form->offs[i];
        size_t found = votes(form, off->down);
        asked += i == 0 || off->place != form->offs[i - 1].place;
        if (found < best || (found == best && abs(off->down) >= abs(down))) continue;
        best = found;
        down = off->down;
    }
    bool off = abs(down) >= LEAST_UM && abs(down) <= MOST_UM;
    return off && best >= VOTES_MIN && best * 2 > asked ? down : 0;
}

static Err level_page(Cx *cx, const OfdTexts *texts, size_t page)
{
    Rows rows = {};
    Form form = {};
    TRY(read_ofd_rows_of_page(cx, texts, page, &rows));
    for (size_t i = 0; i < rows.count; i++)
        find_places(&rows.items[i], &form);
    find_offs(&rows, &form);
    int32_t down = most_agree(&form);
    for (size_t i = 0; i < texts->count && down != 0; i++) {
        OfdText *text = &texts->items[i];
        bool value = text->page == page && !text->template && !text->vertical;
        if (value && !is_in_label(&form, text)) text->y -= down;
    }
    return ERR_OK;
}

Err read_ofd_level(Cx *cx, const OfdTexts *texts, size_t page_count)
{
    for (size_t page = 0; page < page_count; page++)
        TRY(level_page(cx, texts, page));
    return ERR_OK;
}
