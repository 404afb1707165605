// Index: what the record says of the numbers that were asked for lately, in memory.
//
//   find(key) ─┬─ fresh copy ─▶ answer
//              └─ none, or old ─▶ SELECT ─▶ answer, and put(key, copy)
//
// A copy is what one SELECT over all organisations found: nothing, or the one invoice of that code
// and number, also where two of them (seller and buyer, as a rule) have it and say the same.
// Numbers with variants and texts that do not fit are never kept. Promise: what find gives is what
// a SELECT would give now (store/changes.h). Bounded by bytes: when it is full a copy makes room
// for another. Keys are 128-bit keyed tags of code and number. Threads: any.
#pragma once
#include "desk/invoice/verify/verify_tag.h"
#include "model/kind.h"
#include "store/store.h"

typedef struct VerifyIndex VerifyIndex;

#define VERIFY_COPY_TEXT 72 // bytes of date, check code and signer together
typedef struct VerifyCopy {
    int64_t amount, total; // fen
    uint64_t sequence;
    bool found, has_amount, has_total, conflict;
    uint8_t basis, state; // state: as the caller numbers them
    char digits[5];       // field_basis, its first part
    uint8_t date_size, check_code_size, signer_size;
    char text[VERIFY_COPY_TEXT]; // one behind the other, in that order
    bool has_digital;
    char digital[KIND_DIGITAL_NUMBER_SIZE]; // of an invoice on paper: its second number
} VerifyCopy;

typedef struct VerifyKey {
    VerifyTag tag;
    ChangesMark mark; // of the number
} VerifyKey;

// `bytes`: the most it may hold; 0 = LIMIT_VERIFY_INDEX_BYTES. NULL when the folder was opened for
// reading: another process may write it then.
VerifyIndex *verify_index_open(Cx *cx, Store *store, size_t bytes);
void verify_index_close(VerifyIndex *index); // takes NULL

// The number's mark is that of no organisation: db_touch(db, "", number).
VerifyKey verify_index_key(Cx *cx, const VerifyIndex *index, Slice code, Slice number);
bool verify_index_find(VerifyIndex *index, const VerifyKey *key, VerifyCopy *ret_copy);
// Before the SELECT; goes into put.
uint64_t verify_index_now(const VerifyIndex *index);
// A row that the copy was made of.
typedef struct VerifyAbout {
    Slice tenant, id;
} VerifyAbout;
#define VERIFY_ABOUT_MAX 2

// `count` of them, at most VERIFY_ABOUT_MAX; 0 when nothing was found.
void verify_index_put(VerifyIndex *index, const VerifyKey *key, uint64_t seen,
                      const VerifyAbout *about, size_t count, const VerifyCopy *copy);
