#include "store/syncer.h"

#include <errno.h>
#include <unistd.h>

void syncer_init(Syncer *syncer)
{
    *syncer = (Syncer){};
    (void)sem_init(&syncer->asked, 0, 0);
    (void)sem_init(&syncer->done, 0, 0);
}

static void wait_for(sem_t *turn)
{
    while (sem_wait(turn) != 0) // a signal interrupts
        continue;
}

static void *syncer_main(void *self)
{
    Syncer *syncer = self;
    for (wait_for(&syncer->asked); !syncer->ends; wait_for(&syncer->asked)) {
        syncer->error = fdatasync(syncer->fd) == 0 ? 0 : errno;
        (void)sem_post(&syncer->done);
    }
    return NULL;
}

bool syncer_ask(Syncer *syncer, int fd)
{
    if (syncer->busy) return false;
    if (!syncer->there && pthread_create(&syncer->thread, NULL, syncer_main, syncer) != 0)
        return false;
    syncer->there = syncer->busy = true;
    syncer->fd = fd;
    (void)sem_post(&syncer->asked);
    return true;
}

int syncer_wait(Syncer *syncer)
{
    if (!syncer->busy) return 0;
    wait_for(&syncer->done);
    syncer->busy = false;
    return syncer->error;
}

void syncer_done(Syncer *syncer)
{
    (void)syncer_wait(syncer);
    syncer->ends = true;
    (void)sem_post(&syncer->asked);
    if (syncer->there) (void)pthread_join(syncer->thread, NULL);
    (void)sem_destroy(&syncer->asked);
    (void)sem_destroy(&syncer->done);
}
