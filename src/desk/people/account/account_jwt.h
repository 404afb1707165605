// ID tokens of OpenID Connect (Core 1.0 §2): a JSON Web Token in compact form
//   base64url(header) "." base64url(claims) "." base64url(signature)
// checked under the provider's JSON Web Key Set (RFC 7517), and what it must say (§3.1.3.7).
// Everything here comes from elsewhere: bounded, and refused when in doubt.
#pragma once
#include "base/cx.h"

#define ACCOUNT_JWT_SUBJECT_MAX ((size_t)255) // Core 1.0 §2
#define ACCOUNT_JWT_SKEW_MS     ((uint64_t)60'000)
#define ACCOUNT_JWT_OLD_MS      ((uint64_t)10 * 60 * 1000) // since it was issued

// ERR_DENIED with why: no such key, another algorithm than RS256, PS256, ES256, a signature that
// does not hold. *ret_claims is JSON, in the arena, and may still say anything.
Err account_jwt_open(Cx *cx, Slice token, Slice key_set, Slice *ret_claims);

typedef struct AccountJwtWanted {
    Slice issuer, client, nonce;
    uint64_t now_ms;
} AccountJwtWanted;
typedef struct AccountJwtClaims {
    Slice subject, mail, name; // "" when not said
    bool mail_verified;
    bool mfa; // `amr` says more than one factor (RFC 8176)
} AccountJwtClaims;
// ERR_DENIED "<claim>: …".
Err account_jwt_read(Cx *cx, Slice claims, const AccountJwtWanted *wanted,
                     AccountJwtClaims *ret_claims);
