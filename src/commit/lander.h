// Lander: a group that stands written becomes durable and is answered on a thread of its own, while
// the committer writes the next one (decision 0019).
//
//   lander_begin ─▶ group is written ─▶ lander_put ─▶ one sync for all in the air ─▶ answers, in
//   order
//                        │ another, a small one, or an error
//                        ▼
//                   the committer does it himself ─▶ lander_end
//
// What is written is seen by readers a moment before it is durable. Whoever acts on what he sees,
// or says it to others, waits for lander_settle.
#pragma once
#include <pthread.h>

#include "commit/group.h"

// On the lander's thread: makes the list durable, oldest first, answers and frees it.
typedef void LanderLand(void *self, Landing *landings);

typedef struct Lander {
    LanderLand *land;
    void *self;
    pthread_mutex_t lock; // over all below
    pthread_cond_t change;
    pthread_t thread;
    Landing *first, **last; // in the air, not taken up yet
    size_t waiting;
    uint64_t begun, ended; // groups
    bool there, busy, closing;
} Lander;

void lander_init(Lander *lander, LanderLand *land, void *self);
void lander_done(Lander *lander); // lands what is in the air

// The committer's: before a group is written, and when it is durable or undone and was not put.
void lander_begin(Lander *lander);
void lander_end(Lander *lander);
// Takes the landing over, and ends its group later. Waits while two are in the air. False when
// there is no thread for it: then nothing was taken.
bool lander_put(Lander *lander, Landing *landing);
// The committer's: until nothing is in the air, before it answers itself or closes the database.
void lander_idle(Lander *lander);
// Until every group that was begun before this call has ended. Not from a thread that answers.
void lander_settle(Lander *lander);
