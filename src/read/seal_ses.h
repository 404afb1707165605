// Seal_ses: the signed value of an electronic seal, DER. Sources: GB/T 38540-2020 (version 4),
// GM/T 0031-2014 (version 1).
//
//   v4 SEQ { toSign, cert OCTET STRING, signatureAlgID OID, signature BIT STRING, [0] timeStamp? }
//      toSign SEQ { version INTEGER, eseal, timeInfo, dataHash BIT STRING, propertyInfo, [0]? }
//      eseal  SEQ { esealInfo, cert OCTET STRING, signAlgID OID, signedValue BIT STRING }
//   v1 SEQ { toSign, signature BIT STRING }
//      toSign SEQ { version, eseal, timeInfo BIT STRING, dataHash, propertyInfo,
//                   cert OCTET STRING, signatureAlgorithm OID }
//      eseal  SEQ { esealInfo, SEQ { cert OCTET STRING, signatureAlgorithm OID, signData } }
//   both esealInfo SEQ { header, esID, property, picture, ext? }
//      property SEQ { type INTEGER, name UTF8String, certListType INTEGER (v4 only),
//                     certList SEQ, createDate, validStart, validEnd }
//
// The signature is SM2 with SM3 over the exact bytes of toSign, the seal's own over esealInfo.
// Callers: read/seal_ofd.
#pragma once
#include "read/seal_verdict.h"

typedef struct Ses {
    bool version_1;
    Slice to_sign, data_hash; // exact DER; the bytes
    Slice certificate, signature;
    bool algorithm_known; // both algorithms are SM2 with SM3
    bool has_time;
    uint64_t time_ms;
    Slice name; // of the seal
    uint64_t from_ms, until_ms;
    Slice seal_info; // exact DER
    Slice maker_certificate, maker_algorithm, maker_signature;
    Slice certificate_list; // what lies inside certList
} Ses;

// ERR_INPUT when the bytes have another form. Slices point into `der`.
Err seal_ses_parse(Cx *cx, Slice der, Ses *ret_ses);
// Every step but the digests of the entries, dates and chain; into the verdict, which gets signer,
// certificate and time. `signed_bytes` is what the seal stands under: Signature.xml.
Err seal_ses_check(Cx *cx, const Ses *ses, Slice signed_bytes, SealVerdict *verdict);
