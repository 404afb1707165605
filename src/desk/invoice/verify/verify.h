// 查验: does an invoice like this stand in the record, and what does the answer rest on?
//
// The answer rests on the strongest reading of that number, whichever organisation handed it in: it
// says that there is such a record and what it rests on, never whose it is. Weaker evidence never
// changes it. An unsigned upload is "与一份未经验签的上传件一致", never "genuine".
#pragma once
#include "desk/invoice/verify/verify_index.h"
#include "flow/flow.h"
#include "model/kind.h"

typedef struct VerifyQuery {
    Slice kind; // "" = from code and number
    Slice code, number, issue_date;
    Slice amount, total, check_code; // whichever the kind asks for; "" = not given
} VerifyQuery;

typedef enum VerifyResult { VERIFY_MATCH, VERIFY_MISMATCH, VERIFY_NOT_FOUND } VerifyResult;

#define VERIFY_MISMATCH_MAX 8
typedef struct VerifyAnswer {
    VerifyResult result;
    const char *state; // "normal" "voided" "red_partial" "red_full" "red"; "" when not found
    const char *basis; // verdict_basis_name of the weakest among the fields that were compared
    bool conflict;     // another variant of this number exists
    const char *mismatch[VERIFY_MISMATCH_MAX]; // field names
    size_t mismatch_count;
    const char *zh, *en; // the sentence
    Slice signer;        // of the seal, "" when none
    uint64_t sequence;   // the newest event of that invoice
    // What tries are counted by: one name for each invoice, whichever of its two it was asked for
    // by and however that was written. An invoice that has 20 digits is counted by them alone.
    Slice code, number;
} VerifyAnswer;

const char *verify_result_name(VerifyResult result); // "match" "mismatch" "not_found"
// ERR_INPUT when a field that this kind requires is missing or malformed; err_text names it first:
// "total: …". An amount where the total is due (or the other way round) is compared with what is
// due, and the sentence says so. A required value that the record itself lacks is a mismatch, and
// the sentence says that, too.
// `index` may be NULL; it changes how fast the answer comes, never the answer.
Err verify_ask(Cx *cx, Store *store, VerifyIndex *index, const VerifyQuery *query,
               VerifyAnswer *ret_answer);
// Which fields this number and code want, for the form: names in `fields`, e.g. "total".
typedef struct VerifyNeeds {
    Slice kind; // "" while it can't be told
    bool code;
    FourthField fourth;
} VerifyNeeds;
void verify_needs(Slice code, Slice number, VerifyNeeds *ret_needs);
