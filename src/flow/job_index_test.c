#include "flow/job_index.h"

#include "base/test.h"
#include "commit/commit.h"
#include "commit/uuid7.h"

#define JOBS 5000

typedef struct Thing {
    JobIndexItem item;
    uint8_t document[COMMIT_ID_SIZE];
    bool there;
} Thing;

// Of 5,000 in 8,192 some 46 in a hundred when ids fall anywhere.
static bool are_spread(const JobIndex *index)
{
    size_t used = 0;
    for (size_t i = 0; i < index->slot_count; i++)
        used += index->slots[i] != NULL;
    return used > index->slot_count / 3;
}

TEST("job index: whatever is put in and taken out, each is found by its id, among few others")
{
    Thing *things = arena_alloc(&cx->arena, JOBS * sizeof *things);
    JobIndex index = {};
    size_t there = 0;
    for (size_t i = 0; i < JOBS; i++) {
        uuid7_make(cx, things[i].document); // all of one millisecond, as in a rush
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
        EXPECT(index.count == there && (step + 1 != JOBS || are_spread(&index)));
        EXPECT(job_index_find(&index, thing->document) == (thing->there ? &thing->item : NULL));
    }
    for (size_t i = 0; i < JOBS; i++)
        EXPECT(job_index_find(&index, things[i].document) ==
               (things[i].there ? &things[i].item : NULL));
    EXPECT(index.slot_count >= index.count);
    job_index_close(&index);
    EXPECT(index.slots == NULL && job_index_find(&index, things[0].document) == NULL);
}
