#include "store/syncer.h"

#include <errno.h>
#include <unistd.h>

void syncer_init(Syncer *syncer)
{
    *syncer = (Syncer){};
    (void)pthread_mutex_init(&syncer->lock, NULL);
    (void)pthread_cond_init(&syncer->change, NULL);
}

static void *syncer_main(void *self)
{
    Syncer *syncer = self;
    (void)pthread_mutex_lock(&syncer->lock);
    while (syncer->state != SYNCER_ENDS) {
        if (syncer->state != SYNCER_ASKED) {
            (void)pthread_cond_wait(&syncer->change, &syncer->lock);
            continue;
        }
        int fd = syncer->fd;
        (void)pthread_mutex_unlock(&syncer->lock);
        int error = fdatasync(fd) == 0 ? 0 : errno;
        (void)pthread_mutex_lock(&syncer->lock);
        syncer->error = error;
        syncer->state = SYNCER_DONE;
        (void)pthread_cond_broadcast(&syncer->change);
    }
    (void)pthread_mutex_unlock(&syncer->lock);
    return NULL;
}

static void turn(Syncer *syncer, SyncerState state)
{
    (void)pthread_mutex_lock(&syncer->lock);
    syncer->state = state;
    (void)pthread_cond_broadcast(&syncer->change);
    (void)pthread_mutex_unlock(&syncer->lock);
}

bool syncer_ask(Syncer *syncer, int fd)
{
    if (!syncer->there && pthread_create(&syncer->thread, NULL, syncer_main, syncer) != 0)
        return false;
    syncer->there = true;
    (void)pthread_mutex_lock(&syncer->lock);
    bool idle = syncer->state == SYNCER_IDLE;
    (void)pthread_mutex_unlock(&syncer->lock);
    if (!idle) return false;
    syncer->fd = fd;
    turn(syncer, SYNCER_ASKED);
    return true;
}

int syncer_wait(Syncer *syncer)
{
    (void)pthread_mutex_lock(&syncer->lock);
    while (syncer->state == SYNCER_ASKED)
        (void)pthread_cond_wait(&syncer->change, &syncer->lock);
    int error = syncer->state == SYNCER_DONE ? syncer->error : 0;
    syncer->state = SYNCER_IDLE;
    (void)pthread_mutex_unlock(&syncer->lock);
    return error;
}

void syncer_done(Syncer *syncer)
{
    (void)syncer_wait(syncer);
    turn(syncer, SYNCER_ENDS);
    if (syncer->there) (void)pthread_join(syncer->thread, NULL);
    (void)pthread_cond_destroy(&syncer->change);
    (void)pthread_mutex_destroy(&syncer->lock);
}
