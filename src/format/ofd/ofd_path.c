#include "format/ofd/ofd_path.h"

#define NUMBERS_MAX 7 // of one letter

typedef struct Hand {
    const OfdFrame *frame;
    OfdPath *path;
    size_t room, *left;
    OfdPoint now, begun; // of the object, not of the page
    bool drawing;        // an outline is begun
} Hand;

static const struct Letter {
    char name;
    unsigned numbers;
} letters[] = {{'M', 2}, {'S', 2}, {'L', 2}, {'Q', 4}, {'B', 6}, {'A', 7}, {'C', 0}};

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool parts_words(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

// A letter, or a number up to a blank or the letter that is run together with it.
static bool next_word(Slice *rest, Slice *ret_word)
{
    size_t from = 0;
    while (from < rest->size && parts_words(rest->data[from]))
        from++;
    size_t to = from;
    if (from < rest->size && is_letter(rest->data[from]))
        to++;
    else
        while (to < rest->size && !parts_words(rest->data[to]) &&
               (!is_letter(rest->data[to]) || rest->data[to] == 'e' || rest->data[to] == 'E'))
            to++;
    *ret_word = slice_sub(*rest, from, to - from);
    *rest = slice_sub(*rest, to, SIZE_MAX);
    return to > from;
}

static const struct Letter *letter_of(Slice word)
{
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (word.size == 1 && word.data[0] == letters[i].name) return &letters[i];
    return NULL;
}

static Err add(Cx *cx, Hand *hand, OfdStep step)
{
    OfdPath *path = hand->path;
    if (*hand->left == 0) return err_set(cx, ERR_LIMIT, "too many steps in the paths of a page");
    if (path->count == hand->room) {
        size_t room = hand->room == 0 ? 16 : hand->room * 2;
        OfdStep *steps = arena_try_array(&cx->arena, room, sizeof *steps);
        if (steps == NULL) return err_set(cx, ERR_LIMIT, "no room for the paths of a page");
        if (path->count > 0) memcpy(steps, path->steps, path->count * sizeof *steps);
        path->steps = steps;
        hand->room = room;
    }
    path->steps[path->count++] = step;
    path->outlines += step.kind == OFD_STEP_MOVE;
    (*hand->left)--;
    return ERR_OK;
}

static Err go(Cx *cx, Hand *hand, OfdStepKind kind, const OfdPoint *points, size_t count)
{
    OfdStep step = {.kind = kind};
    for (size_t i = 0; i < count; i++)
        step.at[i] = ofd_frame_point(hand->frame, points[i]);
    hand->now = points[count - 1];
    if (kind == OFD_STEP_MOVE) hand->begun = hand->now;
    hand->drawing = true;
    return add(cx, hand, step);
}

static int32_t part_way(int32_t from, int32_t to) // two thirds
{
    return (int32_t)(from + ((int64_t)to - from) * 2 / 3);
}

static Err take(Cx *cx, Hand *hand, char letter, const int64_t *n)
{
    OfdPoint at[3] = {};
    for (size_t i = 0; i < 3; i++)
        at[i] = (OfdPoint){ofd_frame_clamped(n[2 * i]), ofd_frame_clamped(n[2 * i + 1])};
    if (letter == 'M' || letter == 'S') return go(cx, hand, OFD_STEP_MOVE, at, 1);
    // What begins without a move begins where the one before was closed, or at the origin.
    if (!hand->drawing) TRY(go(cx, hand, OFD_STEP_MOVE, &hand->begun, 1));
    if (letter == 'L') return go(cx, hand, OFD_STEP_LINE, at, 1);
    if (letter == 'B') return go(cx, hand, OFD_STEP_CURVE, at, 3);
    if (letter == 'A') {
        at[0] = (OfdPoint){ofd_frame_clamped(n[5]), ofd_frame_clamped(n[6])};
        return go(cx, hand, OFD_STEP_LINE, at, 1);
    }
    if (letter == 'Q') {
        OfdPoint now = hand->now, pull = at[0], end = at[1];
        at[0] = (OfdPoint){part_way(now.x, pull.x), part_way(now.y, pull.y)};
        at[1] = (OfdPoint){part_way(end.x, pull.x), part_way(end.y, pull.y)};
        at[2] = end;
        return go(cx, hand, OFD_STEP_CURVE, at, 3);
    }
    hand->now = hand->begun;
    hand->drawing = false;
    return add(cx, hand, (OfdStep){.kind = OFD_STEP_CLOSE});
}

Err ofd_path_read(Cx *cx, const OfdFrame *frame, Slice data, size_t *steps_left, OfdPath *ret_path)
{
    OfdPath path = {};
    Hand hand = {.frame = frame, .path = &path, .left = steps_left};
    Slice word = {};
    while (next_word(&data, &word)) {
        const struct Letter *letter = letter_of(word);
        int64_t numbers[NUMBERS_MAX] = {};
        unsigned count = 0;
        if (letter == NULL) break;
        while (count < letter->numbers && next_word(&data, &word) && !is_letter(word.data[0]))
            numbers[count++] = ofd_frame_number(word, 1000);
        if (count < letter->numbers) break;
        TRY(take(cx, &hand, letter->name, numbers));
    }
    *ret_path = path;
    return ERR_OK;
}
