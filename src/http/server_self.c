#include "http/server_self.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIFE_S         (397L * 86'400) // what browsers take at most
#define RENEW_S        (30L * 86'400)
#define NAME_MAX_BYTES 64 // of a common name (X.520)

static Err fail(Cx *cx, const char *what, const char *file)
{
    return err_set(cx, ERR_STORE, "%s '%s': %s", what, file, strerror(errno));
}

static void name_machine(char *name, size_t size)
{
    if (gethostname(name, size) != 0 || name[0] == '\0') (void)snprintf(name, size, "localhost");
    name[size - 1] = '\0';
}

static bool is_address(const char *name)
{
    uint8_t bytes[16];
    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static bool extend(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool fill(Cx *cx, X509 *cert, EVP_PKEY *key, const char *address)
{
    char machine[NAME_MAX_BYTES];
    uint64_t serial = 0;
    name_machine(machine, sizeof machine);
    X509_NAME *name = X509_get_subject_name(cert);
    const char *extra =
        address == NULL || strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0
            ? ""
            : cx_printf(cx, ",%s:%s", is_address(address) ? "IP" : "DNS", address).data;
    const char *names =
        cx_printf(cx, "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:%s%s", machine, extra).data;
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 &&
           X509_set_version(cert, 2) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(cert), LIFE_S) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)machine, -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(cert, name) == 1 && X509_set_pubkey(cert, key) == 1 &&
           extend(cert, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(cert, NID_ext_key_usage, "serverAuth") &&
           extend(cert, NID_subject_alt_name, names) && X509_sign(cert, key, EVP_sha256()) > 0;
}

// Whole or not at all: another name first.
static Err put(Cx *cx, const char *file, mode_t mode, X509 *cert, EVP_PKEY *key)
{
    const char *new_file = cx_printf(cx, "%s.new", file).data;
    (void)unlink(new_file);
    int fd = open(new_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (out == NULL) {
        if (fd >= 0) (void)close(fd);
        return fail(cx, "cannot write", new_file);
    }
    bool good = key != NULL ? PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1
                            : PEM_write_X509(out, cert) == 1;
    good = fflush(out) == 0 && fsync(fd) == 0 && good;
    good = fclose(out) == 0 && good;
    return good && rename(new_file, file) == 0 ? ERR_OK : fail(cx, "cannot write", file);
}

static Err make(Cx *cx, const ServerSelf *self, const char *address)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    if (key == NULL || cert == NULL) abort();
    Err err = fill(cx, cert, key, address)
                  ? ERR_OK
                  : err_set(cx, ERR_STORE, "cannot make a certificate for '%s'", address);
    if (err == ERR_OK) err = put(cx, self->key_file, 0600, NULL, key);
    if (err == ERR_OK) err = put(cx, self->cert_file, 0644, cert, NULL);
    X509_free(cert);
    EVP_PKEY_free(key);
    return err;
}

// Is there a pair that lasts a while yet? Its fingerprint.
static bool look(Cx *cx, ServerSelf *self)
{
    unsigned char digest[32];
    unsigned int size = 0;
    time_t soon = (time_t)(cx_now_ms(cx) / 1000) + RENEW_S;
    FILE *in = fopen(self->cert_file, "re");
    X509 *cert = in == NULL ? NULL : PEM_read_X509(in, NULL, NULL, NULL);
    if (in != NULL) (void)fclose(in);
    bool good = cert != NULL && access(self->key_file, R_OK) == 0 &&
                X509_cmp_time(X509_get0_notAfter(cert), &soon) > 0 &&
                X509_digest(cert, EVP_sha256(), digest, &size) == 1;
    for (unsigned int i = 0; good && i < size; i++)
        (void)snprintf(self->fingerprint + (size_t)i * 3, 4, "%02X%s", digest[i],
                       i + 1 == size ? "" : ":");
    X509_free(cert);
    return good;
}

Err server_self_open(Cx *cx, const char *stem, const char *address, ServerSelf *ret_self)
{
    *ret_self = (ServerSelf){.cert_file = cx_printf(cx, "%s.tls.crt", stem).data,
                             .key_file = cx_printf(cx, "%s.tls.key", stem).data};
    if (look(cx, ret_self)) return ERR_OK;
    TRY(make(cx, ret_self, address));
    return look(cx, ret_self) ? ERR_OK : fail(cx, "cannot read", ret_self->cert_file);
}
