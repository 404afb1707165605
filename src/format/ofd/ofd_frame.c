#include "format/ofd/ofd_frame.h"

int64_t ofd_frame_number(Slice number, int64_t unit)
{
    number = slice_trim(number);
    size_t at = 0;
    bool negative = at < number.size && number.data[at] == '-';
    at += negative || (at < number.size && number.data[at] == '+');
    int64_t value = 0, fraction = unit;
    bool point = false;
    for (; at < number.size; at++) {
        char c = number.data[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c == 'e' || c == 'E') break;
        if (c < '0' || c > '9') return 0;
        if (!point) {
            if (value < OFD_FAR_UM * 1000) value = value * 10 + (c - '0') * unit;
        } else {
            fraction /= 10;
            value += (c - '0') * fraction;
        }
    }
    if (at < number.size) {
        bool down = at + 1 < number.size && number.data[at + 1] == '-';
        uint64_t power = 0;
        size_t skip = at + 1 + (down || (at + 1 < number.size && number.data[at + 1] == '+'));
        if (!slice_u64(slice_sub(number, skip, SIZE_MAX), &power)) return 0;
        for (uint64_t i = 0; i < power && i < 20; i++)
            value = down ? value / 10 : value < OFD_FAR_UM * 1000 ? value * 10 : value;
    }
    if (value > OFD_FAR_UM * 1000) value = OFD_FAR_UM * 1000;
    return negative ? -value : value;
}

int32_t ofd_frame_clamped(int64_t um)
{
    return (int32_t)(um > OFD_FAR_UM ? OFD_FAR_UM : um < -OFD_FAR_UM ? -OFD_FAR_UM : um);
}

static bool parts_numbers(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

bool ofd_frame_next(Slice *rest, Slice *ret_number)
{
    size_t from = 0;
    while (from < rest->size && parts_numbers(rest->data[from]))
        from++;
    size_t to = from;
    while (to < rest->size && !parts_numbers(rest->data[to]))
        to++;
    *ret_number = slice_sub(*rest, from, to - from);
    *rest = slice_sub(*rest, to, SIZE_MAX);
    return to > from;
}

size_t ofd_frame_numbers(Slice text, int64_t unit, int64_t *values, size_t count)
{
    Slice number = {};
    size_t found = 0;
    while (found < count && ofd_frame_next(&text, &number))
        values[found++] = ofd_frame_number(number, unit);
    return found;
}

OfdFrame ofd_frame_of(const XmlNode *object)
{
    OfdFrame frame = {.matrix = {OFD_MICRO, 0, 0, OFD_MICRO, 0, 0}};
    (void)ofd_frame_numbers(xml_attr(object, "Boundary"), 1000, frame.box, 4);
    for (int i = 0; i < 4; i++)
        frame.box[i] = ofd_frame_clamped(frame.box[i]);
    int64_t matrix[6] = {};
    if (ofd_frame_numbers(xml_attr(object, "CTM"), OFD_MICRO, matrix, 6) < 6) return frame;
    frame.has_matrix = true;
    for (int i = 0; i < 4; i++)
        frame.matrix[i] = matrix[i] > 1000 * OFD_MICRO    ? 1000 * OFD_MICRO
                          : matrix[i] < -1000 * OFD_MICRO ? -1000 * OFD_MICRO
                                                          : matrix[i];
    frame.matrix[4] = ofd_frame_clamped(matrix[4] / 1000);
    frame.matrix[5] = ofd_frame_clamped(matrix[5] / 1000);
    return frame;
}

OfdPoint ofd_frame_point(const OfdFrame *frame, OfdPoint at)
{
    const int64_t *m = frame->matrix;
    int64_t x = (m[0] * at.x + m[2] * at.y) / OFD_MICRO,
            y = (m[1] * at.x + m[3] * at.y) / OFD_MICRO;
    return (OfdPoint){ofd_frame_clamped(frame->box[0] + x + m[4]),
                      ofd_frame_clamped(frame->box[1] + y + m[5])};
}
