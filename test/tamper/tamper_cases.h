// Every table and column of the database, and what an audit says when it is changed.
#pragma once
#include "base/slice.h"

// What an audit must say. `place`: SQL over the row that was changed; NULL = its key.
typedef struct TamperExpect {
    const char *kind;
    const char *place;
    const char *unseen; // why nobody can see it; then there is no kind
    bool after;         // of the row as it is after the change
} TamperExpect;
typedef struct TamperColumn {
    const char *name;
    TamperExpect expect;
    const char *value; // SQL of the new value; NULL = by its type
} TamperColumn;

typedef struct TamperCase {
    const char *name;
    TamperExpect first, middle, last; // deleted
    TamperExpect swapped, forged;
    const char *forge; // SET … of the forged copy, behind a new key; NULL = none
    TamperColumn columns[24];
} TamperCase;

// The test fails when there is none.
const TamperCase *tamper_cases_of(Slice table);
const TamperColumn *tamper_cases_column(const TamperCase *table, Slice column);
