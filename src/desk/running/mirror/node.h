// Node: the primary's side of its mirrors: which there are, what each is given, what each signed.
//
// A mirror comes by itself, with a token that was shown once when it was added; only its SHA-256 is
// kept (table watcher, kind 'mirror'). Its verifier key is taken from the first cosignature and
// stays.
#pragma once
#include "commit/commit.h"
#include "publish/log.h"

#define NODE_TOKEN_SIZE 64 // characters

// ERR_CONFLICT when there is a watcher of that name; ERR_INPUT for a name that is none.
Err node_add(Cx *cx, Committer *committer, Slice name, Slice *ret_token, AuditNote *note);
// Whose token it is. ERR_DENIED.
Err node_of_token(Cx *cx, Db *db, Slice token, Slice *ret_name);

// What a mirror needs before it can keep anything: lines "fapiao-node-1", "origin …", "vkey …"
// (LOG_KEYS of them), "keys " base64 of DIR/keys (wrapped by the key-encryption key, which is not
// sent).
typedef struct NodeHello {
    Slice origin, keys;
    NoteKey log_keys[LOG_KEYS];
} NodeHello;
Err node_hello_print(Cx *cx, Store *store, Log *log, Slice *ret_text);
// ERR_INPUT.
Err node_hello_parse(Cx *cx, Slice text, NodeHello *ret_hello);

// A mirror's cosignature: its vkey LF, size of the checkpoint LF, the signature line LF. Kept when
// it holds. ERR_INPUT for bytes of another form, ERR_MISSING for a size that was never signed,
// ERR_DENIED for another key than before or a signature that does not hold.
Err node_cosign(Cx *cx, Store *store, Committer *committer, Slice name, Slice body);
// The last try of a mirror went wrong, as it says itself (at most NODE_ERROR_MAX bytes are kept).
#define NODE_ERROR_MAX 300
Err node_failed(Cx *cx, Committer *committer, Slice name, Slice text);
