#include "ledger/leaf.h"

#include "crypto/sm3_lanes.h"

// Where each part begins; the header's table.
#define AT_TYPE       1
#define AT_TENANT_TAG 2
#define AT_SUBJECT    18
#define AT_PREVIOUS   50
#define AT_TIME       82
#define AT_SHA256     90
#define AT_SM3        122
#define LEAF_VERSION  1
#define COMMIT_ROOM   64 // commitments made at once

_Static_assert(AT_SM3 + DIGEST_SIZE == LEAF_SIZE, "the parts fill the leaf");

static const Slice purpose = SLICE("fapiao/commit/v1\n");

Commitment leaf_commit(const uint8_t salt[static LEAF_SALT_SIZE], Slice canonical)
{
    const Slice parts[] = {purpose, {(const char *)salt, LEAF_SALT_SIZE}, canonical};
    return (Commitment){.sha256 = digest_of_parts(DIGEST_SHA256, parts, 3),
                        .sm3 = digest_of_parts(DIGEST_SM3, parts, 3)};
}

Err leaf_message(Cx *cx, const uint8_t salt[static LEAF_SALT_SIZE], Slice canonical,
                 Slice *ret_message)
{
    size_t size = purpose.size + LEAF_SALT_SIZE + canonical.size;
    char *bytes = arena_try_alloc(&cx->arena, size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "the event does not fit in memory");
    memcpy(bytes, purpose.data, purpose.size);
    memcpy(bytes + purpose.size, salt, LEAF_SALT_SIZE);
    memcpy(bytes + purpose.size + LEAF_SALT_SIZE, canonical.data, canonical.size);
    *ret_message = (Slice){bytes, size};
    return ERR_OK;
}

void leaf_commit_all(const Slice *messages, size_t count, Commitment *ret_commitments)
{
    Digest sm3[COMMIT_ROOM];
    for (size_t from = 0; from < count; from += COMMIT_ROOM) {
        size_t some = count - from < COMMIT_ROOM ? count - from : COMMIT_ROOM;
        sm3_lanes_of(messages + from, some, sm3);
        for (size_t i = 0; i < some; i++)
            ret_commitments[from + i] =
                (Commitment){.sha256 = digest_of(DIGEST_SHA256, messages[from + i]), .sm3 = sm3[i]};
    }
}

Digest leaf_subject(Slice log_key, Slice id)
{
    return digest_hmac_sha256_parts(log_key, (Slice[]){SLICE("fapiao/subject/v1\n"), id}, 2);
}

void leaf_tenant_tag(Slice log_key, Slice tenant, uint8_t ret_tag[static LEAF_TENANT_TAG_SIZE])
{
    Digest digest =
        digest_hmac_sha256_parts(log_key, (Slice[]){SLICE("fapiao/tenant/v1\n"), tenant}, 2);
    memcpy(ret_tag, digest.bytes, LEAF_TENANT_TAG_SIZE);
}

LeafBytes leaf_pack(const Leaf *leaf)
{
    LeafBytes packed;
    uint8_t *bytes = packed.bytes;
    bytes[0] = LEAF_VERSION;
    bytes[AT_TYPE] = (uint8_t)leaf->type;
    memcpy(bytes + AT_TENANT_TAG, leaf->tenant_tag, LEAF_TENANT_TAG_SIZE);
    memcpy(bytes + AT_SUBJECT, leaf->subject.bytes, DIGEST_SIZE);
    memcpy(bytes + AT_PREVIOUS, leaf->previous.bytes, DIGEST_SIZE);
    for (size_t i = 0; i < 8; i++)
        bytes[AT_TIME + i] = (uint8_t)(leaf->time_ms >> (56 - 8 * i));
    memcpy(bytes + AT_SHA256, leaf->commitment.sha256.bytes, DIGEST_SIZE);
    memcpy(bytes + AT_SM3, leaf->commitment.sm3.bytes, DIGEST_SIZE);
    return packed;
}

bool leaf_unpack(Slice slice, Leaf *ret_leaf)
{
    const uint8_t *bytes = (const uint8_t *)slice.data;
    if (slice.size != LEAF_SIZE || bytes[0] != LEAF_VERSION || bytes[AT_TYPE] >= LEAF_TYPE_COUNT)
        return false;
    Leaf leaf = {.type = (LeafType)bytes[AT_TYPE]};
    memcpy(leaf.tenant_tag, bytes + AT_TENANT_TAG, LEAF_TENANT_TAG_SIZE);
    memcpy(leaf.subject.bytes, bytes + AT_SUBJECT, DIGEST_SIZE);
    memcpy(leaf.previous.bytes, bytes + AT_PREVIOUS, DIGEST_SIZE);
    for (size_t i = 0; i < 8; i++)
        leaf.time_ms = leaf.time_ms << 8 | bytes[AT_TIME + i];
    memcpy(leaf.commitment.sha256.bytes, bytes + AT_SHA256, DIGEST_SIZE);
    memcpy(leaf.commitment.sm3.bytes, bytes + AT_SM3, DIGEST_SIZE);
    *ret_leaf = leaf;
    return true;
}

Digest leaf_hash(const LeafBytes *leaf)
{
    return digest_of_parts(DIGEST_SHA256, (Slice[]){SLICE("\0"), leaf_slice(leaf)}, 2);
}
