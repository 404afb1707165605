// Err: how every fallible function reports failure.
//
// The kind is the return value; the explanation is written into the caller's Cx. Kinds are few,
// because each one is one HTTP status and one exit code. A *bad invoice* is not an Err: it is a
// Finding, and findings are data (model/finding.h). What a person is told, in two languages, is a
// Reason (model/reason.h).
#pragma once
#include "base/slice.h"

#define MUST_USE [[nodiscard]]

typedef enum MUST_USE Err {
    ERR_OK = 0,
    ERR_INPUT,    // the caller's bytes are malformed
    ERR_LIMIT,    // well-formed but larger than we accept
    ERR_MISSING,  // no such thing
    ERR_CONFLICT, // it exists already, or changed underneath us
    ERR_DENIED,   // the caller may not
    ERR_STORE,    // database or disk failed; a retry may help. After COMMIT it means "unknown"
    ERR_CORRUPT,  // our own data fails its checks; a retry will not help
} Err;

typedef struct Cx Cx; // one request or job: arena, clock, randomness, error text

// Record why, return the kind. One line, lower case, no full stop, with the offending value in it:
//   return err_set(cx, ERR_INPUT, "amount '%s' has three decimals", text);
// A macro, so that compiler and analyzer see in every file that the kind comes back unchanged:
// what a failed callee left unset is then known not to be read.
#define err_set(cx, kind, ...) (err_set_text(cx, kind, __VA_ARGS__), (Err)(kind))
void err_set_text(Cx *cx, Err kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Put what *we* were doing in front of what went wrong below; keeps the kind.
#define err_wrap(cx, kind, ...) (err_wrap_text(cx, kind, __VA_ARGS__), (Err)(kind))
void err_wrap_text(Cx *cx, Err kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Valid only right after a callee returned an Err.
Slice err_text(const Cx *cx);

// "input", "limit", ...: for logs and machine-readable answers.
const char *err_name(Err kind);

// Return early on failure. The only control-flow macro in the code base.
#define TRY(expression)                                                                            \
    do {                                                                                           \
        Err try_err_ = (expression);                                                               \
        if (try_err_ != ERR_OK) return try_err_;                                                   \
    } while (0)
