// Seal_pdf: the signatures of a PDF (ISO 32000-1 §12.8; ISO 32000-2 §12.8.3.4 for CAdES).
//
//   adbe.pkcs7.detached, ETSI.CAdES.detached   CMS over the signed ranges
//   adbe.pkcs7.sha1                            CMS over the SHA-1 of the ranges
//   adbe.x509.rsa_sha1                         PKCS#1 over the ranges, certificate in /Cert
//   anything else, or SM2 in CMS               SEAL_UNCHECKED
//
// Intact over the whole file is SEAL_VALID; intact while the file goes on is SEAL_UNCHECKED, since
// what was added may change what a reader sees. Callers: read/seal.
#pragma once
#include "read/seal_verdict.h"

// ERR_LIMIT, when memory does not do.
Err seal_pdf_check(Cx *cx, Slice pdf, Slice trust_pem, SealAnswer *ret_answer);
