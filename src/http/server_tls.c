#include "http/server_tls.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>

static Err fail(Cx *cx, const char *what, const char *file)
{
    char text[256];
    ERR_error_string_n(ERR_peek_error(), text, sizeof text);
    ERR_clear_error();
    return err_set(cx, ERR_INPUT, "%s '%s': %s", what, file, text);
}

static Err configure(Cx *cx, SSL_CTX *tls, const char *cert_file, const char *key_file)
{
    (void)SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    // Without renegotiation and tickets: connections of nodes last, and nothing outlives them.
    (void)SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                       SSL_OP_CIPHER_SERVER_PREFERENCE);
    (void)SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_set_cipher_list(tls, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
        return fail(cx, "no ciphers", "");
    if (SSL_CTX_use_certificate_chain_file(tls, cert_file) != 1)
        return fail(cx, "the certificate", cert_file);
    if (SSL_CTX_use_PrivateKey_file(tls, key_file, SSL_FILETYPE_PEM) != 1)
        return fail(cx, "the key", key_file);
    if (SSL_CTX_check_private_key(tls) != 1)
        return fail(cx, "the key is not the certificate's", key_file);
    return ERR_OK;
}

Err server_tls_open(Cx *cx, const char *cert_file, const char *key_file, SSL_CTX **ret_tls)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (tls == NULL) abort();
    Err err = configure(cx, tls, cert_file, key_file);
    if (err != ERR_OK) {
        SSL_CTX_free(tls);
        return err;
    }
    *ret_tls = tls;
    return ERR_OK;
}

void server_tls_close(SSL_CTX *tls)
{
    SSL_CTX_free(tls);
}

struct bufferevent *server_tls_accept(struct event_base *base, SSL_CTX *tls)
{
    SSL *ssl = SSL_new(tls);
    if (ssl == NULL) return NULL;
    struct bufferevent *bufev = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (bufev == NULL) {
        SSL_free(ssl);
        return NULL;
    }
    // A client that goes without saying goodbye is no error: each answer has its length.
    bufferevent_openssl_set_allow_dirty_shutdown(bufev, 1);
    return bufev;
}
