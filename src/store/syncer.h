// Syncer: a thread that waits for the disk while its owner goes on.
//
//   idle ──syncer_ask──▶ asked ──the thread──▶ done ──syncer_wait──▶ idle
//
// One owner, on one thread at a time. Two semaphores hand over what stands in it: a lock would be
// asked for by both whenever one of them wakes the other.
#pragma once
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

typedef struct Syncer {
    pthread_t thread;
    bool there;        // from the first time that it was asked
    bool busy;         // asked, and nobody has waited for it yet
    bool ends;         // what the thread is asked for is to end
    sem_t asked, done; // the thread's turn, its owner's turn
    int fd, error;     // of fdatasync; 0 = all is durable
} Syncer;

void syncer_init(Syncer *syncer);
void syncer_done(Syncer *syncer); // waits for what it was asked for
// Begins an fdatasync of what was written to `fd`, which stays open until syncer_wait. False when
// nobody has waited for the one before, or when there is no thread: nothing was begun.
bool syncer_ask(Syncer *syncer, int fd);
// Of what was asked for: 0 when it is durable, else an errno. 0 when nothing was.
int syncer_wait(Syncer *syncer);
