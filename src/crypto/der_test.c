#include "crypto/der.h"

#include "base/test.h"

TEST("der: takes one item off the front and leaves the rest")
{
    Slice rest = SLICE("\x30\x03\x02\x01\x05\x04\x00");
    DerItem sequence, number, octets;
    uint64_t value = 0;
    EXPECT_OK(der_expect(cx, &rest, DER_SEQUENCE, &sequence));
    EXPECT(sequence.whole.size == 5 && sequence.body.size == 3 && rest.size == 2);
    Slice inner = sequence.body;
    EXPECT_OK(der_expect(cx, &inner, DER_INTEGER, &number));
    EXPECT_OK(der_number(cx, &number, &value));
    EXPECT_OK(der_end(cx, inner));
    EXPECT(value == 5 && der_peek(rest, DER_OCTET_STRING) && !der_peek(inner, DER_INTEGER));
    EXPECT(der_expect(cx, &rest, DER_INTEGER, &octets) == ERR_INPUT && rest.size == 2);
    EXPECT_OK(der_next(cx, &rest, &octets));
    EXPECT(octets.body.size == 0 && der_end(cx, SLICE("x")) == ERR_INPUT);
}

TEST("der: refuses every spelling but the one of DER")
{
    static const Slice cases[] = {
        SLICE(""),
        SLICE("\x30"),
        SLICE("\x30\x01"),                 // longer than what is left
        SLICE("\x30\x80\x00\x00"),         // indefinite
        SLICE("\x30\x81\x01\x00"),         // a long form where the short one does
        SLICE("\x30\x82\x00\x80\x00"),     // a leading zero
        SLICE("\x30\x85\x01\x01\x01\x01"), // five bytes of length
        SLICE("\x30\x84\xFF\xFF\xFF\xFF"),
        SLICE("\x1F\x81\x01\x00"), // a tag of several bytes
        SLICE("\x30\x82\x01"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DerItem item = {.tag = 77};
        Slice rest = cases[i];
        EXPECT(der_next(cx, &rest, &item) == ERR_INPUT);
        EXPECT(item.tag == 77 && slice_equal(rest, cases[i]));
    }
}

TEST("der: reads small integers and refuses negative, padded and great ones")
{
    static const struct {
        Slice body;
        Err err;
        uint64_t number;
    } cases[] = {
        {SLICE("\x00"), ERR_OK, 0},
        {SLICE("\x7F"), ERR_OK, 127},
        {SLICE("\x00\x80"), ERR_OK, 128},
        {SLICE("\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), ERR_OK, UINT64_MAX},
        {SLICE("\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), ERR_INPUT, 9},
        {SLICE("\x80"), ERR_INPUT, 9},
        {SLICE("\x00\x7F"), ERR_INPUT, 9},
        {SLICE(""), ERR_INPUT, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DerItem item = {.tag = DER_INTEGER, .body = cases[i].body};
        uint64_t number = 9;
        EXPECT(der_number(cx, &item, &number) == cases[i].err && number == cases[i].number);
    }
}

TEST("der: a bit string may end early in zero bits, never in others")
{
    static const struct {
        Slice body;
        Err err;
        size_t size;
    } cases[] = {
        {SLICE("\x00\xAB\xCD"), ERR_OK, 2}, {SLICE("\x07\x80"), ERR_OK, 1},
        {SLICE("\x00"), ERR_OK, 0},         {SLICE("\x07\x81"), ERR_INPUT, 9},
        {SLICE("\x08\x00"), ERR_INPUT, 9},  {SLICE("\x01"), ERR_INPUT, 9},
        {SLICE(""), ERR_INPUT, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DerItem item = {.tag = DER_BIT_STRING, .body = cases[i].body};
        Slice bytes = {"", 9};
        EXPECT(der_bits(cx, &item, &bytes) == cases[i].err && bytes.size == cases[i].size);
    }
}

TEST("der: reads the forms of time that seals and certificates carry")
{
    static const struct {
        uint8_t tag;
        Slice text;
        Err err;
        uint64_t ms;
    } cases[] = {
        {DER_GENERALIZED_TIME, SLICE("20201010071120Z"), ERR_OK, 1'602'313'880'000},
        {DER_GENERALIZED_TIME, SLICE("20201010151120"), ERR_OK, 1'602'313'880'000},
        {DER_GENERALIZED_TIME, SLICE("20201010151120+0800"), ERR_OK, 1'602'313'880'000},
        {DER_GENERALIZED_TIME, SLICE("20201010071120.302Z"), ERR_OK, 1'602'313'880'000},
        {DER_GENERALIZED_TIME, SLICE("201010071120Z"), ERR_OK, 1'602'313'880'000},
        {DER_UTC_TIME, SLICE("201010071120Z"), ERR_OK, 1'602'313'880'000},
        {DER_UTC_TIME, SLICE("991231235959Z"), ERR_OK, 946'684'799'000},
        {DER_GENERALIZED_TIME, SLICE("20200229000000Z"), ERR_OK, 1'582'934'400'000},
        {DER_GENERALIZED_TIME, SLICE("20210229000000Z"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201310071120Z"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201010241120Z"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201010071160Z"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201010071120Zx"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201010071120."), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("20201010071"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE("19691231000000Z"), ERR_INPUT, 0},
        {DER_GENERALIZED_TIME, SLICE(""), ERR_INPUT, 0},
        {DER_INTEGER, SLICE("20201010071120Z"), ERR_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DerItem item = {.tag = cases[i].tag, .body = cases[i].text};
        uint64_t ms = 0;
        EXPECT(der_time(cx, &item, &ms) == cases[i].err);
        EXPECT(ms == cases[i].ms);
    }
}
