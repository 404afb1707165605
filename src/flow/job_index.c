#include "flow/job_index.h"

#include <stdlib.h>
#include <string.h>

#include "commit/commit.h"

#define SLOTS_FIRST 256

// By an id's last bytes: the first of its random half bears the variant, the same in all.
static JobIndexItem **slot_of(const JobIndex *index, const uint8_t *document)
{
    uint32_t random = 0;
    memcpy(&random, document + COMMIT_ID_SIZE - sizeof random, sizeof random);
    return &index->slots[random & (index->slot_count - 1)];
}

JobIndexItem *job_index_find(const JobIndex *index, const uint8_t *document)
{
    if (index->count == 0) return NULL;
    JobIndexItem *item = *slot_of(index, document);
    while (item != NULL && memcmp(item->document, document, COMMIT_ID_SIZE) != 0)
        item = item->next_here;
    return item;
}

static void put(const JobIndex *index, JobIndexItem *item)
{
    JobIndexItem **slot = slot_of(index, item->document);
    item->next_here = *slot;
    *slot = item;
}

static void grow(JobIndex *index)
{
    const JobIndex old = *index;
    index->slot_count = old.slot_count == 0 ? SLOTS_FIRST : 2 * old.slot_count;
    index->slots = calloc(index->slot_count, sizeof(JobIndexItem *)); // owned: job_index_close
    if (index->slots == NULL) abort();
    for (size_t i = 0; i < old.slot_count; i++)
        for (JobIndexItem *item = old.slots[i], *next; item != NULL; item = next) {
            next = item->next_here;
            put(index, item);
        }
    free((void *)old.slots);
}

void job_index_add(JobIndex *index, JobIndexItem *item)
{
    if (index->count == index->slot_count) grow(index);
    put(index, item);
    index->count++;
}

void job_index_remove(JobIndex *index, JobIndexItem *item)
{
    JobIndexItem **at = slot_of(index, item->document);
    while (*at != item)
        at = &(*at)->next_here;
    *at = item->next_here;
    index->count--;
}

void job_index_close(JobIndex *index)
{
    free((void *)index->slots);
    *index = (JobIndex){};
}
