// Job index: the job of a document, by its id, however many wait: after a rush that ended with a
// kill there may be a million to look through, and each receipt that is repeated looks.
//
// Chains in a table that doubles when it is full. The ids are our own, their last bytes are
// random (UUID version 7), so nobody chooses where they fall. One thread at a time (jobs.h).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct JobIndexItem {
    struct JobIndexItem *next_here;
    const uint8_t *document; // COMMIT_ID_SIZE bytes, borrowed from the job
} JobIndexItem;

// Zero = empty.
typedef struct JobIndex {
    JobIndexItem **slots; // owned
    size_t slot_count, count;
} JobIndex;

// NULL: there is none.
JobIndexItem *job_index_find(const JobIndex *index, const uint8_t *document);
// One that is not there yet; it lies in the job, and is taken out before that is freed.
void job_index_add(JobIndex *index, JobIndexItem *item);
void job_index_remove(JobIndex *index, JobIndexItem *item);
void job_index_close(JobIndex *index);
