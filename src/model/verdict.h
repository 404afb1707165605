// Verdict: a draft after validation. What may be committed, and on what evidence it stands.
#pragma once
#include "model/reading.h"

// What an answer rests on, strongest first. Names are part of the API.
typedef enum Basis {
    BASIS_ISSUED_HERE,
    BASIS_OFFICIAL,
    BASIS_SEAL_VALID,
    BASIS_SIGNATURE_VALID,
    BASIS_UNSIGNED_FILE,
    BASIS_QR,
    BASIS_MANUAL, // confirmed or typed by a person
    BASIS_OCR,
    BASIS_COUNT
} Basis;
const char *verdict_basis_name(Basis basis); // "issued_here" "official" "seal_valid" …
bool verdict_basis_of(Slice name, Basis *ret_basis);
// From seal and sources: a valid OFD seal, a valid PDF signature, a file with text, a QR alone, OCR
// alone.
Basis verdict_basis(const Draft *draft);
