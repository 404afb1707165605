// Merge: the best known values of one invoice, from several readings of it.
//
// Each field is taken from the strongest basis that knows it; among equals the first reading keeps
// it. Lines are taken whole. Findings add up. What a weaker reading says otherwise becomes the
// finding "carriers_differ", never a value.
//
// 数电纸质发票 has two identities. A reading that knows the 20 digits alone says of an invoice with
// code and number what its digital_number is; the other way round the invoice is known by its code
// and number from then on, unless what says so is weaker than what named it.
#pragma once
#include "model/verdict.h"

typedef struct Merge {
    Draft draft;
    Basis basis;                    // the strongest among the readings
    char fields[DRAFT_FIELD_COUNT]; // '0' + basis of each field, '-' = not known
    char lines;
} Merge;

#define MERGE_BASIS_SIZE (7 + 1 + DRAFT_FIELD_COUNT + 1 + 1 + 1) // column field_basis, with a NUL
// Of those fields that every invoice's column has; the later ones stand there only where one is
// known, so that an invoice without them is kept as it was before there were any.
#define MERGE_FIELDS_FIRST DRAFT_DIGITAL_NUMBER

void merge_start(Merge *merge, const Draft *draft, Basis basis);
// *ret_lines: the lines are now those of `draft`. ERR_LIMIT.
Err merge_add(Cx *cx, Merge *merge, const Draft *draft, Basis basis, bool *ret_lines);
// Of two invoices that are one: each field from the stronger, among equals from `merge`. ERR_LIMIT.
Err merge_invoices(Cx *cx, Merge *merge, const Merge *other);
// The column field_basis, and back.
void merge_print_basis(const Merge *merge, char ret_text[static MERGE_BASIS_SIZE]);
// ERR_CORRUPT.
Err merge_parse_basis(Cx *cx, Slice text, Merge *merge);
