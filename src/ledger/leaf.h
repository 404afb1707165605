// Leaf: one event as the ledger sees it, 154 bytes, and the commitments in it. Pure computation.
// Source: ledger design §1.5; RFC 6962 §2.1 for the leaf hash.
//
//   offset size
//      0     1  version, 1
//      1     1  type (LeafType)
//      2    16  tenant tag
//     18    32  subject (a document or an invoice), keyed: it tells nothing to who has no key
//     50    32  leaf hash of the subject's previous event, zeros first
//     82     8  time, ms since 1970-01-01 UTC, big-endian
//     90    32  SHA-256 commitment
//    122    32  SM3 commitment
#pragma once
#include "crypto/digest.h"

#define LEAF_SIZE            154
#define LEAF_TENANT_TAG_SIZE 16
#define LEAF_SALT_SIZE       32

// Numbers stand in leaves for ever and never change their meaning.
typedef enum LeafType {
    LEAF_FILLER = 0,
    LEAF_ISSUED = 1, // issued or accepted
    LEAF_VOIDED = 2,
    LEAF_REDDENED = 3,
    LEAF_CORRECTED = 4,
    LEAF_VERIFIED = 5,
    LEAF_ENTERED = 6,
    LEAF_ARCHIVED = 7,
    LEAF_ERASED = 8,
    LEAF_KEY_CHANGE = 9,
    LEAF_BACKUP = 10,
    LEAF_OTHER_HEAD = 11,
    LEAF_RECEIVED = 12,
    LEAF_CARRIER = 13,
    LEAF_CONFLICT = 14,
    LEAF_QUARANTINED = 15,
    LEAF_RELEASED = 16,
    LEAF_MERGED = 17,
    LEAF_UNPACKED = 18,
    LEAF_AUDITED = 19,
    LEAF_BOUND = 20,
    LEAF_TYPE_COUNT
} LeafType;

typedef struct Commitment {
    Digest sha256, sm3;
} Commitment;

typedef struct Leaf {
    LeafType type;
    uint8_t tenant_tag[LEAF_TENANT_TAG_SIZE];
    Digest subject;
    Digest previous; // leaf hash; zeros for a subject's first event
    uint64_t time_ms;
    Commitment commitment;
} Leaf;

typedef struct LeafBytes {
    uint8_t bytes[LEAF_SIZE];
} LeafBytes;

// SHA-256 and SM3 over "fapiao/commit/v1\n" || salt || canonical. The salt is random and fresh for
// every event: what an invoice says can be guessed, the salt can't.
Commitment leaf_commit(const uint8_t salt[static LEAF_SALT_SIZE], Slice canonical);
// The same of many at once, which costs less: each message is what is hashed, made by leaf_message.
void leaf_commit_all(const Slice *messages, size_t count, Commitment *ret_commitments);
// "fapiao/commit/v1\n" || salt || canonical, in the arena; salt and canonical bytes are its last
// LEAF_SALT_SIZE + canonical.size. ERR_LIMIT.
Err leaf_message(Cx *cx, const uint8_t salt[static LEAF_SALT_SIZE], Slice canonical,
                 Slice *ret_message);
// HMAC-SHA-256(log key, "fapiao/subject/v1\n" || id): the subject's name within one log.
Digest leaf_subject(Slice log_key, Slice id);
// The first 16 bytes of HMAC-SHA-256(log key, "fapiao/tenant/v1\n" || tenant).
void leaf_tenant_tag(Slice log_key, Slice tenant, uint8_t ret_tag[static LEAF_TENANT_TAG_SIZE]);
LeafBytes leaf_pack(const Leaf *leaf);
// false when the bytes are no leaf of version 1: wrong size, version or type.
bool leaf_unpack(Slice bytes, Leaf *ret_leaf);
// RFC 6962: SHA-256(0x00 || leaf).
Digest leaf_hash(const LeafBytes *leaf);
static inline Slice leaf_slice(const LeafBytes *leaf)
{
    return (Slice){(const char *)leaf->bytes, LEAF_SIZE};
}
