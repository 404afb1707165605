#include "commit/join.h"

#include "commit/commit_fixture.h"

#define DIGITAL "24442000000000000018"

TEST("join: what stands beside code and number is what stands alone")
{
    Store *store = fixture_store(cx, "join");
    Draft paper = {.code = SLICE("044001900104"),
                   .number = SLICE("12345678"),
                   .digital_number = SLICE(DIGITAL)};
    Draft alone = {.number = SLICE(DIGITAL)}, scanned = paper;
    scanned.digital_number = SLICE("");
    JoinIdentity both[JOIN_IDENTITIES_MAX], one[JOIN_IDENTITIES_MAX];
    size_t count = 0;
    EXPECT_OK(join_identities(cx, store, SLICE("local"), &paper, both, &count));
    EXPECT(count == 2);
    EXPECT_OK(join_identities(cx, store, SLICE("local"), &alone, one, &count));
    EXPECT(count == 1 && memcmp(&one[0].tag, &both[0].tag, sizeof one[0].tag) == 0);
    EXPECT_OK(join_identities(cx, store, SLICE("local"), &scanned, one, &count));
    EXPECT(count == 1 && memcmp(&one[0].tag, &both[1].tag, sizeof one[0].tag) == 0);
    EXPECT(slice_equal(both[0].scheme, SLICE("digital")));
    EXPECT(slice_equal(both[1].scheme, SLICE("vat")));
    scanned.digital_number = SLICE("2444"); // half a number is none
    EXPECT_OK(join_identities(cx, store, SLICE("local"), &scanned, one, &count));
    EXPECT(count == 1 && slice_equal(one[0].scheme, SLICE("vat")));
    store_close(store);
}

TEST("join: identity schemes by code, number and kind")
{
    Store *store = fixture_store(cx, "join");
    static const struct {
        const char *kind, *code, *number;
        Source source;
        size_t count;
        const char *schemes[2];
    } cases[] = {
        {"10", "011001900611", "12345678", SOURCE_XML, 1, {"vat"}},
        {"32", "", "24112000000048542163", SOURCE_QR, 1, {"digital"}},
        {"86", "011001900611", "24112000000048542163", SOURCE_XML, 2, {"digital", "vat"}},
        {"51", "", "Z123456", SOURCE_TEXT, 1, {"rail"}},
        {"61", "", "7841234567890", SOURCE_TEXT, 1, {"air"}},
        {"903", "", "12345678", SOURCE_TEXT, 1, {"other:903"}},
        {"10", "011001900611", "12345678", SOURCE_OCR, 0, {NULL}},
        {"10", "011001900611", "", SOURCE_NONE, 0, {NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.kind = slice_of(cases[i].kind),
                       .code = slice_of(cases[i].code),
                       .number = slice_of(cases[i].number)};
        draft.origins[DRAFT_NUMBER].source = cases[i].source;
        JoinIdentity identities[JOIN_IDENTITIES_MAX];
        size_t count = 9;
        EXPECT_OK(join_identities(cx, store, SLICE("local"), &draft, identities, &count));
        EXPECT(count == cases[i].count);
        for (size_t j = 0; j < count; j++)
            EXPECT(slice_equal(identities[j].scheme, slice_of(cases[i].schemes[j])));
    }
    store_close(store);
}

TEST("join: known key fields contradict, unknown ones are wildcards")
{
    static const Draft base = {.issue_date = {"2024-01-02", 10},
                               .amount = {"100.00", 6},
                               .tax = {"6.00", 4},
                               .total = {"106.00", 6},
                               .seller = {.tax_id = {"91A", 3}, .name = {"甲", 3}},
                               .buyer = {.tax_id = {"91B", 3}}};
    JoinFields a = join_fields(cx, &base);
    Draft other = base;
    other.seller.name = SLICE("乙"); // names are a finding, never a contradiction
    other.amount = other.tax = other.buyer.tax_id = other.issue_date = SLICE("");
    other.seller.tax_id = SLICE("91a");
    JoinFields b = join_fields(cx, &other);
    EXPECT(join_differs(&a, &b) == 0);
    other.total = SLICE("106.01");
    other.issue_date = SLICE("2024-01-03");
    other.buyer.tax_id = SLICE("91C");
    b = join_fields(cx, &other);
    unsigned differs = join_differs(&a, &b);
    EXPECT(slice_equal(join_names(cx, differs), SLICE("issue_date,total,buyer.tax_id")));
    EXPECT(differs == join_differs(&b, &a));
}
