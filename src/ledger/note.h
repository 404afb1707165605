// Note: C2SP signed notes, their keys, and the lines under them. Pure computation.
//
//   text          "origin LF size LF root LF", ends with LF
//   (empty line)
//   — name base64(key id[4] || signature)        U+2014, one line a signature
//
// Key id: the first four bytes of SHA-256(name || 0x0A || type || public key).
// Verifier key ("vkey"): name+hex8+base64(type || public key).
// Types: 0x01 Ed25519 over the text; 0x04 Ed25519 cosignature: the signature is u64be seconds ||
// sig[64] over "cosignature/v1 LF time <s> LF" || text; 0xff "fapiao-sm2-sm3-v1": DER of (r, s),
// SM2 with SM3 over the text, signer ID 1234567812345678 (GB/T 32918.2-2016, GB/T 35276), public
// key = "fapiao-sm2-sm3-v1" || the 65 bytes of the uncompressed point.
#pragma once
#include "crypto/digest.h"
#include "crypto/signer.h"

#define NOTE_SIGNATURES_MAX 64                  // lines under one note; more are refused
#define NOTE_NAME_MAX       256                 // bytes
#define NOTE_TEXT_MAX       ((size_t)16 * 1024) // bytes; a longer one is refused
#define NOTE_ID_SIZE        4
#define NOTE_SM2_LABEL      "fapiao-sm2-sm3-v1"

typedef enum NoteKeyType {
    NOTE_KEY_ED25519 = 0x01,
    NOTE_KEY_COSIGNATURE = 0x04,
    NOTE_KEY_SM2 = 0xff
} NoteKeyType;

typedef struct NoteKey { // public
    Slice name;
    NoteKeyType type;
    uint8_t id[NOTE_ID_SIZE];
    SignerPublic public_key;
} NoteKey;

// The key of that name: fills in the id. The name is copied into the arena. ERR_INPUT when it is
// empty, too long, no UTF-8 or has a space, a control or '+' in it.
Err note_key(Cx *cx, Slice name, NoteKeyType type, const SignerPublic *public_key,
             NoteKey *ret_key);
Err note_key_vkey(Cx *cx, const NoteKey *key, Slice *ret_vkey);
// Exactly what note_key_vkey prints. ERR_INPUT with why.
Err note_key_parse(Cx *cx, Slice vkey, NoteKey *ret_key);

typedef struct NoteLine {
    Slice name;
    uint8_t id[NOTE_ID_SIZE];
    Slice payload; // signature bytes without the id; decoded, in the arena
    Slice line;    // as it stands, with LF
} NoteLine;

typedef struct Note {
    Slice text; // with its last LF
    NoteLine lines[NOTE_SIGNATURES_MAX];
    size_t line_count;
} Note;

// Strict: printed again it is byte for byte the same; canonical base64 alone; at least one line; no
// two of one name and id; UTF-8 without controls but LF. ERR_INPUT with why.
Err note_parse(Cx *cx, Slice bytes, Note *ret_note);
// text, empty line, lines.
Err note_print(Cx *cx, Slice text, const Slice *lines, size_t count, Slice *ret_note);

// Signs: one line with its LF, in the arena. `seconds` since 1970 for NOTE_KEY_COSIGNATURE alone.
Err note_sign(Cx *cx, const NoteKey *key, const Signer *signer, Slice text, uint64_t seconds,
              Slice *ret_line);

typedef enum NoteVerdict {
    NOTE_ABSENT, // no line of this key
    NOTE_HOLDS,
    NOTE_FAILS // a line of this key that does not hold: the whole note is refused
} NoteVerdict;
// *ret_seconds (may be NULL): when it was cosigned; 0 for other types.
NoteVerdict note_verify(const Note *note, const NoteKey *key, uint64_t *ret_seconds);
// Whether a line's name and id are this key's.
bool note_line_is_of(const NoteLine *line, const NoteKey *key);
