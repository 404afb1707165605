#include "read/seal_ofd.h"

#include <stdlib.h>

#include "base/test.h"
#include "read/seal_fixture.h"

#define AUTO_FIXTURE __attribute__((cleanup(seal_fixture_close))) SealFixture

// Entries that are unpacked already: a byte of any of them can be altered.
static SealBox box_of(Cx *cx, const ZipFixtureEntry *entries, size_t count)
{
    SealBox box = {.entries = arena_alloc(&cx->arena, count * sizeof(SealEntry)), .count = count};
    for (size_t i = 0; i < count; i++)
        box.entries[i] = (SealEntry){
            .name = slice_of(entries[i].name), .bytes = entries[i].bytes, .loaded = true};
    return box;
}

static SealAnswer check(Cx *cx, const ZipFixtureEntry *entries, size_t count)
{
    SealBox box = box_of(cx, entries, count);
    SealAnswer answer;
    EXPECT_OK(seal_ofd_check(cx, &box, SLICE(""), &answer));
    return answer;
}

static bool says(const SealAnswer *answer, const char *text)
{
    for (size_t i = 0; i < answer->seal.reason_count; i++)
        if (slice_find(answer->seal.reasons[i], slice_of(text)) != SLICE_NONE) return true;
    return false;
}

TEST("seal_ofd: each form of seal that makers write")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    static const struct {
        SealFixtureForm form;
        SealState state;
        const char *reason; // "" when there must be none
    } cases[] = {
        {{}, SEAL_VALID, ""},
        {{.raw_signature = true}, SEAL_VALID, ""},
        {{.list_digest = true}, SEAL_VALID, ""},
        {{.with_sequence = true}, SEAL_VALID, ""},
        {{.signed_data = true}, SEAL_VALID, ""},
        {{.version_1 = true}, SEAL_VALID, ""},
        {{.version_1 = true, .raw_signature = true}, SEAL_VALID, ""},
        {{.version_1 = true, .with_sequence = true}, SEAL_UNCHECKED, "第1版印章"},
        {{.version_1 = true, .time = "?"}, SEAL_VALID, ""}, // SignatureDateTime serves
        {{.method = "sm3"}, SEAL_VALID, ""},
        {{.method = "SHA256"}, SEAL_VALID, ""},
        {{.method = "MD5"}, SEAL_UNCHECKED, "摘要算法“MD5”"},
        {{.unlisted = true}, SEAL_BROKEN, "不在印章的证书列表中"},
        {{.time = "20210601080000"}, SEAL_VALID, ""},
        {{.time = "20190601000000Z"}, SEAL_BROKEN, "不在签章人证书的有效期内"},
        {{.time = "20240601000000Z"}, SEAL_BROKEN, "不在印章的有效期内"},
        {{.time = "20230601070000Z"}, SEAL_VALID, ""}, // China's time called UTC
        {{.time = "202106010000Z"}, SEAL_BROKEN, "格式已损坏"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
        seal_fixture_entries(cx, &fixture, &cases[i].form, entries);
        SealAnswer answer = check(cx, entries, SEAL_FIXTURE_ENTRIES);
        EXPECT(answer.seal.state == cases[i].state);
        EXPECT(cases[i].reason[0] == '\0' ? answer.seal.reason_count == 0
                                          : says(&answer, cases[i].reason));
        EXPECT(answer.seal.electronic_signature == cases[i].form.signed_data);
        EXPECT(answer.trusted_count == (cases[i].state == SEAL_VALID ? 3 : 0));
        EXPECT(slice_equal(answer.seal.signer,
                           cases[i].form.signed_data ? SLICE("某税务局证书") : SLICE("某税务局")) ||
               answer.seal.state != SEAL_VALID);
    }
}

TEST("seal_ofd: an altered, missing or undigested entry is told apart")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry whole[SEAL_FIXTURE_ENTRIES], entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, whole);

    memcpy(entries, whole, sizeof whole);
    entries[1].bytes = SLICE("<ofd:Page>合计 92.30</ofd:Page>");
    entries[2].bytes = SLICE("<eInvoice />");
    SealAnswer answer = check(cx, entries, SEAL_FIXTURE_ENTRIES);
    EXPECT(answer.seal.state == SEAL_BROKEN && answer.seal.reason_count == 2);
    EXPECT(says(&answer, "条目 Doc_0/Pages/Page_0/Content.xml 与签章不符"));
    EXPECT(says(&answer, "条目 Doc_0/Attachs/original_invoice.xml 与签章不符"));

    memcpy(entries, whole, sizeof whole);
    entries[2].name = "Doc_0/Attachs/other.xml";
    answer = check(cx, entries, SEAL_FIXTURE_ENTRIES);
    EXPECT(answer.seal.state == SEAL_BROKEN &&
           says(&answer, "条目 /Doc_0/Attachs/original_invoice.xml 不存在"));

    memcpy(entries, whole, sizeof whole);
    entries[3].bytes = SLICE("another picture");
    EXPECT(check(cx, entries, SEAL_FIXTURE_ENTRIES).seal.state == SEAL_VALID);

    memcpy(entries, whole, sizeof whole);
    entries[SEAL_FIXTURE_VALUE].name = "Doc_0/Signs/Sign_0/other.dat";
    answer = check(cx, entries, SEAL_FIXTURE_ENTRIES);
    EXPECT(answer.seal.state == SEAL_BROKEN && says(&answer, "SignedValue.dat"));
}

TEST("seal_ofd: a signature does not disappear because nothing points to it any more")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    entries[SEAL_FIXTURE_LIST].bytes = SLICE("<ofd:Signatures/>");
    EXPECT(check(cx, entries, SEAL_FIXTURE_ENTRIES).seal.state == SEAL_VALID);
    entries[0].bytes = SLICE("<OFD><DocBody/></OFD>"); // and OFD.xml was signed
    SealAnswer answer = check(cx, entries, SEAL_FIXTURE_ENTRIES);
    EXPECT(answer.seal.state == SEAL_BROKEN && says(&answer, "条目 OFD.xml"));
    // Without signature files there is none, whatever points to them.
    EXPECT(check(cx, entries, SEAL_FIXTURE_XML).seal.state == SEAL_ABSENT);
}

TEST("seal_ofd: a second signature counts too: one broken breaks all")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES + 2];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    entries[SEAL_FIXTURE_LIST].bytes =
        SLICE("<Signatures><Signature BaseLoc='/Doc_0/Signs/Sign_1/Signature.xml'/>"
              "<Signature BaseLoc='Sign_0/Signature.xml'/></Signatures>");
    entries[7] = entries[SEAL_FIXTURE_XML];
    entries[7].name = "Doc_0/Signs/Sign_1/Signature.xml";
    entries[8] = entries[SEAL_FIXTURE_VALUE];
    entries[8].name = "Doc_0/Signs/Sign_1/SignedValue.dat";
    EXPECT(check(cx, entries, SEAL_FIXTURE_ENTRIES + 2).seal.state == SEAL_VALID);
    entries[8].bytes = SLICE("0\x03\x02\x01\x04");
    EXPECT(check(cx, entries, SEAL_FIXTURE_ENTRIES + 2).seal.state == SEAL_BROKEN);
    entries[7].name = "Doc_0/Signs/Sign_2/Signature.xml";
    EXPECT(check(cx, entries, SEAL_FIXTURE_ENTRIES + 2).seal.state == SEAL_BROKEN);
}

// The bytes whose change must break a seal.
typedef struct Region {
    size_t entry, from, size;
} Region;

// The state after one byte of one entry was changed; digests that others hold are kept.
static SealState state_after(const SealBox *box, size_t entry, size_t at, int change)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    SealBox copy = *box;
    copy.entries = arena_alloc(&cx.arena, box->count * sizeof *copy.entries);
    memcpy(copy.entries, box->entries, box->count * sizeof *copy.entries);
    SealEntry *target = &copy.entries[entry];
    char *bytes = arena_alloc(&cx.arena, target->bytes.size);
    memcpy(bytes, target->bytes.data, target->bytes.size);
    bytes[at] = (char)(bytes[at] ^ change);
    target->bytes.data = bytes;
    target->digested[0] = target->digested[1] = false;
    SealAnswer answer;
    Err err = seal_ofd_check(&cx, &copy, SLICE(""), &answer);
    SealState state = err == ERR_OK ? answer.seal.state : SEAL_ABSENT;
    cx_done(&cx);
    return state;
}

// Where the signature value lies in SignedValue.dat: the bytes of the last BIT STRING or, in signed
// data, of the last OCTET STRING. The count of unused bits before it is no part of the value.
static Region value_region(const SealBox *box, size_t entry)
{
    Slice bytes = box->entries[entry].bytes;
    Region region = {.entry = entry, .from = 0, .size = 0};
    size_t size = bytes.size < 80 ? bytes.size : 80;
    for (size_t at = bytes.size - size; at + 2 < bytes.size; at++) {
        size_t left = bytes.size - at - 2;
        if ((uint8_t)bytes.data[at + 1] != left || left < 60) continue;
        if (bytes.data[at] == 0x03) region = (Region){entry, at + 3, left - 1};
        if (bytes.data[at] == 0x04) region = (Region){entry, at + 2, left};
        if (region.size > 0) break;
    }
    return region;
}

static bool ends_nocase(Slice name, const char *end)
{
    size_t size = strlen(end);
    return name.size >= size &&
           slice_equal_nocase(slice_sub(name, name.size - size, size), slice_of(end));
}

// Held entries as one long region, Signature.xml, the signature value.
static size_t regions_of(const SealBox *box, const SealAnswer *answer, Region *regions)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->trusted_count; i++)
        regions[count++] =
            (Region){answer->trusted[i], 0, box->entries[answer->trusted[i]].bytes.size};
    for (size_t i = 0; i < box->count; i++) {
        if (ends_nocase(box->entries[i].name, "/Signature.xml"))
            regions[count++] = (Region){i, 0, box->entries[i].bytes.size};
        if (ends_nocase(box->entries[i].name, "/SignedValue.dat"))
            regions[count++] = value_region(box, i);
    }
    return count;
}

TEST("seal_ofd: one changed bit anywhere in what a made seal holds breaks it")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    static const SealFixtureForm forms[] = {
        {}, {.raw_signature = true}, {.signed_data = true}, {.version_1 = true}};
    for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
        ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
        seal_fixture_entries(cx, &fixture, &forms[form], entries);
        SealBox box = box_of(cx, entries, SEAL_FIXTURE_ENTRIES);
        SealAnswer answer;
        EXPECT_OK(seal_ofd_check(cx, &box, SLICE(""), &answer));
        EXPECT(answer.seal.state == SEAL_VALID);
        Region regions[SEAL_FIXTURE_ENTRIES + 2];
        size_t count = regions_of(&box, &answer, regions);
        EXPECT(count == 5 && regions[4].size >= 64);
        for (size_t i = 0; i < count; i++)
            for (size_t at = 0; at < regions[i].size; at++)
                EXPECT(state_after(&box, regions[i].entry, regions[i].from + at, 1 << (at % 8)) ==
                       SEAL_BROKEN);
        // Nor does any change elsewhere in the signed value leave it valid, but for the counts of
        // unused bits, which are no part of the bits.
        size_t valid = 0;
        for (size_t at = 0; at < entries[SEAL_FIXTURE_VALUE].bytes.size; at++)
            valid += state_after(&box, SEAL_FIXTURE_VALUE, at, 0x10) == SEAL_VALID;
        EXPECT(valid == 0 || forms[form].signed_data);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t seed_of(Cx *cx)
{
    const char *set = getenv("FAPIAO_SEED");
    uint64_t seed = 0;
    if (set == NULL || !slice_u64(slice_of(set), &seed)) cx_random(cx, &seed, sizeof seed);
    seed |= 1;
    fprintf(stderr, "FAPIAO_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static Slice read_sample(Cx *cx, const char *folder, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/ofd/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) test_skip("a sample is not there");
    size_t room = (size_t)8 << 20;
    char *bytes = arena_alloc(&cx->arena, room);
    size_t size = fread(bytes, 1, room, file);
    (void)fclose(file);
    return (Slice){bytes, size};
}

static SealBox sample_box(Cx *cx, const char *folder, const char *name)
{
    Zip *zip = NULL;
    SealBox box;
    EXPECT_OK(zip_open(cx, read_sample(cx, folder, name), &zip, NULL));
    EXPECT_OK(seal_ofd_open(cx, zip, &box));
    return box;
}

TEST("seal_ofd: the real samples have the states that are known of them")
{
    static const struct {
        const char *name;
        SealState state;
        const char *text; // of the signer, or of a reason
    } cases[] = {
        {"ofdrw_v4signed_cq_10.ofd", SEAL_VALID, "国家税务总局重庆市税务局"},
        {"ofdjs_999_cq_10_list5p.ofd", SEAL_VALID, "国家税务总局重庆市税务局"},
        {"ofdrw_SignScaleError_zj_10_xbrl.ofd", SEAL_VALID, "浙江省"},
        {"ofdrw_signedFile_js_10_cha-e.ofd", SEAL_VALID, "国家税务总局江苏省税务局"},
        {"ofdrw_1_zj_10.ofd", SEAL_VALID, "国家税务总局浙江省税务局"},
        {"ofdrw_fapiaoshili_cq_10.ofd", SEAL_BROKEN, "条目 Doc_0/Document.xml 与签章不符"},
        {"ofdrw_no_page_container_sh_10.ofd", SEAL_ABSENT, ""},
        {"ofdrw_fptpl_cq_10_unsigned.ofd", SEAL_ABSENT, ""},
        {"ofdrw_20240531_shudian_31.ofd", SEAL_ABSENT, ""},
        {"itlabers_rail_sale_22119130671000000049.ofd", SEAL_VALID, "铁路电子客票"},
        {"itlabers_bker_02bca13d.ofd", SEAL_VALID, "客户回单专用章"},
        {"itlabers_bker_5149c9c0.ofd", SEAL_VALID, "电子回单专用章"}, // a negative number
        {"itlabers_bker_f67433cd.ofd", SEAL_VALID, "中国工商银行"},   // a shortened bit string
    };
    const char *folder = test_samples();
    if (folder == NULL) test_skip("no sample files");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SealBox box = sample_box(cx, folder, cases[i].name);
        SealAnswer answer;
        EXPECT_OK(seal_ofd_check(cx, &box, SLICE(""), &answer));
        EXPECT(answer.seal.state == cases[i].state);
        EXPECT(slice_find(answer.seal.signer, slice_of(cases[i].text)) != SLICE_NONE ||
               says(&answer, cases[i].text));
    }
}

#define FLIPS 2000 // positions a file

static void flip_sample(Cx *cx, const char *folder, const char *name, uint64_t *random)
{
    SealBox box = sample_box(cx, folder, name);
    SealAnswer answer;
    EXPECT_OK(seal_ofd_check(cx, &box, SLICE(""), &answer));
    EXPECT(answer.seal.state == SEAL_VALID);
    Region *regions = arena_alloc(&cx->arena, (box.count + 2) * sizeof *regions);
    size_t count = regions_of(&box, &answer, regions), total = 0;
    EXPECT(count >= 3 && regions[count - 1].size >= 60);
    for (size_t i = 0; i < count; i++)
        total += regions[i].size;
    for (uint64_t flip = 0; flip < test_fewer(FLIPS); flip++) {
        // Half of them anywhere, the rest in Signature.xml or the value, which are small.
        size_t i = count - 1 - (size_t)flip % 2, at = 0;
        uint64_t r = next_random(random);
        if (flip % 4 < 2) {
            at = r % total;
            for (i = 0; at >= regions[i].size; i++)
                at -= regions[i].size;
        } else {
            at = r % regions[i].size;
        }
        int change = 1 + (int)(next_random(random) % 255);
        EXPECT(state_after(&box, regions[i].entry, regions[i].from + at, change) == SEAL_BROKEN);
    }
}

TEST(
    "seal_ofd: a changed byte anywhere in what a real seal holds breaks it, 2,000 positions a file")
{
    static const char *const names[] = {"ofdrw_v4signed_cq_10.ofd",
                                        "ofdjs_999_cq_10_list5p.ofd",
                                        "ofdrw_SignScaleError_zj_10_xbrl.ofd",
                                        "ofdrw_signedFile_js_10_cha-e.ofd",
                                        "ofdrw_1_zj_10.ofd",
                                        "itlabers_rail_sale_22119130671000000049.ofd"};
    const char *folder = test_samples();
    if (folder == NULL) test_skip("no sample files");
    uint64_t random = seed_of(cx);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        flip_sample(cx, folder, names[i], &random);
}
