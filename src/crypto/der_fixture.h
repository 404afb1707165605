// Der_fixture: writes DER for tests.
#pragma once
#include "crypto/der.h"

// tag, length and the parts, joined, in the arena. Parts with data NULL are left out.
Slice der_fixture_item(Cx *cx, uint8_t tag, const Slice *parts, size_t count);
#define DER_FIXTURE(cx, tag, ...)                                                                  \
    der_fixture_item(cx, tag, (const Slice[]){__VA_ARGS__},                                        \
                     sizeof((const Slice[]){__VA_ARGS__}) / sizeof(Slice))
// A BIT STRING without unused bits.
Slice der_fixture_bits(Cx *cx, Slice bytes);
