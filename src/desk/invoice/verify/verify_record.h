// Record: what the record has under one code and number, from the index or from the database.
#pragma once
#include "base/money.h"
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
} VerifyRecord;

// Strongest first, then the one that came first. `index` may be NULL.
Err verify_record_find(Cx *cx, Store *store, VerifyIndex *index, Slice tenant, Slice code,
                       Slice number, VerifyRecord ret_records[static VERIFY_RECORDS_MAX],
                       size_t *ret_count);
