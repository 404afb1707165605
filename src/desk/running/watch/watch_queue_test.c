#include "desk/running/watch/watch_queue.h"

#include "base/test.h"

typedef struct Told {
    int times;
    bool witnessed;
} Told;

static void tell(void *self, bool witnessed)
{
    Told *told = self;
    told->times++;
    told->witnessed = witnessed;
}

TEST("watch_queue: each is called once: by a checkpoint over its leaf, or at the end")
{
    (void)cx;
    WatchQueue queue;
    Told told[4] = {};
    watch_queue_init(&queue);
    EXPECT(watch_queue_empty(&queue));
    for (size_t i = 0; i < 3; i++)
        watch_queue_add(&queue, i, tell, &told[i]);
    watch_queue_ring(&queue, 0);
    EXPECT(told[0].times == 0 && !watch_queue_empty(&queue));
    watch_queue_ring(&queue, 2); // over leaves 0 and 1
    EXPECT(told[0].times == 1 && told[0].witnessed && told[1].times == 1 && told[2].times == 0);
    watch_queue_ring(&queue, 2);
    EXPECT(told[0].times == 1 && told[1].times == 1);
    watch_queue_end(&queue);
    EXPECT(told[2].times == 1 && !told[2].witnessed && watch_queue_empty(&queue));
    watch_queue_add(&queue, 0, tell, &told[3]);
    EXPECT(told[3].times == 1 && !told[3].witnessed);
    watch_queue_done(&queue);
}
