#include "crypto/der.h"

#include "base/date.h"

#define LENGTH_BYTES_MAX 4

Err der_next(Cx *cx, Slice *rest, DerItem *ret_item)
{
    const uint8_t *bytes = (const uint8_t *)rest->data;
    if (rest->size < 2) return err_set(cx, ERR_INPUT, "DER ends inside a header");
    if ((bytes[0] & 0x1F) == 0x1F) return err_set(cx, ERR_INPUT, "DER tag of more than one byte");
    size_t head = 2, size = bytes[1];
    if (size >= 0x80) {
        size_t count = size & 0x7F;
        if (count == 0 || count > LENGTH_BYTES_MAX || rest->size < 2 + count)
            return err_set(cx, ERR_INPUT, "DER length 0x%02x", bytes[1]);
        size = 0;
        for (size_t i = 0; i < count; i++)
            size = size << 8 | bytes[2 + i];
        if (bytes[2] == 0 || size < 0x80)
            return err_set(cx, ERR_INPUT, "DER length is not the shortest");
        head += count;
    }
    if (size > rest->size - head)
        return err_set(cx, ERR_INPUT, "DER item of %zu bytes where %zu are left", size,
                       rest->size - head);
    *ret_item = (DerItem){
        .tag = bytes[0], .body = {rest->data + head, size}, .whole = {rest->data, head + size}};
    *rest = (Slice){rest->data + head + size, rest->size - head - size};
    return ERR_OK;
}

Err der_expect(Cx *cx, Slice *rest, uint8_t tag, DerItem *ret_item)
{
    if (rest->size > 0 && (uint8_t)rest->data[0] != tag)
        return err_set(cx, ERR_INPUT, "DER tag 0x%02x where 0x%02x belongs", (uint8_t)rest->data[0],
                       tag);
    return der_next(cx, rest, ret_item);
}

bool der_peek(Slice rest, uint8_t tag)
{
    return rest.size > 0 && (uint8_t)rest.data[0] == tag;
}

Err der_end(Cx *cx, Slice rest)
{
    return rest.size == 0 ? ERR_OK : err_set(cx, ERR_INPUT, "%zu bytes too many", rest.size);
}

Err der_number(Cx *cx, const DerItem *item, uint64_t *ret_number)
{
    const uint8_t *bytes = (const uint8_t *)item->body.data;
    size_t size = item->body.size;
    if (item->tag != DER_INTEGER || size == 0 || bytes[0] >= 0x80 || size > 9 ||
        (size > 1 && bytes[0] == 0 && bytes[1] < 0x80) || (size == 9 && bytes[0] != 0))
        return err_set(cx, ERR_INPUT, "no small DER integer");
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    *ret_number = number;
    return ERR_OK;
}

Err der_bits(Cx *cx, const DerItem *item, Slice *ret_bytes)
{
    const uint8_t *bytes = (const uint8_t *)item->body.data;
    size_t size = item->body.size;
    if (item->tag != DER_BIT_STRING || size == 0 || bytes[0] > 7 || (size == 1 && bytes[0] != 0) ||
        (bytes[size - 1] & ((1U << bytes[0]) - 1)) != 0)
        return err_set(cx, ERR_INPUT, "no DER bit string");
    *ret_bytes = (Slice){item->body.data + 1, size - 1};
    return ERR_OK;
}

// Two digits at `at`, which moves on; 255 (over every limit) when there are none.
static unsigned int two_digits(Slice text, size_t *at)
{
    Slice two = slice_sub(text, *at, 2);
    *at += 2;
    if (two.size != 2 || !slice_digits(two)) return 255;
    return (unsigned int)(two.data[0] - '0') * 10 + (unsigned int)(two.data[1] - '0');
}

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool is_date(unsigned int year, unsigned int month, unsigned int day)
{
    if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= month_days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

// A fraction of a second, which we don't need, and then Z, or nothing for China's time.
static bool read_zone(Slice tail, bool *ret_china)
{
    if (tail.size > 0 && tail.data[0] == '.') {
        size_t digits = 1;
        while (digits < tail.size && tail.data[digits] >= '0' && tail.data[digits] <= '9')
            digits++;
        if (digits == 1) return false;
        tail = slice_sub(tail, digits, tail.size);
    }
    *ret_china = slice_empty(tail) || slice_equal(tail, SLICE("+0800"));
    return *ret_china || slice_equal(tail, SLICE("Z"));
}

Err der_time(Cx *cx, const DerItem *item, uint64_t *ret_ms)
{
    Slice text = item->body;
    size_t at = 0;
    unsigned int year = two_digits(text, &at);
    // Seen: a GeneralizedTime with UTCTime's twelve digits. DER requires the seconds, so it can be
    // no other.
    bool short_year = item->tag == DER_UTC_TIME || !slice_digits(slice_sub(text, 0, 14));
    if (item->tag == DER_GENERALIZED_TIME && !short_year)
        year = year * 100 + two_digits(text, &at);
    else if (item->tag == DER_UTC_TIME || item->tag == DER_GENERALIZED_TIME)
        year += year < 50 ? 2000 : 1900; // RFC 5280 §4.1.2.5.1
    else
        return err_set(cx, ERR_INPUT, "DER tag 0x%02x is no time", item->tag);
    unsigned int month = two_digits(text, &at), day = two_digits(text, &at);
    unsigned int hour = two_digits(text, &at), minute = two_digits(text, &at);
    unsigned int second = two_digits(text, &at);
    bool china = false;
    if (!is_date(year, month, day) || hour > 23 || minute > 59 || second > 59 ||
        !read_zone(slice_sub(text, at, text.size), &china))
        return err_set(cx, ERR_INPUT, "no DER time");
    int32_t days = date_days((Date){(int16_t)year, (uint8_t)month, (uint8_t)day});
    if (days < 1) return err_set(cx, ERR_INPUT, "a time before 1970-01-02");
    uint64_t ms = (uint64_t)days * DATE_MS_PER_DAY +
                  ((uint64_t)hour * 3600 + (uint64_t)minute * 60 + second) * 1000;
    *ret_ms = china ? ms - DATE_CHINA_MS : ms;
    return ERR_OK;
}

bool der_is_oid(const DerItem *item, Slice encoded)
{
    return item->tag == DER_OID && slice_equal(item->body, encoded);
}
