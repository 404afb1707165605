// Wire: Reading <-> bytes, for the pipe between the sandboxed reader and its parent.
//
//   "FPR4" media:u8 reason:u8 detail:str drafts:u16 { draft }* entries:u16 { index:u16 size:u32
//            name:str }* skipped:u16 { str }*
//   draft  = one str a field in the order of DRAFT_FIELDS, is_red:u8, origins { source:u8
//            confidence:u16 }*, qr:str, seal, lines:u32 { nine str }*, findings:u16 { rule:str
//            severity:u8 field:str text:str }*, extras:u16 { name:str value:str source:u8 }*
//   seal   = state:u8 flags:u8 signer:str reasons:u8 { str }*
//   str    = size:u32 bytes; all numbers big-endian
//
// Decoding trusts nothing: sizes are checked against what is left and against base/limits.h, text
// must be UTF-8 without control characters but TAB and LF, enumerators in range, entries in
// ascending order and no larger than LIMIT_ZIP_*, nothing may follow.
#pragma once
#include "model/reading.h"

// What a reading begins with; every change of the bytes below it is another one.
#define WIRE_VERSION "FPR4"

Err wire_encode(Cx *cx, const Reading *reading, Slice *ret_bytes);
// ERR_INPUT or ERR_LIMIT. Slices point into `bytes`.
Err wire_decode(Cx *cx, Slice bytes, Reading *ret_reading);
// A Seal alone, said before the document is read ("FPS2" seal).
Err wire_encode_seal(Cx *cx, const Seal *seal, Slice *ret_bytes);
Err wire_decode_seal(Cx *cx, Slice bytes, Seal *ret_seal);
