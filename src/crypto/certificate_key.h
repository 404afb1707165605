// Certificate_key: the library's certificate and its public key, each decoded on its own.
//
// OpenSSL 3.0 decodes the key with the certificate, by decoders that it gathers anew each time:
// 1.5 million instructions, a third of what verifying a signature takes. Here the certificate is
// decoded where there are no decoders, and an SM2 key as nearly all write it is made of its point;
// any other goes the library's way. What is a certificate and what a key is the library's to say in
// both, but for the point at infinity, which is none.
// Threads: any. Callers: certificate.c, sm2.c.
#pragma once
#include "base/cx.h"

struct x509_st;     // the library's X509
struct evp_pkey_st; // the library's EVP_PKEY

// NULL when the bytes do not begin with a certificate; *ret_size is how many it has. Free with
// X509_free. It knows no key: ask below.
struct x509_st *certificate_key_without(Slice der, size_t *ret_size);
// NULL when there is none that the library knows. Free with EVP_PKEY_free.
struct evp_pkey_st *certificate_key_of(const struct x509_st *x509);
