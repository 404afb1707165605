#include "model/verdict.h"

static const char *const names[BASIS_COUNT] = {
    [BASIS_ISSUED_HERE] = "issued_here",
    [BASIS_OFFICIAL] = "official",
    [BASIS_SEAL_VALID] = "seal_valid",
    [BASIS_SIGNATURE_VALID] = "signature_valid",
    [BASIS_UNSIGNED_FILE] = "unsigned_file",
    [BASIS_QR] = "qr",
    [BASIS_MANUAL] = "manual",
    [BASIS_OCR] = "ocr",
};

const char *verdict_basis_name(Basis basis)
{
    unsigned index = (unsigned)basis;
    return names[index < BASIS_COUNT ? index : BASIS_OCR];
}

bool verdict_basis_of(Slice name, Basis *ret_basis)
{
    for (unsigned i = 0; i < BASIS_COUNT; i++) {
        if (!slice_equal(name, slice_of(names[i]))) continue;
        *ret_basis = (Basis)i;
        return true;
    }
    return false;
}

// The fields that tell one invoice from another: what an answer is about.
static const Field key_fields[] = {DRAFT_CODE,   DRAFT_NUMBER, DRAFT_ISSUE_DATE,
                                   DRAFT_AMOUNT, DRAFT_TOTAL,  DRAFT_CHECK_CODE};

// What one source is worth without a seal.
static Basis basis_of_source(Source source)
{
    switch (source) {
    case SOURCE_XML:
    case SOURCE_ORIGINAL:
    case SOURCE_XBRL:
    case SOURCE_CUSTOM_DATA:
    case SOURCE_TAG:
    case SOURCE_TEXT:
        return BASIS_UNSIGNED_FILE;
    case SOURCE_QR:
        return BASIS_QR;
    case SOURCE_OCR:
        return BASIS_OCR;
    case SOURCE_NONE:
    case SOURCE_MANUAL:
    case SOURCE_DERIVED:
    case SOURCE_COUNT:
        break;
    }
    return BASIS_MANUAL;
}

// A draft's basis is that of its number: a QR in a picture whose other fields come from OCR is
// still a QR's word for the number. Nothing but a seal or signature lifts it above unsigned_file;
// and those speak only for what stands in the file, never for a reading by OCR.
Basis verdict_basis(const Draft *draft)
{
    Source source = draft->origins[DRAFT_NUMBER].source;
    for (size_t i = 0; source == SOURCE_NONE && i < sizeof key_fields / sizeof key_fields[0]; i++)
        source = draft->origins[key_fields[i]].source;
    Basis basis = basis_of_source(source);
    if (basis != BASIS_UNSIGNED_FILE || draft->seal.state != SEAL_VALID) return basis;
    return draft->seal.electronic_signature ? BASIS_SIGNATURE_VALID : BASIS_SEAL_VALID;
}
