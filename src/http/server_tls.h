// Server, TLS: 1.2 and 1.3, with a certificate and a key from files.
#pragma once
#include <event2/bufferevent.h>
#include <openssl/ssl.h>

#include "base/cx.h"

// PEM: the certificate with its chain behind, and its private key. ERR_INPUT with why.
Err server_tls_open(Cx *cx, const char *cert_file, const char *key_file, SSL_CTX **ret_tls);
void server_tls_close(SSL_CTX *tls); // takes NULL
// For a connection that comes in. NULL without memory.
struct bufferevent *server_tls_accept(struct event_base *base, SSL_CTX *tls);
