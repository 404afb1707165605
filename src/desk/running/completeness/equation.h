// Equation: what came on a day and what became of it, by source, counted in documents. Values.
//
//   received = accepted + duplicate + conflict + quarantined + rejected + in_progress
//   received = handed_in + carried + released + rejected - unpacked
//
// A zip counts as one that is in progress until it is unpacked; on the day of that it leaves the
// count (unpacked), and its files count instead, each on the day on which it came out.
#pragma once
#include "commit/commit.h"

#define EQUATION_SOURCES_MAX 64
#define EQUATION_SOURCE_SIZE 32 // bytes of a source's name

typedef struct EquationCount {
    char source[EQUATION_SOURCE_SIZE];
    size_t source_size;
    int64_t handed_in, carried, released, unpacked;
    int64_t accepted, duplicate, conflict, quarantined, rejected, in_progress;
} EquationCount;

typedef struct EquationDay {
    char day[11]; // YYYY-MM-DD
    bool is_signed;
    EquationCount all;
    EquationCount *sources; // by name
    size_t source_count;
    char open_since[11]; // the earliest day of arrival of what is in progress; "" when nothing is
    // What was refused that day, row by row (completeness_refused). Only of what is or was signed,
    // and not of a day that was signed before there was such a line.
    bool has_refused;
    Digest refused;
} EquationDay;

// Both add to the source and to all. `sources` has room for EQUATION_SOURCES_MAX; ERR_LIMIT beyond.
typedef enum EquationWay {
    EQUATION_HANDED_IN,
    EQUATION_CARRIED,
    EQUATION_RELEASED,
    EQUATION_REJECTED
} EquationWay;
Err equation_came(Cx *cx, EquationDay *day, Slice source, EquationWay way, int64_t count);
// A negative `count` takes back. `arrived`: the day on which these came, as YYYY-MM-DD, or "".
Err equation_became(Cx *cx, EquationDay *day, Slice source, DocState state, Slice arrived,
                    int64_t count);

static inline int64_t equation_received(const EquationCount *count)
{
    return count->handed_in + count->carried + count->released + count->rejected - count->unpacked;
}
