// Record: what the record has under one code and number, in all organisations, from the index or
// from the database. Whose it is stays in here.
#pragma once
#include "base/money.h"
#include "commit/join.h"
#include "desk/invoice/verify/verify_index.h"
#include "model/verdict.h"

#define VERIFY_RECORDS_MAX 8 // variants looked at; more of one number exist only to harm

typedef struct VerifyRecord {
    Slice date, check_code, signer; // "" when not known
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
// Two records of one organisation are variants: in conflict. Those of two organisations are one
// invoice unless a key field contradicts, which is a conflict as it is within one (commit/join.h).
// On equal evidence one invoice has one state, the furthest that anybody knows of; records that say
// the same are given once.
Err verify_record_find(Cx *cx, Store *store, VerifyIndex *index, Slice code, Slice number,
                       VerifyRecord ret_records[static VERIFY_RECORDS_MAX], size_t *ret_count);
