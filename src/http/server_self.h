// Server, a certificate of its own: for a demonstration, or until there is a real one. Nobody
// vouches for it, so browsers warn; the fingerprint is printed, to be compared.
#pragma once
#include "base/cx.h"

typedef struct ServerSelf {
    const char *cert_file, *key_file; // PEM
    char fingerprint[96];             // SHA-256, "AB:CD:…"
} ServerSelf;

// Files `<stem>.tls.crt` and `<stem>.tls.key` (0600), made when they are not there or the
// certificate runs out within a month: EC P-256, 397 days, for localhost, 127.0.0.1, ::1, the
// machine's name and `address`. The key stands beside the data folder, never in it. ERR_STORE.
Err server_self_open(Cx *cx, const char *stem, const char *address, ServerSelf *ret_self);
