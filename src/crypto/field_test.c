#include "crypto/field.h"

#include "base/test.h"

static const ProviderSuite policies[] = {PROVIDER_AES, PROVIDER_SM};
static const AeadKey root = {"root"};
static const FieldPlace phone = {"person", "phone", {"main", 4}, {"row 1", 5}};

TEST("field: opens where it was sealed and nowhere else, under either policy")
{
    Provider provider = provider_software(&root);
    for (size_t i = 0; i < 2; i++) {
        FieldKeys keys = {&provider, policies[i], 3};
        Slice sealed, again, plain;
        EXPECT_OK(field_seal(cx, &keys, &phone, SLICE("13800138000"), &sealed));
        EXPECT_OK(field_seal(cx, &keys, &phone, SLICE("13800138000"), &again));
        EXPECT(!slice_equal(sealed, again) && slice_find(sealed, SLICE("138001")) == SLICE_NONE);
        EXPECT(sealed.data[0] == (char)policies[i] && sealed.data[4] == 3);
        EXPECT(sealed.size <= 11 + FIELD_OVERHEAD_MAX);
        EXPECT_OK(field_open(cx, &keys, &phone, sealed, &plain));
        EXPECT(slice_equal(plain, SLICE("13800138000")));
        const FieldPlace elsewhere[] = {
            {"people", "phone", phone.tenant, phone.row},
            {"person", "mail", phone.tenant, phone.row},
            {"person", "phone", {"name", 4}, phone.row},
            {"person", "phone", phone.tenant, {"row 2", 5}},
            {"personp", "hone", phone.tenant, phone.row}, // the same letters, cut elsewhere
        };
        for (size_t k = 0; k < sizeof elsewhere / sizeof elsewhere[0]; k++)
            EXPECT(field_open(cx, &keys, &elsewhere[k], sealed, &plain) == ERR_CORRUPT);
    }
}

TEST("field: one bit anywhere, and nothing opens: policy and version are authenticated")
{
    Provider provider = provider_software(&root);
    for (size_t i = 0; i < 2; i++) {
        FieldKeys keys = {&provider, policies[i], 3};
        Slice sealed, plain;
        EXPECT_OK(field_seal(cx, &keys, &phone, SLICE("6222 0000"), &sealed));
        for (size_t bit = 0; bit < sealed.size * 8; bit++) {
            Slice copy;
            EXPECT_OK(cx_copy(cx, sealed, &copy));
            ((char *)(uintptr_t)copy.data)[bit / 8] ^= (char)(1 << bit % 8);
            EXPECT(field_open(cx, &keys, &phone, copy, &plain) == ERR_CORRUPT);
        }
        for (size_t size = 0; size < sealed.size; size++)
            EXPECT(field_open(cx, &keys, &phone, slice_sub(sealed, 0, size), &plain) ==
                   ERR_CORRUPT);
    }
}

TEST("field: old versions and the other policy still open, and are said to be old")
{
    Provider provider = provider_software(&root);
    FieldKeys before = {&provider, PROVIDER_AES, 1}, now = {&provider, PROVIDER_SM, 2};
    Slice old, fresh, plain;
    EXPECT_OK(field_seal(cx, &before, &phone, SLICE("x"), &old));
    EXPECT_OK(field_seal(cx, &now, &phone, SLICE("y"), &fresh));
    EXPECT(field_is_old(&now, old) && !field_is_old(&now, fresh) && !field_is_old(&before, old));
    EXPECT_OK(field_open(cx, &now, &phone, old, &plain));
    EXPECT(slice_equal(plain, SLICE("x")));
    // A key that this folder does not have yet.
    EXPECT(field_open(cx, &before, &phone, fresh, &plain) == ERR_CORRUPT);
}

TEST("field: nothing, and as much as may be; more is refused")
{
    Provider provider = provider_software(&root);
    FieldKeys keys = {&provider, PROVIDER_SM, 1};
    char *text = arena_alloc(&cx->arena, FIELD_PLAIN_MAX + 1);
    memset(text, 'x', FIELD_PLAIN_MAX + 1);
    Slice sealed, plain;
    EXPECT_OK(field_seal(cx, &keys, &phone, SLICE(""), &sealed));
    EXPECT_OK(field_open(cx, &keys, &phone, sealed, &plain));
    EXPECT(plain.size == 0);
    EXPECT_OK(field_seal(cx, &keys, &phone, (Slice){text, FIELD_PLAIN_MAX}, &sealed));
    EXPECT_OK(field_open(cx, &keys, &phone, sealed, &plain));
    EXPECT(plain.size == FIELD_PLAIN_MAX);
    EXPECT(field_seal(cx, &keys, &phone, (Slice){text, FIELD_PLAIN_MAX + 1}, &sealed) == ERR_LIMIT);
}

TEST("field: spellings of one value have one index; columns, tenants and policies have their own")
{
    Provider provider = provider_software(&root);
    for (size_t i = 0; i < 2; i++) {
        FieldKeys keys = {&provider, policies[i], 1}, later = {&provider, policies[i], 9};
        static const char *const spellings[] = {"13800138000", "+86 138-0013-8000",
                                                "0086 138 0013 8000", " 138 0013 8000 "};
        FieldIndex one, other;
        EXPECT_OK(field_index(cx, &keys, &phone, FIELD_KIND_PHONE, slice_of(spellings[0]), &one));
        for (size_t k = 1; k < 4; k++) {
            EXPECT_OK(
                field_index(cx, &later, &phone, FIELD_KIND_PHONE, slice_of(spellings[k]), &other));
            EXPECT(memcmp(&one, &other, sizeof one) == 0);
        }
        EXPECT_OK(field_index(cx, &keys, &phone, FIELD_KIND_PHONE, SLICE("13800138001"), &other));
        EXPECT(memcmp(&one, &other, sizeof one) != 0);
        const FieldPlace elsewhere[] = {
            {"person", "fax", phone.tenant, phone.row},
            {"invoice", "phone", phone.tenant, phone.row},
            {"person", "phone", {"other", 5}, phone.row},
        };
        for (size_t k = 0; k < 3; k++) {
            EXPECT_OK(field_index(cx, &keys, &elsewhere[k], FIELD_KIND_PHONE, SLICE("13800138000"),
                                  &other));
            EXPECT(memcmp(&one, &other, sizeof one) != 0);
        }
        FieldKeys switched = {&provider, policies[1 - i], 1};
        EXPECT_OK(
            field_index(cx, &switched, &phone, FIELD_KIND_PHONE, SLICE("13800138000"), &other));
        EXPECT(memcmp(&one, &other, sizeof one) != 0);
    }
}

TEST("field: what is compared")
{
    static const struct {
        FieldKind kind;
        const char *value, *normal;
    } cases[] = {
        {FIELD_KIND_PHONE, "+8610-6655 1234", "1066551234"},
        {FIELD_KIND_PHONE, "8613800138000",
         "8613800138000"}, // no plus: it may be a number of its own
        {FIELD_KIND_PHONE, "", ""},
        {FIELD_KIND_MAIL, " Li.Wei@Example.COM\n", "li.wei@example.com"},
        {FIELD_KIND_ACCOUNT, "6222 0212-3456 789A", "622202123456789A"},
        {FIELD_KIND_TEXT, " As It Is ", " As It Is "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(field_normal(cx, cases[i].kind, slice_of(cases[i].value)),
                           slice_of(cases[i].normal)));
}

// A device that keeps its keys: what it hands out is the number of one, and it counts what is asked
// of it. Inside it is the software again, under a root that nobody else has.
typedef struct Device {
    Provider inside;
    ProviderKey keys[8];
    size_t count, seals, opens, macs;
    bool away;
} Device;

static Err device_derive(Cx *cx, const void *self, ProviderSuite suite, Slice name,
                         ProviderKey *ret_key)
{
    Device *device = (Device *)(uintptr_t)self;
    if (device->away) return err_set(cx, ERR_STORE, "the device does not answer");
    uint8_t slot = (uint8_t)(device->count++ % 8);
    *ret_key = (ProviderKey){.bytes = {'h', 's', 'm', slot}};
    return device->inside.derive(cx, device->inside.self, suite, name, &device->keys[slot]);
}

static Err device_seal(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                       Slice about, Slice plain, Slice *ret_sealed)
{
    Device *device = (Device *)(uintptr_t)self;
    device->seals++;
    return device->inside.seal(cx, device->inside.self, suite, &device->keys[key->bytes[3]], about,
                               plain, ret_sealed);
}

static Err device_open(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                       Slice about, Slice sealed, Slice *ret_plain)
{
    Device *device = (Device *)(uintptr_t)self;
    device->opens++;
    return device->inside.open(cx, device->inside.self, suite, &device->keys[key->bytes[3]], about,
                               sealed, ret_plain);
}

static Err device_mac(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                      Slice message, Digest *ret_mac)
{
    Device *device = (Device *)(uintptr_t)self;
    device->macs++;
    return device->inside.mac(cx, device->inside.self, suite, &device->keys[key->bytes[3]], message,
                              ret_mac);
}

TEST("field: a device takes the place of the software, and no key leaves it")
{
    static const AeadKey secret = {"inside the device"};
    Device device = {.inside = provider_software(&secret)};
    Provider plugged = {.name = "device",
                        .self = &device,
                        .derive = device_derive,
                        .seal = device_seal,
                        .open = device_open,
                        .mac = device_mac};
    FieldKeys keys = {&plugged, PROVIDER_SM, 1};
    Slice sealed, plain;
    FieldIndex index;
    EXPECT_OK(field_seal(cx, &keys, &phone, SLICE("13800138000"), &sealed));
    EXPECT_OK(field_open(cx, &keys, &phone, sealed, &plain));
    EXPECT(slice_equal(plain, SLICE("13800138000")));
    EXPECT_OK(field_index(cx, &keys, &phone, FIELD_KIND_PHONE, plain, &index));
    EXPECT(device.seals == 1 && device.opens == 1 && device.macs == 1 && device.count == 3);

    Provider software = provider_software(&root);
    FieldKeys ours = {&software, PROVIDER_SM, 1};
    EXPECT(field_open(cx, &ours, &phone, sealed, &plain) == ERR_CORRUPT);
    device.away = true;
    EXPECT(field_open(cx, &keys, &phone, sealed, &plain) == ERR_STORE);
}
