// Smtp: one mail to one mail server. Beside fetch the only way out.
//
// smtps:// speaks TLS from the first byte, smtp:// must change to it (STARTTLS) before anything of
// the mail or a password is said; certificates and names are checked. Only a server on this machine
// may be spoken to without, when the caller says so.
#pragma once
#include <stdatomic.h>

#include "base/cx.h"

typedef struct SmtpRequest {
    Slice url;               // smtp_check_url
    Slice user, password;    // "" = the server wants none
    Slice from, to;          // addresses alone, without brackets
    Slice message;           // whole: headers, empty line, body; lines end with CR LF
    const char *ca_file;     // PEM; NULL = the system's
    bool insecure;           // no TLS; taken only where smtp_is_here
    uint64_t timeout_ms;     // 0 = LIMIT_SMTP_MS
    const atomic_bool *stop; // once true, it ends within a second; NULL = never
} SmtpRequest;

// ERR_OK: the server has taken it. ERR_INPUT: it refuses this mail for good (5xx to MAIL, RCPT or
// DATA). ERR_CONFLICT: it refuses it for now (4xx). ERR_DENIED: no TLS, not to be trusted, or it
// does not let us in. ERR_STORE: nobody there, cut off, stopped. The text ends with the server's
// own line.
Err smtp_send(Cx *cx, const SmtpRequest *request);
// "smtp://host[:port][/name]" or smtps, without user or query: what a person may set. `name` is
// what we say we are (EHLO); without it the machine's name. ERR_INPUT with why.
Err smtp_check_url(Cx *cx, Slice url);
// Its host is 127.0.0.1, ::1 or localhost.
bool smtp_is_here(Cx *cx, Slice url);
