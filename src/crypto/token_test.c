#include "crypto/token.h"

#include "base/test.h"

// Gives the bytes that it was told to, in order, and zeros behind.
typedef struct Script {
    World world;
    const uint8_t *bytes;
    size_t size, used;
} Script;

static void scripted(void *self, void *bytes, size_t size)
{
    Script *script = self;
    uint8_t *out = bytes;
    for (size_t i = 0; i < size; i++)
        out[i] = script->used < script->size ? script->bytes[script->used++] : 0;
}

static void begin(Cx *cx, Script *script, const void *bytes, size_t size)
{
    *script = (Script){.bytes = bytes, .size = size};
    script->world = *world_real();
    script->world.self = script;
    script->world.random = scripted;
    cx_init(cx, &script->world, (size_t)1 << 16);
}

TEST("token: 32 bytes in base64url, kept as their SHA-256")
{
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(0xFF - i * 3);
    Script script;
    Cx mine;
    begin(&mine, &script, bytes, sizeof bytes);
    Token token = token_new(&mine);
    // base64.urlsafe_b64encode of Python over the same bytes.
    EXPECT(strcmp(token.text, "__z59vPw7ern5OHe29jV0s_MycbDwL26t7SxrquopaI") == 0);
    Digest right = digest_of(DIGEST_SHA256, slice_of(token.text));
    EXPECT(digest_equal(&token.digest, &right));
    EXPECT(token_fits(&token.digest, slice_of(token.text)));
    cx_done(&mine);
}

TEST("token: no two alike; another one, or what is none, does not fit")
{
    Token one = token_new(cx), two = token_new(cx);
    EXPECT(strcmp(one.text, two.text) != 0 && !digest_equal(&one.digest, &two.digest));
    EXPECT(!token_fits(&one.digest, slice_of(two.text)));
    Digest digest = {"kept"};
    EXPECT(!token_digest(SLICE(""), &digest));
    EXPECT(!token_digest(slice_sub(slice_of(one.text), 0, TOKEN_TEXT_SIZE - 1), &digest));
    EXPECT(!token_digest(cx_printf(cx, "%s ", one.text), &digest));
    for (size_t i = 0; i < TOKEN_TEXT_SIZE; i++) {
        Token bad = one;
        bad.text[i] = '+';
        EXPECT(!token_digest(slice_of(bad.text), &digest));
        bad.text[i] = '\0';
        EXPECT(!token_digest((Slice){bad.text, TOKEN_TEXT_SIZE}, &digest));
    }
    EXPECT(strcmp((const char *)digest.bytes, "kept") == 0);
}

TEST("token: a short code has six digits; numbers past the last whole million are drawn again")
{
    // Little-endian: 4294000000 is the first that is thrown away, 4293999999 the last that is not.
    static const uint8_t bytes[] = {0x80, 0x3D, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                    0x7F, 0x3D, 0xF1, 0xFF, 0x07, 0x00, 0x00, 0x00};
    Script script;
    Cx mine;
    begin(&mine, &script, bytes, sizeof bytes);
    EXPECT(strcmp(token_code_new(&mine).text, "999999") == 0 && script.used == 12);
    EXPECT(strcmp(token_code_new(&mine).text, "000007") == 0);
    cx_done(&mine);
}

TEST("token: ten recovery codes, all different, in three groups of clear letters")
{
    TokenRecovery codes[TOKEN_RECOVERY_COUNT];
    token_recovery_new(cx, codes);
    for (size_t i = 0; i < TOKEN_RECOVERY_COUNT; i++) {
        EXPECT(strlen(codes[i].text) == TOKEN_RECOVERY_SIZE);
        for (size_t j = 0; j < TOKEN_RECOVERY_SIZE; j++)
            EXPECT((codes[i].text[j] == '-') == (j == 4 || j == 9));
        EXPECT(strpbrk(codes[i].text, "ilou") == NULL);
        for (size_t j = 0; j < i; j++)
            EXPECT(strcmp(codes[i].text, codes[j].text) != 0);
    }
}

TEST("token: a recovery code is known however it is typed, and belongs to one person and one key")
{
    Slice key = SLICE("0123456789abcdef0123456789abcdef"), about = SLICE("recovery\nmain\nli");
    Digest kept = token_keyed(key, about, SLICE("01ab-c0de-1xyz"));
    static const char *const same[] = {"01ABC0DE1XYZ", " o1ab code ixyz", "OLAB-CODE-LXYZ"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        Digest typed = token_keyed(key, about, slice_of(same[i]));
        EXPECT(digest_equal(&kept, &typed));
    }
    const struct {
        Slice key, about, code;
    } other[] = {
        {SLICE("1123456789abcdef0123456789abcdef"), about, SLICE("01ab-c0de-1xyz")},
        {key, SLICE("recovery\nmain\nwang"), SLICE("01ab-c0de-1xyz")},
        {key, about, SLICE("01ab-c0de-1xyy")},
        {key, about, SLICE("01ab-c0de-1xyz0")},
        {key, about, SLICE("")},
    };
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        Digest typed = token_keyed(other[i].key, other[i].about, other[i].code);
        EXPECT(!digest_equal(&kept, &typed));
    }
}
