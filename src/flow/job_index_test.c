#include "flow/job_index.h"

#include "base/test.h"
#include "commit/commit.h"

#define JOBS 5000

typedef struct Thing {
    JobIndexItem item;
    uint8_t document[COMMIT_ID_SIZE];
    bool there;
} Thing;

TEST("job index: whatever is put in and taken out, each is found by its id and no other")
{
    Thing *things = arena_alloc(&cx->arena, JOBS * sizeof *things);
    JobIndex index = {};
    size_t there = 0;
    for (size_t i = 0; i < JOBS; i++) {
        cx_random(cx, things[i].document, COMMIT_ID_SIZE);
        // Some whose last eight bytes are another's: only the rest tells them apart.
        if (i % 10 == 9) memcpy(things[i].document + 8, things[i - 1].document + 8, 8);
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
    // A job is looked through few others.
    EXPECT(index.slot_count >= index.count);
    job_index_close(&index);
}
