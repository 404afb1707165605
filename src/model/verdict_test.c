#include "model/verdict.h"

#include "base/test.h"

TEST("verdict: bases have names, strongest first")
{
    for (unsigned i = 0; i < BASIS_COUNT; i++) {
        Basis back = BASIS_COUNT;
        EXPECT(verdict_basis_of(slice_of(verdict_basis_name((Basis)i)), &back));
        EXPECT((unsigned)back == i);
    }
    EXPECT(BASIS_SEAL_VALID < BASIS_SIGNATURE_VALID && BASIS_QR < BASIS_OCR);
    EXPECT(strcmp(verdict_basis_name(BASIS_COUNT), "ocr") == 0); // what is unknown is the weakest
    Basis basis = BASIS_QR;
    EXPECT(!verdict_basis_of(SLICE("hearsay"), &basis) && basis == BASIS_QR);
}

TEST("verdict: what a draft rests on follows from its seal and its sources")
{
    static const struct {
        Source number;
        SealState seal;
        bool electronic;
        Basis basis;
    } cases[] = {
        {SOURCE_XML, SEAL_ABSENT, false, BASIS_UNSIGNED_FILE},
        {SOURCE_ORIGINAL, SEAL_VALID, false, BASIS_SEAL_VALID},
        {SOURCE_TEXT, SEAL_VALID, true, BASIS_SIGNATURE_VALID},
        {SOURCE_TEXT, SEAL_BROKEN, true, BASIS_UNSIGNED_FILE},
        {SOURCE_TAG, SEAL_UNCHECKED, false, BASIS_UNSIGNED_FILE},
        {SOURCE_QR, SEAL_ABSENT, false, BASIS_QR},
        {SOURCE_QR, SEAL_VALID, false, BASIS_QR},
        {SOURCE_OCR, SEAL_ABSENT, false, BASIS_OCR},
        {SOURCE_MANUAL, SEAL_ABSENT, false, BASIS_MANUAL},
        {SOURCE_NONE, SEAL_VALID, false, BASIS_MANUAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {
            .seal = {.state = cases[i].seal, .electronic_signature = cases[i].electronic}};
        draft.origins[DRAFT_NUMBER].source = cases[i].number;
        EXPECT(verdict_basis(&draft) == cases[i].basis);
    }
}

TEST("verdict: without a number it rests on what else tells one invoice from another")
{
    static const Field keys[] = {DRAFT_CODE, DRAFT_ISSUE_DATE, DRAFT_AMOUNT, DRAFT_TOTAL,
                                 DRAFT_CHECK_CODE};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        Draft draft = {.seal = {.state = SEAL_VALID}};
        draft.origins[keys[i]].source = SOURCE_OCR;
        draft.origins[DRAFT_REMARK].source = SOURCE_XML;
        EXPECT(verdict_basis(&draft) == BASIS_OCR);
        draft.origins[DRAFT_NUMBER].source = SOURCE_QR;
        EXPECT(verdict_basis(&draft) == BASIS_QR);
    }
    Draft draft = {.seal = {.state = SEAL_VALID}};
    draft.origins[DRAFT_REMARK].source = SOURCE_XML;
    EXPECT(verdict_basis(&draft) == BASIS_MANUAL);
}
