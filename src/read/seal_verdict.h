// Seal_verdict: what the checks of one signature found, step by step; and many of them as one
// answer. Callers: read/seal_*.
#pragma once
#include "crypto/certificate.h"
#include "read/seal.h"

typedef struct SealVerdict {
    SealState state; // VALID until a step says otherwise
    bool electronic; // a signature without a seal's picture (数字签名)
    bool trusted;    // set by seal_verdict_finish
    bool has_time;
    uint64_t time_ms; // of signing
    bool partial;     // intact, but it does not cover the whole document
    Slice signer;     // name
    Certificate certificate;
    const Slice *others; // further certificates, for the chain
    size_t other_count;
    Slice reasons[16];
    size_t reason_count;
    uint32_t *entries; // zip indexes whose digest it holds, ascending
    size_t entry_count;
} SealVerdict;

// A step failed. Once broken, always broken; unchecked does not make broken better. Reasons are
// Chinese sentences; what is over the room for them is left out.
void seal_verdict_broken(Cx *cx, SealVerdict *verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void seal_verdict_unchecked(Cx *cx, SealVerdict *verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// A name out of a document, fit to stand in a reason: short, clean text.
Slice seal_verdict_name(Slice name);
// The certificate's and (unless both are 0) the seal's dates at the time of signing, then the
// chain.
void seal_verdict_finish(Cx *cx, SealVerdict *verdict, uint64_t seal_from_ms,
                         uint64_t seal_until_ms, Slice trust_pem);
// One answer of all: broken when one is; else the first that is valid, one with a trusted issuer
// before others, and only its entries count; else unchecked. No verdict is SEAL_ABSENT.
void seal_verdict_join(Cx *cx, const SealVerdict *verdicts, size_t count, SealAnswer *ret_answer);
