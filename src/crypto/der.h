// Der: a strict reader of ASN.1 DER (ITU-T X.690 §10) over borrowed bytes.
//
//   byte 0    tag: class (2 bits), constructed (1 bit), number 0..30 (5 bits); 31 is refused
//   byte 1    length: 0x00..0x7F as it stands; 0x81..0x84: that many big-endian bytes follow, no
//             leading zero, and only where the short form does not do; 0x80 (indefinite) is refused
//   then      the body, wholly inside what is left
//
// So each sequence of items has one spelling: what is accepted re-encodes to the same bytes.
// Callers: crypto/, read/seal_ses. Nothing recurses here.
#pragma once
#include "base/cx.h"

#define DER_INTEGER          0x02
#define DER_BIT_STRING       0x03
#define DER_OCTET_STRING     0x04
#define DER_OID              0x06
#define DER_UTF8_STRING      0x0C
#define DER_IA5_STRING       0x16
#define DER_UTC_TIME         0x17
#define DER_GENERALIZED_TIME 0x18
#define DER_SEQUENCE         0x30
#define DER_SET              0x31
#define DER_CONTEXT_0        0xA0 // constructed [0]

typedef struct DerItem {
    uint8_t tag;
    Slice body;
    Slice whole; // header and body
} DerItem;

// The first item of *rest, which becomes what follows it. ERR_INPUT.
Err der_next(Cx *cx, Slice *rest, DerItem *ret_item);
// The same, but it must have this tag.
Err der_expect(Cx *cx, Slice *rest, uint8_t tag, DerItem *ret_item);
// Whether the next item has this tag; what is optional starts so.
bool der_peek(Slice rest, uint8_t tag);
// Nothing may be left.
Err der_end(Cx *cx, Slice rest);

// An INTEGER that is not negative and fits.
Err der_number(Cx *cx, const DerItem *item, uint64_t *ret_number);
// A BIT STRING's bytes. Some makers strip trailing zero bits, so unused bits are allowed when they
// are zero; whoever knows the right size appends the zero bytes that are missing.
Err der_bits(Cx *cx, const DerItem *item, Slice *ret_bytes);
// UTCTime or GeneralizedTime as UTC milliseconds. Makers of seals add fractions or leave out the
// zone: without one it is China's (+08:00).
Err der_time(Cx *cx, const DerItem *item, uint64_t *ret_ms);
bool der_is_oid(const DerItem *item, Slice encoded);
