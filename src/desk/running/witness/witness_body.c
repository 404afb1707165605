#include "desk/running/witness/witness_body.h"

#include <assert.h>
#include <inttypes.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"

#define OLD SLICE("old ")

Err witness_body_print(Cx *cx, const WitnessBody *body, Slice *ret_bytes)
{
    assert(body->proof.count <= WITNESS_BODY_PROOF_MAX);
    Text text = text_open(cx, LIMIT_WITNESS_BODY);
    text_printf(&text, "old %" PRIu64 "\n", body->old);
    for (size_t i = 0; i < body->proof.count; i++) {
        text_add(&text, base64_encode(cx, digest_slice(&body->proof.hashes[i])));
        text_byte(&text, '\n');
    }
    text_byte(&text, '\n');
    text_add(&text, body->note);
    return text_done(cx, &text, ret_bytes);
}

// Cuts a line with its LF off.
static bool cut_line(Slice *rest, Slice *ret_line)
{
    size_t end = slice_find(*rest, SLICE("\n"));
    if (end == SLICE_NONE) return false;
    *ret_line = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + 1, rest->size);
    return true;
}

static Err parse_old(Cx *cx, Slice line, uint64_t *ret_old)
{
    Slice number = slice_sub(line, OLD.size, line.size);
    bool padded = number.size > 1 && number.data[0] == '0';
    if (!slice_starts(line, OLD) || padded || !slice_u64(number, ret_old) || *ret_old > INT64_MAX)
        return err_set(cx, ERR_INPUT, "the first line is not 'old' and a size");
    return ERR_OK;
}

Err witness_body_parse(Cx *cx, Slice bytes, WitnessBody *ret_body)
{
    WitnessBody body = {};
    Slice rest = bytes, line, hash;
    if (bytes.size > LIMIT_WITNESS_BODY)
        return err_set(cx, ERR_INPUT, "%zu bytes are too many", bytes.size);
    if (!cut_line(&rest, &line)) return err_set(cx, ERR_INPUT, "there is no first line");
    TRY(parse_old(cx, line, &body.old));
    for (;;) {
        if (!cut_line(&rest, &line))
            return err_set(cx, ERR_INPUT, "no empty line stands before the checkpoint");
        if (line.size == 0) break;
        if (body.proof.count == WITNESS_BODY_PROOF_MAX)
            return err_set(cx, ERR_INPUT, "the proof has more than %d lines",
                           WITNESS_BODY_PROOF_MAX);
        if (base64_decode(cx, line, true, &hash) != ERR_OK || hash.size != DIGEST_SIZE)
            return err_set(cx, ERR_INPUT, "line %zu of the proof is no hash", body.proof.count + 1);
        memcpy(body.proof.hashes[body.proof.count++].bytes, hash.data, DIGEST_SIZE);
    }
    body.note = rest;
    *ret_body = body;
    return ERR_OK;
}
