// Completeness: what came on a day and what became of it, by source, counted in documents.
//
//   received = accepted + duplicate + conflict + quarantined + rejected + in_progress
//
// received = handed_in + carried + released + rejected: the files of that day, those that were
// still in progress when the day before was closed, and those that were let out of quarantine that
// day. A day that was signed (statement.h) is never counted anew: what happens to its files later
// counts on the day when it happens. A day is one of China's (+08:00).
#pragma once
#include "publish/log.h"

#define COMPLETENESS_SOURCES_MAX 64
#define COMPLETENESS_SOURCE_SIZE 32 // bytes of a source's name

typedef struct CompletenessCount {
    char source[COMPLETENESS_SOURCE_SIZE];
    size_t source_size;
    int64_t handed_in, carried, released;
    int64_t accepted, duplicate, conflict, quarantined, rejected, in_progress;
} CompletenessCount;

typedef struct CompletenessDay {
    char day[11]; // YYYY-MM-DD
    bool is_signed;
    CompletenessCount all;
    CompletenessCount *sources; // by name
    size_t source_count;
    char open_since[11]; // the earliest day of arrival of what is in progress; "" when nothing is
} CompletenessDay;

int64_t completeness_received(const CompletenessCount *count);
// As it stands now, or as it was signed. ERR_INPUT when `day` is no date; ERR_LIMIT for more than
// COMPLETENESS_SOURCES_MAX sources. Take a snapshot (db_begin_read) for an exact answer.
Err completeness_day(Cx *cx, Db *db, Slice tenant, Slice day, CompletenessDay *ret_day);
// Counted anew from documents and events, whether the day is signed or not.
Err completeness_count(Cx *cx, Db *db, Slice tenant, Slice day, CompletenessDay *ret_day);
