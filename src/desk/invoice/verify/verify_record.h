// Record: what the record has under one code and number, or under the 20 digits of an invoice on
// paper, in all organisations, from the index or from the database. Whose it is stays in here.
#pragma once
#include "base/money.h"
#include "commit/join.h"
#include "desk/invoice/verify/verify_index.h"
#include "model/verdict.h"

#define VERIFY_RECORDS_MAX 8 // variants looked at; more of one number exist only to harm

typedef struct VerifyRecord {
    Slice date, check_code, signer; // "" when not known
    Slice digital;                  // of an invoice on paper: its second number, "" when not known
    Slice digits;                   // field_basis (store/schema/0002_projections.sql)
    bool has_amount, has_total, conflict;
    Money amount, total;
    Basis basis;
    const char *state; // "normal" "voided" "red_partial" "red_full" "red"
    uint64_t sequence, received_ms;
    // Out of the database alone, for holding records against each other.
    Slice tenant, id;
    int64_t seller, buyer; // party.id
    JoinFields fields;
} VerifyRecord;

// Strongest first, then the one that came first. `index` may be NULL.
//
// Records are one invoice unless a key field contradicts, which is a conflict, within one
// organisation as between two (commit/join.h). One organisation has two that do not where each was
// kept by one of an invoice's two numbers by a program that did not join them. On equal evidence
// one invoice has one state, the furthest that anybody knows of; records that say the same are
// given once.
Err verify_record_find(Cx *cx, Store *store, VerifyIndex *index, Slice code, Slice number,
                       VerifyRecord ret_records[static VERIFY_RECORDS_MAX], size_t *ret_count);
