#include "read/seal_ses.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "crypto/sm2.h"

static Err read_property(Cx *cx, Slice rest, bool version_1, Ses *ses)
{
    DerItem item, date;
    TRY(der_expect(cx, &rest, DER_INTEGER, &item));
    TRY(der_expect(cx, &rest, DER_UTF8_STRING, &item));
    // A name in some other encoding is seen; it is only shown, so it goes.
    Slice name = slice_trim(item.body);
    ses->name = name.size <= LIMIT_FIELD_BYTES && utf8_is_clean(name) ? name : SLICE("");
    if (!version_1) TRY(der_expect(cx, &rest, DER_INTEGER, &item));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    ses->certificate_list = item.body;
    TRY(der_next(cx, &rest, &date)); // of making; nothing depends on it
    TRY(der_next(cx, &rest, &date));
    TRY(der_time(cx, &date, &ses->from_ms));
    TRY(der_next(cx, &rest, &date));
    TRY(der_time(cx, &date, &ses->until_ms));
    return der_end(cx, rest);
}

static Err read_seal(Cx *cx, Slice rest, bool version_1, Ses *ses)
{
    DerItem info, item;
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &info));
    ses->seal_info = info.whole;
    if (version_1) {
        TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
        TRY(der_end(cx, rest));
        rest = item.body;
    }
    TRY(der_expect(cx, &rest, DER_OCTET_STRING, &item));
    ses->maker_certificate = item.body;
    TRY(der_expect(cx, &rest, DER_OID, &item));
    ses->maker_algorithm = item.whole;
    ses->algorithm_known = ses->algorithm_known && sm2_is_signature_oid(&item);
    TRY(der_expect(cx, &rest, DER_BIT_STRING, &item));
    TRY(der_bits(cx, &item, &ses->maker_signature));
    TRY(der_end(cx, rest));

    rest = info.body;
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item)); // header
    TRY(der_expect(cx, &rest, DER_IA5_STRING, &item));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    return read_property(cx, item.body, version_1, ses);
}

// Version 4 has a time; version 1 a bit string with a text of it, or a time stamp, which we skip.
static Err read_time(Cx *cx, const DerItem *item, bool version_1, Ses *ses)
{
    DerItem time = *item;
    if (version_1 && item->tag == DER_BIT_STRING) {
        Slice bits;
        TRY(der_bits(cx, item, &bits));
        DerItem inner;
        if (der_next(cx, &bits, &inner) == ERR_OK && slice_empty(bits))
            time = inner;
        else
            time = (DerItem){.tag = DER_GENERALIZED_TIME, .body = slice_sub(item->body, 1, 64)};
        ses->has_time = der_time(cx, &time, &ses->time_ms) == ERR_OK;
        return ERR_OK;
    }
    TRY(der_time(cx, &time, &ses->time_ms));
    ses->has_time = true;
    return ERR_OK;
}

static Err read_to_sign(Cx *cx, Slice rest, Ses *ses)
{
    DerItem item;
    uint64_t version = 0;
    TRY(der_expect(cx, &rest, DER_INTEGER, &item));
    TRY(der_number(cx, &item, &version));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    TRY(read_seal(cx, item.body, ses->version_1, ses));
    TRY(der_next(cx, &rest, &item));
    TRY(read_time(cx, &item, ses->version_1, ses));
    TRY(der_expect(cx, &rest, DER_BIT_STRING, &item));
    TRY(der_bits(cx, &item, &ses->data_hash));
    TRY(der_expect(cx, &rest, DER_IA5_STRING,
                   &item)); // where Signature.xml lies; dataHash binds it
    if (ses->version_1) {
        TRY(der_expect(cx, &rest, DER_OCTET_STRING, &item));
        ses->certificate = item.body;
        TRY(der_expect(cx, &rest, DER_OID, &item));
        ses->algorithm_known = ses->algorithm_known && sm2_is_signature_oid(&item);
    } else if (der_peek(rest, DER_CONTEXT_0)) {
        TRY(der_next(cx, &rest, &item));
    }
    return der_end(cx, rest);
}

Err seal_ses_parse(Cx *cx, Slice der, Ses *ret_ses)
{
    DerItem outer, to_sign, item;
    TRY(der_expect(cx, &der, DER_SEQUENCE, &outer));
    TRY(der_end(cx, der));
    Slice rest = outer.body;
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &to_sign));
    Ses ses = {.to_sign = to_sign.whole,
               .version_1 = der_peek(rest, DER_BIT_STRING),
               .algorithm_known = true};
    if (!ses.version_1) {
        TRY(der_expect(cx, &rest, DER_OCTET_STRING, &item));
        ses.certificate = item.body;
        TRY(der_expect(cx, &rest, DER_OID, &item));
        ses.algorithm_known = sm2_is_signature_oid(&item);
    }
    TRY(der_expect(cx, &rest, DER_BIT_STRING, &item));
    TRY(der_bits(cx, &item, &ses.signature));
    if (!ses.version_1 && der_peek(rest, DER_CONTEXT_0)) TRY(der_next(cx, &rest, &item));
    TRY(der_end(cx, rest));
    TRY(read_to_sign(cx, to_sign.body, &ses));
    *ret_ses = ses;
    return ERR_OK;
}

// A digest that a BIT STRING may have shortened by the zero bytes at its end.
static bool digest_is(Slice held, const Digest *real)
{
    Digest full = {};
    if (held.size > DIGEST_SIZE || held.size + 4 < DIGEST_SIZE) return false;
    memcpy(full.bytes, held.data, held.size);
    return digest_equal(&full, real);
}

// The list holds certificates, or digests of them: SEQ { type, OCTET STRING }.
static Err in_list(Cx *cx, const Ses *ses, bool *ret_in_list)
{
    Digest digest = digest_of(DIGEST_SM3, ses->certificate);
    *ret_in_list = false;
    for (Slice rest = ses->certificate_list; rest.size > 0;) {
        DerItem item, part = {};
        TRY(der_next(cx, &rest, &item));
        if (item.tag == DER_OCTET_STRING && slice_equal(item.body, ses->certificate))
            *ret_in_list = true;
        if (item.tag != DER_SEQUENCE) continue;
        while (item.body.size > 0)
            TRY(der_next(cx, &item.body, &part));
        if (part.tag == DER_OCTET_STRING && digest_is(part.body, &digest)) *ret_in_list = true;
    }
    return ERR_OK;
}

// Over esealInfo alone (all real seals), or with certificate and algorithm as one SEQUENCE, as the
// text of the standards can be read. Either binds the seal's name, dates and list.
static Err maker_holds(Cx *cx, const Ses *ses, bool *ret_holds)
{
    *ret_holds = sm2_verify(ses->maker_certificate, ses->seal_info, ses->maker_signature);
    if (*ret_holds) return ERR_OK;
    // esealInfo, certificate and algorithm lie one after the other in both versions' toSign.
    const char *from = ses->seal_info.data;
    size_t size = (size_t)(ses->maker_algorithm.data - from) + ses->maker_algorithm.size;
    if (ses->version_1 || size < 0x100 || size > 0xFFFFFF) return ERR_OK;
    size_t head = size > 0xFFFF ? 5 : 4;
    char *bytes = arena_try_alloc(&cx->arena, size + head);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "a seal of %zu bytes", size);
    bytes[0] = DER_SEQUENCE;
    bytes[1] = (char)(0x80 | (head - 2));
    for (size_t i = 2; i < head; i++)
        bytes[i] = (char)(size >> (8 * (head - 1 - i)));
    memcpy(bytes + head, from, size);
    *ret_holds =
        sm2_verify(ses->maker_certificate, (Slice){bytes, size + head}, ses->maker_signature);
    return ERR_OK;
}

static Err check_seal(Cx *cx, const Ses *ses, SealVerdict *verdict)
{
    bool listed = false, made = false;
    TRY(in_list(cx, ses, &listed));
    if (!listed) seal_verdict_broken(cx, verdict, "签章人证书不在印章的证书列表中");
    TRY(maker_holds(cx, ses, &made));
    if (made) return ERR_OK;
    // What exactly a maker signs in version 1 could not be tried on a real seal.
    if (ses->version_1)
        seal_verdict_unchecked(cx, verdict, "第1版印章的制章人签名无法核对");
    else
        seal_verdict_broken(cx, verdict, "印章本身已被改动：制章人签名不成立");
    return ERR_OK;
}

Err seal_ses_check(Cx *cx, const Ses *ses, Slice signed_bytes, SealVerdict *verdict)
{
    verdict->has_time = ses->has_time;
    verdict->time_ms = ses->time_ms;
    verdict->signer = ses->name;
    Digest digest = digest_of(DIGEST_SM3, signed_bytes);
    if (!digest_is(ses->data_hash, &digest))
        seal_verdict_broken(cx, verdict, "签名描述文件 Signature.xml 与签章不符");
    // What is broken already needs no certificate opened and no signature verified: that is most of
    // the work. The seal's name says who is said to have signed.
    if (verdict->state == SEAL_BROKEN && !slice_empty(ses->name)) return ERR_OK;
    bool holds = false;
    Err err = certificate_parse_signed(cx, ses->certificate, ses->to_sign, ses->signature,
                                       &verdict->certificate, &holds);
    if (err == ERR_INPUT) {
        seal_verdict_broken(cx, verdict, "签章人证书无法解析");
        return ERR_OK;
    }
    TRY(err);
    if (verdict->certificate.key != KEY_SM2) {
        seal_verdict_unchecked(cx, verdict, "签章不是用国密 SM2 算法做的，无法核对");
        return ERR_OK;
    }
    if (!ses->algorithm_known) seal_verdict_broken(cx, verdict, "签章的算法标识与证书不符");
    if (verdict->state == SEAL_BROKEN) return ERR_OK;
    if (!holds) seal_verdict_broken(cx, verdict, "签章的签名值不成立");
    Slice *others = arena_alloc(&cx->arena, sizeof *others);
    others[0] = ses->maker_certificate;
    verdict->others = others;
    verdict->other_count = 1;
    return check_seal(cx, ses, verdict);
}
