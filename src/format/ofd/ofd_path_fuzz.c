// Property: every outline begins with a move, all points lie on the page, and what was taken is
// what the count of steps went down by. What is written anew from the steps is read as the same
// steps again.
#include <assert.h>
#include <stdio.h>

#include "base/text.h"
#include "format/ofd/ofd_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS 4096

static void write_number(Text *text, int32_t um)
{
    int64_t whole = um < 0 ? -(int64_t)um : um;
    char digits[32];
    int size = snprintf(digits, sizeof digits, " %s%lld.%03lld", um < 0 ? "-" : "",
                        (long long)(whole / 1000), (long long)(whole % 1000));
    text_add(text, (Slice){digits, (size_t)size});
}

static Slice written(Cx *cx, const OfdPath *path)
{
    static const char letters[] = {[OFD_STEP_MOVE] = 'M',
                                   [OFD_STEP_LINE] = 'L',
                                   [OFD_STEP_CURVE] = 'B',
                                   [OFD_STEP_CLOSE] = 'C'};
    static const int points[] = {
        [OFD_STEP_MOVE] = 1, [OFD_STEP_LINE] = 1, [OFD_STEP_CURVE] = 3, [OFD_STEP_CLOSE] = 0};
    Text text = text_open(cx, (size_t)1 << 20);
    for (size_t i = 0; i < path->count; i++) {
        const OfdStep *step = &path->steps[i];
        text_byte(&text, letters[step->kind]);
        for (int k = 0; k < points[step->kind]; k++) {
            write_number(&text, step->at[k].x);
            write_number(&text, step->at[k].y);
        }
    }
    return text_so_far(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    OfdFrame frame = {.box = {5'000, -5'000, 0, 0}, .matrix = {OFD_MICRO, 0, 0, OFD_MICRO, 0, 0}};
    OfdPath path = {}, again = {};
    size_t left = STEPS;
    if (ofd_path_read(&cx, &frame, (Slice){(const char *)data, size}, &left, &path) == ERR_OK) {
        size_t moves = 0;
        assert(path.count == STEPS - left);
        for (size_t i = 0; i < path.count; i++) {
            moves += path.steps[i].kind == OFD_STEP_MOVE;
            assert(moves > 0);
            for (int k = 0; k < 3; k++)
                assert(path.steps[i].at[k].x <= OFD_FAR_UM && path.steps[i].at[k].y >= -OFD_FAR_UM);
        }
        assert(moves == path.outlines);
        frame.box[0] = frame.box[1] = 0;
        left = STEPS;
        assert(ofd_path_read(&cx, &frame, written(&cx, &path), &left, &again) == ERR_OK);
        assert(again.count == path.count);
        for (size_t i = 0; i < path.count; i++)
            assert(again.steps[i].kind == path.steps[i].kind &&
                   memcmp(again.steps[i].at, path.steps[i].at, sizeof path.steps[i].at) == 0);
    }
    cx_done(&cx);
    return 0;
}
