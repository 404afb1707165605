#include "read/seal_pdf.h"

#include "base/limits.h"
#include "crypto/signature.h"
#include "read/seal_pdf_scan.h"
#include "read/seal_pdf_token.h"

#define SHA1_SIZE 20 // bytes

typedef enum SubFilter {
    SUB_FILTER_CMS,
    SUB_FILTER_CMS_SHA1,
    SUB_FILTER_RSA_SHA1,
    SUB_FILTER_UNKNOWN
} SubFilter;

static SubFilter sub_filter_of(Slice name)
{
    static const struct {
        Slice name;
        SubFilter sub_filter;
    } rows[] = {
        {SLICE("adbe.pkcs7.detached"), SUB_FILTER_CMS},
        {SLICE("ETSI.CAdES.detached"), SUB_FILTER_CMS},
        {SLICE("adbe.pkcs7.sha1"), SUB_FILTER_CMS_SHA1},
        {SLICE("adbe.x509.rsa_sha1"), SUB_FILTER_RSA_SHA1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_equal(name, rows[i].name)) return rows[i].sub_filter;
    return SUB_FILTER_UNKNOWN;
}

static Err verify_as(Cx *cx, const PdfSignature *found, SubFilter sub_filter,
                     Signature *ret_signature)
{
    if (sub_filter == SUB_FILTER_RSA_SHA1)
        return signature_pkcs1(cx, found->certificate, found->contents, found->parts, 2,
                               ret_signature);
    return signature_cms(cx, found->contents, found->parts, 2, sub_filter == SUB_FILTER_CMS_SHA1,
                         ret_signature);
}

// A type whose name we do not know may be a known one with a byte altered: where the contents look
// like one of ours, they must hold. `ret_known` says whether they did look so.
static Err verify_unknown(Cx *cx, const PdfSignature *found, Signature *ret_signature,
                          bool *ret_known)
{
    if (slice_starts(found->contents, SLICE("\x04"))) {
        *ret_known = true;
        return verify_as(cx, found, SUB_FILTER_RSA_SHA1, ret_signature);
    }
    TRY(verify_as(cx, found, SUB_FILTER_CMS, ret_signature));
    *ret_known = ret_signature->is_cms && ret_signature->inside_size == 0;
    if (!ret_signature->is_cms || ret_signature->inside_size != SHA1_SIZE) return ERR_OK;
    *ret_known = true;
    return verify_as(cx, found, SUB_FILTER_CMS_SHA1, ret_signature);
}

static void judge(Cx *cx, SubFilter sub_filter, const Signature *signature, bool encrypted,
                  SealVerdict *verdict)
{
    bool no_certificate = signature->state == SIGNATURE_BROKEN &&
                          sub_filter == SUB_FILTER_RSA_SHA1 &&
                          slice_empty(signature->certificate.der);
    if (no_certificate && encrypted)
        seal_verdict_unchecked(cx, verdict, "文件已加密，读不出签名所指的证书");
    else if (no_certificate)
        seal_verdict_broken(cx, verdict, "签名所指的证书找不到或已损坏");
    else if (signature->state == SIGNATURE_BROKEN)
        seal_verdict_broken(cx, verdict, "文件在签名之后被改动：签名与内容不符");
    else if (signature->state == SIGNATURE_UNKNOWN)
        seal_verdict_unchecked(cx, verdict, "签名所用的算法（如国密 SM2）无法核对");
}

static Err check_one(Cx *cx, const PdfSignature *found, bool encrypted, Slice trust_pem,
                     SealVerdict *verdict)
{
    verdict->electronic = true;
    if (!found->sound) {
        seal_verdict_broken(cx, verdict, "签名范围 ByteRange 不成立");
        return ERR_OK;
    }
    SubFilter sub_filter = sub_filter_of(found->sub_filter);
    Signature signature;
    bool known = true;
    if (sub_filter == SUB_FILTER_UNKNOWN)
        TRY(verify_unknown(cx, found, &signature, &known));
    else
        TRY(verify_as(cx, found, sub_filter, &signature));
    if (sub_filter == SUB_FILTER_UNKNOWN)
        seal_verdict_unchecked(cx, verdict, "签名类型“" SLICE_FMT "”无法核对",
                               SLICE_ARG(seal_verdict_name(found->sub_filter)));
    if (!known) return ERR_OK;
    judge(cx, sub_filter, &signature, encrypted, verdict);
    verdict->certificate = signature.certificate;
    verdict->others = signature.certificates;
    verdict->other_count = signature.certificate_count;
    verdict->has_time = signature.has_time || found->has_time;
    verdict->time_ms = signature.has_time ? signature.time_ms : found->time_ms;
    seal_verdict_finish(cx, verdict, 0, 0, trust_pem);
    if (verdict->state == SEAL_VALID && found->after > 0)
        seal_verdict_unchecked(cx, verdict, "签名部分完好，但其后又追加了 %zu 字节", found->after);
    return ERR_OK;
}

// Whether a signature's type is named somewhere (a form that only asks for one names an array of
// types): then there was a signature, and the key /ByteRange was damaged.
static bool names_type(Slice pdf)
{
    for (Slice rest = pdf; seal_pdf_token_after(rest, SLICE("/SubFilter"), &rest);) {
        Slice value = rest;
        if (seal_pdf_token_byte(&value, '/') &&
            sub_filter_of(seal_pdf_token_word(&value)) != SUB_FILTER_UNKNOWN)
            return true;
    }
    return false;
}

Err seal_pdf_check(Cx *cx, Slice pdf, Slice trust_pem, SealAnswer *ret_answer)
{
    SealVerdict *verdicts = arena_alloc(&cx->arena, LIMIT_SEALS * sizeof *verdicts);
    size_t count = 0, position = 0;
    Slice rest;
    bool encrypted = seal_pdf_token_after(pdf, SLICE("/Encrypt"), &rest);
    for (;;) {
        PdfSignature found;
        bool more = false;
        TRY(seal_pdf_scan_next(cx, pdf, &position, &found, &more));
        if (!more) break;
        if (count == LIMIT_SEALS) {
            seal_verdict_broken(cx, &verdicts[0], "签名过多，无法逐一核对");
            break;
        }
        verdicts[count] = (SealVerdict){.state = SEAL_VALID};
        TRY(check_one(cx, &found, encrypted, trust_pem, &verdicts[count++]));
    }
    if (count == 0 && names_type(pdf)) {
        verdicts[0] = (SealVerdict){.state = SEAL_VALID, .electronic = true};
        seal_verdict_broken(cx, &verdicts[0], "签名字典已损坏：没有签名范围 ByteRange");
        count = 1;
    }
    seal_verdict_join(cx, verdicts, count, ret_answer);
    return ERR_OK;
}
