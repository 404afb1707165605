#include "crypto/jws.h"

#include "base/test.h"
#include "crypto/jws_fixture.h"

static Slice decoded(Cx *cx, const char *text)
{
    Slice bytes = SLICE("");
    EXPECT_OK(jws_decode(cx, slice_of(text), &bytes));
    return bytes;
}

#define CLAIMS                                                                                     \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV"  \
    "lfQ"

TEST("jws: the examples of RFC 7515, A.2 (RS256) and A.3 (ES256)")
{
    const JwsKey ec = {.is_ec = true,
                       .x = decoded(cx, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                       .y = decoded(cx, "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")};
    Slice signature =
        decoded(cx, "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApm"
                    "WQxfKTUJqPP3-Kg6NU1Q");
    Slice message = SLICE("eyJhbGciOiJFUzI1NiJ9." CLAIMS);
    EXPECT(jws_verify(JWS_ES256, &ec, message, signature));
    EXPECT(!jws_verify(JWS_ES256, &ec, SLICE("eyJhbGciOiJFUzI1NiJ8." CLAIMS), signature));
    const JwsKey rsa = {
        .n = decoded(cx,
                     "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS"
                     "2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb"
                     "_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtd"
                     "VMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2et"
                     "hFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
        .e = decoded(cx, "AQAB")};
    signature = decoded(
        cx, "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5Y"
            "Kt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6x"
            "BArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6"
            "BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I"
            "oypGlUPQGe77Rw");
    message = SLICE("eyJhbGciOiJSUzI1NiJ9." CLAIMS);
    EXPECT(jws_verify(JWS_RS256, &rsa, message, signature));
    EXPECT(!jws_verify(JWS_PS256, &rsa, message, signature));
    EXPECT(!jws_verify(JWS_ES256, &rsa, message, signature));
    EXPECT(!jws_verify(JWS_RS256, &ec, message, signature));
}

TEST("jws: each algorithm holds for its own key and message; one bit of either breaks it")
{
    for (int i = 0; i < JWS_ALGORITHM_COUNT; i++) {
        JwsFixture *fixture = jws_fixture_open((JwsAlgorithm)i);
        JwsKey key = jws_fixture_key(cx, fixture);
        Slice message = SLICE("head.claims"), signature = jws_fixture_sign(cx, fixture, message);
        EXPECT(jws_verify((JwsAlgorithm)i, &key, message, signature));
        EXPECT(!jws_verify((JwsAlgorithm)i, &key, SLICE("head.Claims"), signature));
        EXPECT(!jws_verify((JwsAlgorithm)i, &key, message,
                           slice_sub(signature, 0, signature.size - 1)));
        EXPECT(!jws_verify((JwsAlgorithm)i, &key, message, SLICE("")));
        Slice bent = SLICE("");
        EXPECT_OK(cx_copy(cx, signature, &bent));
        ((char *)(uintptr_t)bent.data)[bent.size / 2] ^= 1;
        EXPECT(!jws_verify((JwsAlgorithm)i, &key, message, bent));
        jws_fixture_close(fixture);
    }
}

TEST("jws: what is no good key verifies nothing")
{
    char zeros[1100] = {};
    const Slice small = {zeros, 128}, large = {zeros, 1025}, none = SLICE("");
    const JwsKey keys[] = {{.n = small, .e = SLICE("\3")},
                           {.n = large, .e = SLICE("\3")},
                           {.n = (Slice){zeros, 256}, .e = SLICE("\3")},
                           {.n = none, .e = none},
                           {.is_ec = true, .x = none, .y = none},
                           {.is_ec = true, .x = {zeros, 32}, .y = {zeros, 32}}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        EXPECT(!jws_verify(keys[i].is_ec ? JWS_ES256 : JWS_RS256, &keys[i], SLICE("m"),
                           (Slice){zeros, keys[i].is_ec ? 64 : 256}));
}

TEST("jws: algorithms by their registered names alone; none and secrets are none of them")
{
    JwsAlgorithm algorithm = JWS_RS256;
    EXPECT(jws_algorithm_of(SLICE("ES256"), &algorithm) && algorithm == JWS_ES256);
    const Slice others[] = {SLICE("none"),  SLICE("None"), SLICE("HS256"), SLICE("RS512"),
                            SLICE("rs256"), SLICE("RS25"), SLICE(""),      SLICE("RS256 ")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT(!jws_algorithm_of(others[i], &algorithm));
}

TEST("jws: base64url without padding, in one spelling")
{
    Slice bytes = SLICE("");
    EXPECT(slice_equal(jws_encode(cx, SLICE("\xff\xef\xfe?")), SLICE("_-_-Pw")));
    EXPECT(slice_equal(decoded(cx, "_-_-Pw"), SLICE("\xff\xef\xfe?")));
    const Slice bad[] = {SLICE("_-_-Pw=="), SLICE("+/8"), SLICE("_-_-Px"), SLICE("a"),
                         SLICE("a b")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(jws_decode(cx, bad[i], &bytes) == ERR_INPUT);
}
