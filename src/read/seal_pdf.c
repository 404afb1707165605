#include "read/seal_pdf.h"

#include "base/limits.h"
#include "crypto/signature.h"
#include "read/seal_pdf_scan.h"

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

static Err verify(Cx *cx, const PdfSignature *found, SubFilter sub_filter, Signature *ret_signature)
{
    if (sub_filter != SUB_FILTER_RSA_SHA1)
        return signature_cms(cx, found->contents, found->parts, 2,
                             sub_filter == SUB_FILTER_CMS_SHA1, ret_signature);
    return signature_rsa_sha1(cx, found->certificate, found->contents, found->parts, 2,
                              ret_signature);
}

static void judge(Cx *cx, const Signature *signature, SealVerdict *verdict)
{
    if (signature->state == SIGNATURE_BROKEN)
        seal_verdict_broken(cx, verdict, "文件在签名之后被改动：签名与内容不符");
    else if (signature->state == SIGNATURE_UNKNOWN)
        seal_verdict_unchecked(cx, verdict, "签名所用的算法（如国密 SM2）无法核对");
}

static Err check_one(Cx *cx, const PdfSignature *found, Slice trust_pem, SealVerdict *verdict)
{
    verdict->electronic = true;
    if (!found->sound) {
        seal_verdict_broken(cx, verdict, "签名范围 ByteRange 不成立");
        return ERR_OK;
    }
    SubFilter sub_filter = sub_filter_of(found->sub_filter);
    if (sub_filter == SUB_FILTER_UNKNOWN) {
        seal_verdict_unchecked(cx, verdict, "签名类型“" SLICE_FMT "”无法核对",
                               SLICE_ARG(seal_verdict_name(found->sub_filter)));
        return ERR_OK;
    }
    if (sub_filter == SUB_FILTER_RSA_SHA1 && slice_empty(found->certificate)) {
        seal_verdict_unchecked(cx, verdict, "找不到签名证书，无法核对");
        return ERR_OK;
    }
    Signature signature;
    TRY(verify(cx, found, sub_filter, &signature));
    judge(cx, &signature, verdict);
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

Err seal_pdf_check(Cx *cx, Slice pdf, Slice trust_pem, SealAnswer *ret_answer)
{
    SealVerdict *verdicts = arena_alloc(&cx->arena, LIMIT_SEALS * sizeof *verdicts);
    size_t count = 0, position = 0;
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
        TRY(check_one(cx, &found, trust_pem, &verdicts[count++]));
    }
    seal_verdict_join(cx, verdicts, count, ret_answer);
    return ERR_OK;
}
