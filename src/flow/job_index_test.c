#include "flow/job_index.h"

#include "base/test.h"
#include "commit/commit.h"

#define JOBS 5000

typedef struct Thing {
    JobIndexItem item;
    uint8_t document[COMMIT_ID_SIZE];
    bool there;
} Thing;

// How many jobs are looked through for one, at most.
static size_t longest_chain(const JobIndex *index)
{
    size_t longest = 0;
    for (size_t i = 0; i < index->slot_count; i++) {
        size_t length = 0;
        for (const JobIndexItem *item = index->slots[i]; item != NULL; item = item->next_here)
            length++;
        if (length > longest) longest = length;
    }
    return longest;
}

TEST("job index: whatever is put in and taken out, each is found by its id, among few others")
{
    Thing *things = arena_alloc(&cx->arena, JOBS * sizeof *things);
    JobIndex index = {};
    size_t there = 0;
    for (size_t i = 0; i < JOBS; i++) {
        cx_random(cx, things[i].document, COMMIT_ID_SIZE);
        memset(things[i].document, 1, 6); // of one millisecond, as in a rush
        // Some whose last eight bytes are another's: only the rest tells them apart.
        if (i % 10 == 9) {
            memcpy(things[i].document, things[i - 1].document, COMMIT_ID_SIZE);
            things[i].document[7] ^= 1;
        }
        things[i].item = (JobIndexItem){.document = things[i].document};
        things[i].there = false;
    }
    EXPECT(job_index_find(&index, things[0].document) == NULL);
    for (size_t step = 0; step < 4 * JOBS; step++) {
        uint16_t pick = 0;
        cx_random(cx, &pick, sizeof pick);
        Thing *thing = &things[step < JOBS ? step : pick % JOBS];
        if (thing->there)
            job_index_remove(&index, &thing->item);
        else
            job_index_add(&index, &thing->item);
        thing->there = !thing->there;
        there = thing->there ? there + 1 : there - 1;
        EXPECT(index.count == there);
        EXPECT(job_index_find(&index, thing->document) == (thing->there ? &thing->item : NULL));
    }
    for (size_t i = 0; i < JOBS; i++)
        EXPECT(job_index_find(&index, things[i].document) ==
               (things[i].there ? &things[i].item : NULL));
    EXPECT(index.slot_count >= index.count && longest_chain(&index) < 20);
    job_index_close(&index);
    EXPECT(index.slots == NULL && job_index_find(&index, things[0].document) == NULL);
}
