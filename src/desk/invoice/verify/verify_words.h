// The sentence of a verification's answer, in two languages.
#pragma once
#include "desk/invoice/verify/verify.h"

typedef enum VerifyHint {
    VERIFY_HINT_NONE,
    VERIFY_HINT_WANTS_TOTAL,  // an amount was given where the total is due
    VERIFY_HINT_WANTS_AMOUNT, // the other way round
} VerifyHint;

typedef struct VerifyWords {
    Basis basis;
    VerifyHint hint;
    unsigned unknown; // bit i: the record lacks mismatch[i], so it does not differ
} VerifyWords;

// Fills answer->zh and ->en; everything else in it must stand already.
void verify_words_say(Cx *cx, const VerifyWords *words, VerifyAnswer *answer);
// "价税合计", "total": for a field's name.
const char *verify_words_field_zh(Slice field);
const char *verify_words_field_en(Slice field);
